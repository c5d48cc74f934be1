package io.fmware;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import io.fmware.testing.Reply;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A streaming model whose streams do nothing but what the test does with them. It overrides the legacy method alone. */
final class Puppet implements StreamingChatModel {
    private final BlockingQueue<Strings> streams = new LinkedBlockingQueue<>();

    @Override
    public void chat(ChatRequest request, StreamingChatResponseHandler handler) {
        streams.add(new Strings(handler));
    }

    /** The stream that was opened next. */
    Strings awaitStream() {
        try {
            Strings opened = streams.poll(Rig.BOUND_SECONDS, TimeUnit.SECONDS);
            if (opened == null) {
                throw new AssertionError("the model was not asked within " + Rig.BOUND_SECONDS + " s");
            }
            return opened;
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting for the model to be asked", e);
        }
    }

    /** What the test pulls: the callbacks of one stream, on whatever thread. */
    static final class Strings implements StreamingHandle {
        private final StreamingChatResponseHandler handler;
        private final AtomicInteger cancels = new AtomicInteger();

        private Strings(StreamingChatResponseHandler handler) {
            this.handler = handler;
        }

        void partial(String text) {
            handler.onPartialResponse(new PartialResponse(text), new PartialResponseContext(this));
        }

        void complete(String text) {
            handler.onCompleteResponse(Reply.text(text).response());
        }

        void fail(Throwable error) {
            handler.onError(error);
        }

        @Override
        public void cancel() {
            cancels.incrementAndGet();
        }

        @Override
        public boolean isCancelled() {
            return cancels.get() > 0;
        }
    }
}
