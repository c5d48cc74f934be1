package io.fmware;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** A call whose caller holds a future. */
final class AsyncCall<R> extends CompletableFuture<R> {
    private final Engine engine;
    private final Cancellation cancellation = new Cancellation();
    private final AtomicBoolean claimed = new AtomicBoolean();

    private AsyncCall(Engine engine) {
        this.engine = engine;
    }

    /**
     * @param call makes the call in a scope
     * @param result reads the result from the reply
     */
    static <R> CompletableFuture<R> start(
            Engine engine, Chain chain, Function<CallScope, FmCall> call, Function<FmReply, R> result) {
        AsyncCall<R> future = new AsyncCall<>(engine);
        future.start(chain, call, result);
        return future;
    }

    private void start(Chain chain, Function<CallScope, FmCall> call, Function<FmReply, R> result) {
        FmCall made = call.apply(new CallScope(engine, Mode.ASYNC, cancellation, null));
        long begun = engine.begin();
        CarriedContext context = engine.captureContext();
        engine.track(cancellation);
        // An executor may keep the task waiting: a call that is cancelled meanwhile ends at once.
        cancellation.onCancel(() -> fail(made, begun, cancellation.exception()));
        try {
            engine.execute(() -> {
                if (claimed.compareAndSet(false, true)) {
                    run(context, chain, made, begun, result);
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
            completeExceptionally(error);
        }
    }

    private void run(CarriedContext context, Chain chain, FmCall call, long begun, Function<FmReply, R> result) {
        try {
            context.run(() -> complete(result.apply(engine.run(chain, call, begun))));
        } catch (Throwable t) {
            completeExceptionally(t);
        } finally {
            engine.untrack(cancellation);
            engine.end();
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean done = super.cancel(mayInterruptIfRunning);
        if (done) {
            cancellation.cancel("the future was cancelled", null);
        }
        return done;
    }

    /** Futures derived from this one are plain: cancelling a later stage does not cancel the call. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }
}
