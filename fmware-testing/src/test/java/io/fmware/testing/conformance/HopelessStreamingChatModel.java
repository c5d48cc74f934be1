package io.fmware.testing.conformance;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.concurrent.atomic.AtomicBoolean;

/** Breaks what the naive decorator keeps: skips the merge, swallows and wraps errors, serves one stream at a time. */
final class HopelessStreamingChatModel implements StreamingChatModel {

    private final StreamingChatModel delegate;
    private final AtomicBoolean busy = new AtomicBoolean();

    HopelessStreamingChatModel(StreamingChatModel delegate) {
        this.delegate = delegate;
    }

    @Override
    public void chat(ChatRequest request, StreamingChatResponseHandler handler) {
        if (!busy.compareAndSet(false, true)) {
            return;
        }
        try {
            delegate.doChat(ChatRequest.builder().messages(request.messages()).build(), new LastWordHandler(handler));
        } catch (RuntimeException e) {
            busy.set(false);
        }
    }

    /** Gives the text after the end, and only what came with a context. */
    private static final class LastWordHandler implements StreamingChatResponseHandler {

        private final StreamingChatResponseHandler handler;
        private final StringBuilder text = new StringBuilder();

        LastWordHandler(StreamingChatResponseHandler handler) {
            this.handler = handler;
        }

        @Override
        public void onPartialResponse(PartialResponse partial, PartialResponseContext context) {
            text.append(partial.text());
        }

        @Override
        public void onCompleteResponse(ChatResponse complete) {
            handler.onCompleteResponse(complete);
            handler.onPartialResponse(text.toString());
        }

        @Override
        public void onError(Throwable error) {
            handler.onError(new IllegalStateException("the model failed", error));
        }
    }
}
