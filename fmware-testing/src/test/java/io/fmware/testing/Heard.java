package io.fmware.testing;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Notes callbacks as texts such as {@code "+one "}, {@code "complete"} and {@code "error: slow down"}. */
class Heard implements StreamingChatResponseHandler {

    final List<String> events = new CopyOnWriteArrayList<>();
    final CountDownLatch end = new CountDownLatch(1);
    volatile StreamingHandle handle;
    volatile ChatResponse response;
    volatile Throwable error;
    volatile Thread thread;

    @Override
    public void onPartialResponse(String partial) {
        thread = Thread.currentThread();
        events.add("+" + partial);
    }

    @Override
    public void onPartialResponse(PartialResponse partial, PartialResponseContext context) {
        handle = context.streamingHandle();
        onPartialResponse(partial.text());
    }

    @Override
    public void onPartialThinking(PartialThinking partial) {
        events.add("~" + partial.text());
    }

    @Override
    public void onPartialToolCall(PartialToolCall partial) {
        events.add(partial.name() + "+" + partial.partialArguments());
    }

    @Override
    public void onCompleteToolCall(CompleteToolCall call) {
        events.add(call.toolExecutionRequest().name() + "!"
                + call.toolExecutionRequest().arguments());
    }

    @Override
    public void onUnmappedRawEvent(Object event) {
        events.add("raw " + event);
    }

    @Override
    public void onCompleteResponse(ChatResponse complete) {
        response = complete;
        events.add("complete");
        end.countDown();
    }

    @Override
    public void onError(Throwable thrown) {
        error = thrown;
        events.add("error: " + thrown.getMessage());
        end.countDown();
    }

    Heard awaitEnd() throws InterruptedException {
        if (!end.await(10, TimeUnit.SECONDS)) {
            throw new AssertionError("no end, heard " + events);
        }
        return this;
    }
}
