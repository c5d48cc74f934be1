package io.fmware;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The user's end of a stream: runs the chain on a thread of the pipeline, gives the handler its pieces in order and then
 * exactly one terminal event. Its lock makes sure that nothing is given after that, whatever the interceptors do.
 */
final class StreamRoot implements TokenSink, StreamingHandle {
    private static final Logger log = LoggerFactory.getLogger(FmStreamingChatModel.class);

    private final Engine engine;
    private final Chain chain;
    private final StreamingChatResponseHandler handler;
    private final Cancellation cancellation = new Cancellation();
    private final CallScope scope;
    private final ReentrantLock delivery = new ReentrantLock();
    private final PartialResponseContext textContext = new PartialResponseContext(this);
    private final PartialThinkingContext thinkingContext = new PartialThinkingContext(this);
    private final PartialToolCallContext toolContext = new PartialToolCallContext(this);
    private final AtomicBoolean claimed = new AtomicBoolean();
    private long begun;
    private @Nullable Duration timeToFirstOutput;
    private volatile boolean released;
    private boolean terminated;
    private @Nullable Throwable thrownByHandler;

    StreamRoot(Entrance entrance, StreamingChatResponseHandler handler) {
        this.engine = entrance.engine();
        this.chain = entrance.chain();
        this.handler = handler;
        this.scope = new CallScope(engine, Mode.STREAMING, cancellation, null);
    }

    CallScope scope() {
        return scope;
    }

    void start(FmCall call) {
        begun = engine.begin();
        CarriedContext context = engine.captureContext();
        engine.track(cancellation);
        // An executor may keep the task waiting: a stream that is cancelled meanwhile ends at once.
        cancellation.onCancel(() -> {
            if (claim()) {
                context.run(() -> end(null, cancellation.exception()));
            }
        });
        try {
            engine.execute(() -> {
                if (claim()) {
                    context.run(() -> run(call));
                }
            });
        } catch (RuntimeException | Error e) { // of the executor: what the task meets it deals with
            if (!claim()) {
                throw e; // the stream goes on or has ended, and has its end from there
            }
            end(null, e);
        }
    }

    /** Whether the caller of this is the one to end the stream. */
    private boolean claim() {
        return claimed.compareAndSet(false, true);
    }

    private void run(FmCall call) {
        FmReply reply = null;
        Throwable error = null;
        try {
            reply = chain.proceed(call).to(Operation.CHAT);
        } catch (Throwable t) {
            error = t instanceof Exchange.CheckedModelException checked ? checked.unwrapped() : t;
        } finally {
            scope.end();
        }
        if (cancellation.isCancelled() && !(error instanceof CancelledException)) {
            error = cancellation.exception(); // an interceptor has swallowed the cancellation
        }
        end(reply, error);
    }

    private void end(@Nullable FmReply reply, @Nullable Throwable error) {
        Throwable outcome = error;
        try {
            if (outcome == null && reply != null) {
                outcome = complete(reply);
            }
            if (outcome != null) {
                fail(outcome);
            }
        } finally {
            engine.untrack(cancellation);
            engine.callEnded(
                    Operation.CHAT, Mode.STREAMING, begun, timeToFirstOutput, scope.attempts(), reply, outcome);
            engine.end();
        }
    }

    @Override
    public void emit(StreamEvent event) {
        delivery.lock();
        try {
            if (terminated || cancellation.isCancelled()) {
                return;
            }
            if (!released && !(event instanceof StreamEvent.Raw)) {
                released = true;
                timeToFirstOutput = Duration.ofNanos(engine.time().nanoTime() - begun);
            }
            try {
                deliver(event);
            } catch (Throwable t) {
                thrownByHandler = t;
                cancellation.cancel(
                        "the handler of the stream threw " + t.getClass().getName(), t);
                throw cancellation.exception();
            }
        } finally {
            delivery.unlock();
        }
    }

    private void deliver(StreamEvent event) {
        if (event instanceof StreamEvent.Text text) {
            handler.onPartialResponse(text.partial(), textContext);
        } else if (event instanceof StreamEvent.Thinking thinking) {
            handler.onPartialThinking(thinking.partial(), thinkingContext);
        } else if (event instanceof StreamEvent.ToolCallPart part) {
            handler.onPartialToolCall(part.partial(), toolContext);
        } else if (event instanceof StreamEvent.ToolCall call) {
            handler.onCompleteToolCall(call.call());
        } else if (event instanceof StreamEvent.Raw raw) {
            handler.onUnmappedRawEvent(raw.event());
        }
    }

    /** Gives the handler the answer; returns why that was not possible, if it was not. */
    private @Nullable Throwable complete(FmReply reply) {
        try {
            if (!released) {
                emitWhole(reply.response().aiMessage());
            }
        } catch (Throwable t) { // a handler that threw, or an answer with holes
            return t;
        }
        if (!terminate()) {
            return cancellation.exception();
        }
        try {
            handler.onCompleteResponse(reply.response());
        } catch (Throwable t) {
            log.warn("a handler threw in onCompleteResponse, its stream's terminal event; the answer was given", t);
        }
        return null;
    }

    /** Streams an answer that came in one piece: from a cache, a buffer, a model that does not stream. */
    private void emitWhole(AiMessage message) {
        if (message.thinking() != null && !message.thinking().isEmpty()) {
            emit(new StreamEvent.Thinking(new PartialThinking(message.thinking())));
        }
        if (message.text() != null && !message.text().isEmpty()) {
            emit(new StreamEvent.Text(message.text()));
        }
        List<ToolExecutionRequest> calls = message.toolExecutionRequests();
        for (int i = 0; i < calls.size(); i++) {
            emit(new StreamEvent.ToolCall(new CompleteToolCall(i, calls.get(i))));
        }
    }

    private void fail(Throwable error) {
        delivery.lock();
        try {
            terminated = true;
        } finally {
            delivery.unlock();
        }
        Throwable told = thrownByHandler != null ? thrownByHandler : error;
        try {
            handler.onError(told);
        } catch (Throwable t) {
            log.warn("a handler threw in onError, its stream's terminal event; the error it was told was {}", told, t);
        }
    }

    /** Ends the output; returns false where the stream was cancelled before. */
    private boolean terminate() {
        delivery.lock();
        try {
            if (cancellation.isCancelled()) {
                return false;
            }
            terminated = true;
            return true;
        } finally {
            delivery.unlock();
        }
    }

    @Override
    public boolean restart() {
        return !released;
    }

    @Override
    public void cancel() {
        cancellation.cancel("the stream was cancelled", null);
    }

    @Override
    public boolean isCancelled() {
        return cancellation.isCancelled();
    }
}
