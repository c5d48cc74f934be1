package io.fmware.testing.conformance;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A model whose stream gives one partial response and then nothing, and that knows whether it was cancelled. */
final class CancelProbe implements StreamingChatModel, StreamingHandle {

    private final CountDownLatch cancelled = new CountDownLatch(1);

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        handler.onPartialResponse(new PartialResponse("a"), new PartialResponseContext(this));
    }

    @Override
    public void cancel() {
        cancelled.countDown();
    }

    @Override
    public boolean isCancelled() {
        return cancelled.getCount() == 0;
    }

    boolean isCancelled(Duration within) {
        try {
            return cancelled.await(within.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
