package io.fmware;

import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns a streaming model into a blocking exchange. Pieces of output go to the sink on the thread on which the model delivers
 * them, one at a time; whatever comes after the end of the exchange (a second terminal event, the tokens of an abandoned
 * attempt) is dropped, and a handle that only appears then is cancelled.
 */
final class StreamExchange extends Exchange implements StreamingChatResponseHandler {
    private static final Logger log = LoggerFactory.getLogger(StreamExchange.class);

    private final StreamingChatModel model;
    private final ChatRequest request;
    private final TokenSink sink;
    private final ReentrantLock emission = new ReentrantLock();
    private volatile boolean closed;
    private volatile @Nullable StreamingHandle handle;
    private @Nullable ChatResponse response;

    StreamExchange(FmCall call, StreamingChatModel model) {
        super(call);
        this.model = model;
        this.request = Requests.detached(call.request());
        this.sink = call.sink();
    }

    @Override
    void ask(FmCall call) {
        try {
            Activations pinned = Activations.pinnedBy(call);
            // Models that override only the form without options must be called by that.
            if (pinned != null && model instanceof SteerableStreamingChatModel steerable) {
                steerable.steered(request, call.options(), pinned, this);
            } else if (call.options().listenerAttributes().isEmpty()) {
                model.chat(request, this);
            } else {
                model.chat(request, call.options(), this);
            }
        } catch (Throwable t) {
            onError(t); // a stream that has ended already stays as it ended
        }
    }

    @Override
    FmReply reply() {
        if (response == null) {
            throw new ModelContractException(call().target()
                    + " completed its stream with null instead of a response; its adapter has a defect");
        }
        return FmReply.fromModel(response);
    }

    @Override
    public void onPartialResponse(String partial) {
        if (partial != null && !partial.isEmpty()) {
            emit(new StreamEvent.Text(partial), null);
        }
    }

    @Override
    public void onPartialResponse(PartialResponse partial, PartialResponseContext context) {
        if (isThere(partial, "partial response")) {
            emit(new StreamEvent.Text(partial), context == null ? null : context.streamingHandle());
        }
    }

    @Override
    public void onPartialThinking(PartialThinking partial) {
        if (isThere(partial, "partial thinking")) {
            emit(new StreamEvent.Thinking(partial), null);
        }
    }

    @Override
    public void onPartialThinking(PartialThinking partial, PartialThinkingContext context) {
        if (isThere(partial, "partial thinking")) {
            emit(new StreamEvent.Thinking(partial), context == null ? null : context.streamingHandle());
        }
    }

    @Override
    public void onPartialToolCall(PartialToolCall partial) {
        if (isThere(partial, "partial tool call")) {
            emit(new StreamEvent.ToolCallPart(partial), null);
        }
    }

    @Override
    public void onPartialToolCall(PartialToolCall partial, PartialToolCallContext context) {
        if (isThere(partial, "partial tool call")) {
            emit(new StreamEvent.ToolCallPart(partial), context == null ? null : context.streamingHandle());
        }
    }

    @Override
    public void onCompleteToolCall(CompleteToolCall call) {
        if (isThere(call, "tool call")) {
            emit(new StreamEvent.ToolCall(call), null);
        }
    }

    @Override
    public void onUnmappedRawEvent(Object event) {
        if (isThere(event, "raw event")) {
            emit(new StreamEvent.Raw(event), null);
        }
    }

    /** Ends the stream of a model that gives {@code null} for a piece of output. */
    private boolean isThere(@Nullable Object piece, String what) {
        if (piece == null) {
            onError(new ModelContractException(
                    call().target() + " streamed null for a " + what + "; its adapter has a defect"));
            abandon();
        }
        return piece != null;
    }

    private void emit(StreamEvent event, @Nullable StreamingHandle offered) {
        if (offered != null) {
            handle = offered;
        }
        Throwable thrown = null;
        emission.lock();
        try {
            if (closed || call().cancellation().isCancelled()) {
                if (offered != null) {
                    cancel(offered);
                }
                return;
            }
            CarriedContext context = context();
            if (context.isRestoredForEachEvent() && !isWorker(Thread.currentThread())) {
                context.runForEvent(() -> sink.emit(event));
            } else {
                sink.emit(event);
            }
        } catch (Throwable t) {
            thrown = t;
            closed = true;
        } finally {
            emission.unlock();
        }
        if (thrown != null) {
            // The handler of the user threw, or the sink of an interceptor: the model has no part in it and is stopped.
            fail(thrown);
            abandon();
        }
    }

    @Override
    public void onCompleteResponse(ChatResponse complete) {
        if (close()) {
            response = complete;
            finish();
        }
    }

    @Override
    public void onError(Throwable error) {
        if (close()) {
            fail(
                    error != null
                            ? error
                            : new ModelContractException(
                                    call().target() + " ended its stream with a null error; its adapter has a defect"));
        }
    }

    private boolean close() {
        emission.lock();
        try {
            if (closed) {
                return false;
            }
            closed = true;
            return true;
        } finally {
            emission.unlock();
        }
    }

    @Override
    void abandon() {
        close();
        super.abandon(); // first, since the handle is foreign code
        StreamingHandle known = handle;
        if (known != null) {
            cancel(known);
        }
    }

    private static void cancel(StreamingHandle known) {
        try {
            known.cancel();
        } catch (UnsupportedFeatureException e) {
            log.debug("the model cannot cancel its stream; what it still sends is dropped", e);
        } catch (RuntimeException | Error e) { // of the model's client: the chain has its own end to come to
            log.warn("cancelling the stream of a model failed; what it still sends is dropped", e);
        }
    }
}
