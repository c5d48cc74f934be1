package io.fmware.provider.http;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Writes down what a handler of a streaming model is told. */
final class RecordingHandler implements StreamingChatResponseHandler {

    final List<String> calls = new CopyOnWriteArrayList<>();
    final List<Throwable> errors = new CopyOnWriteArrayList<>();
    final List<Thread> threads = new CopyOnWriteArrayList<>();
    final CountDownLatch firstToken = new CountDownLatch(1);
    volatile ChatResponse response;
    volatile StreamingHandle handle;

    @Override
    public void onPartialResponse(PartialResponse partial, PartialResponseContext context) {
        handle = context.streamingHandle();
        record(partial.text());
        firstToken.countDown();
    }

    @Override
    public void onPartialToolCall(PartialToolCall call, PartialToolCallContext context) {
        record("tool part " + call.partialArguments());
    }

    @Override
    public void onCompleteToolCall(CompleteToolCall call) {
        record("tool " + call.toolExecutionRequest().name() + " "
                + call.toolExecutionRequest().arguments());
    }

    @Override
    public void onCompleteResponse(ChatResponse completeResponse) {
        response = completeResponse;
        record("complete");
    }

    @Override
    public void onError(Throwable error) {
        errors.add(error);
        record("error");
    }

    private void record(String call) {
        threads.add(Thread.currentThread());
        calls.add(call);
    }
}
