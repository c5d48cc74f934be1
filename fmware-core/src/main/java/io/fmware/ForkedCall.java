package io.fmware;

import java.util.concurrent.CompletableFuture;

/**
 * A fork of a call that is under way on a thread of the pipeline: a hedge, a sample. Made by {@link FmCall#proceedAside}.
 * Thread-safe.
 */
public final class ForkedCall {
    private final FmCall call;
    private final CompletableFuture<FmReply> reply = new CompletableFuture<>();

    private ForkedCall(FmCall call) {
        this.call = call;
    }

    static ForkedCall start(FmCall fork, Chain next) {
        Engine engine = fork.scope().engine();
        ForkedCall forked = new ForkedCall(fork);
        CarriedContext context = engine.captureContext();
        engine.execute(() -> context.run(() -> forked.run(next)));
        return forked;
    }

    private void run(Chain next) {
        FmReply answer;
        try {
            answer = next.proceed(call);
        } catch (Throwable t) {
            reply.completeExceptionally(t);
            return;
        }
        reply.complete(answer);
    }

    /**
     * What comes of it. Completed once the chain behind it has ended, whether it was cancelled or not; exceptions are those
     * that it ended with. To be waited for with {@link FmCall#await}.
     *
     * @return the reply to come; completing it has no effect on the call
     */
    public CompletableFuture<FmReply> reply() {
        return reply.copy();
    }

    /**
     * Cancels the fork. It then ends as soon as those notice who wait in it; its model is not waited for.
     *
     * @param reason why, for the exception that it ends with
     */
    public void cancel(String reason) {
        call.cancel(reason);
    }

    @Override
    public String toString() {
        return "ForkedCall[" + call + "]";
    }
}
