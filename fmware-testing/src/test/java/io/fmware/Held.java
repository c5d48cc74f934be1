package io.fmware;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import io.fmware.testing.Reply;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A model that holds each call until the test says how it ends, whether it streams or not. */
final class Held implements ChatModel, StreamingChatModel {
    private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();

    /** One call that the model was asked. */
    static final class Asked implements StreamingHandle {
        private final CompletableFuture<ChatResponse> answer = new CompletableFuture<>();
        private final StreamingChatResponseHandler handler;
        private volatile boolean givenUp;

        private Asked(StreamingChatResponseHandler handler) {
            this.handler = handler;
        }

        void emit(String text) {
            if (handler != null) {
                handler.onPartialResponse(new PartialResponse(text), new PartialResponseContext(this));
            }
        }

        void emitRaw(Object event) {
            handler.onUnmappedRawEvent(event);
        }

        void answer(String text) {
            if (handler == null) {
                answer.complete(Reply.text(text).response());
            } else {
                emit(text);
                handler.onCompleteResponse(Reply.text(text).response());
            }
        }

        void answer(Reply reply) {
            if (handler == null) {
                answer.complete(reply.response());
            } else {
                handler.onCompleteResponse(reply.response());
            }
        }

        void fail(RuntimeException error) {
            if (handler == null) {
                answer.completeExceptionally(error);
            } else {
                handler.onError(error);
            }
        }

        /** Whether the thread that asked was interrupted, or the stream cancelled. */
        boolean isGivenUp() {
            return givenUp;
        }

        @Override
        public void cancel() {
            givenUp = true;
        }

        @Override
        public boolean isCancelled() {
            return givenUp;
        }
    }

    /** The next call that the model is asked. */
    Asked awaitAsked() {
        try {
            Asked next = asked.poll(Rig.BOUND_SECONDS, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("the model was not asked within " + Rig.BOUND_SECONDS + " s");
            }
            return next;
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting for the model to be asked", e);
        }
    }

    /** Whether a call waits that nobody has looked at. */
    boolean isAskedAgain() {
        return !asked.isEmpty();
    }

    @Override
    public ChatResponse chat(ChatRequest request) {
        Asked each = new Asked(null);
        asked.add(each);
        try {
            return each.answer.get();
        } catch (InterruptedException e) {
            each.givenUp = true;
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw (RuntimeException) e.getCause();
        }
    }

    @Override
    public void chat(ChatRequest request, StreamingChatResponseHandler handler) {
        asked.add(new Asked(handler));
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return DefaultChatRequestParameters.EMPTY;
    }

    @Override
    public List<ChatModelListener> listeners() {
        return List.of();
    }

    @Override
    public ModelProvider provider() {
        return ModelProvider.OTHER;
    }

    @Override
    public Set<Capability> supportedCapabilities() {
        return Set.of();
    }
}
