package io.fmware;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A call whose caller holds a future. */
final class AsyncCall<R> extends CompletableFuture<R> {
    private final Engine engine;
    private final Chain chain;
    private final Cancellation cancellation = new Cancellation();
    private final AtomicBoolean claimed = new AtomicBoolean();

    private volatile boolean ended;

    private AsyncCall(Entrance entrance) {
        this.engine = entrance.engine();
        this.chain = entrance.chain();
    }

    /**
     * @param call makes the call in a scope
     * @param result reads the result from the reply
     */
    static <R> CompletableFuture<R> start(
            Entrance entrance, Function<CallScope, FmCall> call, Function<FmReply, R> result) {
        AsyncCall<R> future = new AsyncCall<>(entrance);
        future.start(call, result);
        return future;
    }

    private void start(Function<CallScope, FmCall> call, Function<FmReply, R> result) {
        FmCall made = call.apply(new CallScope(engine, Mode.ASYNC, cancellation, null));
        long begun = engine.begin();
        CarriedContext context = engine.captureContext();
        engine.track(cancellation);
        CompletableFuture<R> unused = whenComplete((answer, error) -> cancelUnlessEnded(error));
        // An executor may keep the task waiting: a call that is cancelled meanwhile ends at once.
        cancellation.onCancel(() -> fail(made, begun, cancellation.exception()));
        try {
            engine.execute(() -> {
                if (claimed.compareAndSet(false, true)) {
                    run(context, made, begun, result);
                }
            });
        } catch (RuntimeException | Error e) { // of the executor: what the task meets it deals with
            fail(made, begun, e);
        }
    }

    /** Ends a call whose chain has not begun. */
    private void fail(FmCall made, long begun, Throwable error) {
        if (claimed.compareAndSet(false, true)) {
            engine.untrack(cancellation);
            engine.callEnded(made.operation(), Mode.ASYNC, begun, null, 0, null, error);
            engine.end();
            ended = true;
            completeExceptionally(error);
        }
    }

    private void run(CarriedContext context, FmCall call, long begun, Function<FmReply, R> result) {
        try {
            context.run(() -> {
                R answer = result.apply(engine.run(chain, call, begun));
                ended = true;
                complete(answer);
            });
        } catch (Throwable t) {
            ended = true;
            completeExceptionally(t);
        } finally {
            engine.untrack(cancellation);
            engine.end();
        }
    }

    /** Nobody waits any more for a call whose future its holder completes: by cancel, orTimeout or complete. */
    private void cancelUnlessEnded(@Nullable Throwable error) {
        if (!ended) {
            String how = error instanceof CancellationException ? "cancelled" : "completed by its holder";
            cancellation.cancel("the future was " + how, null);
        }
    }

    /** Futures derived from this one are plain: cancelling a later stage does not cancel the call. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }
}
