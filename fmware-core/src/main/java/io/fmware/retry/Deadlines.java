package io.fmware.retry;

import io.fmware.Chain;
import io.fmware.Durations;
import io.fmware.FmCall;
import io.fmware.FmReply;
import io.fmware.Interceptor;
import io.fmware.Operation;
import io.fmware.Phase;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Bounds the time of every call, from the start of its chain to its last token, whatever the models do in between: attempts,
 * pauses, fallbacks, a stream that stalls. A caller may ask for less with {@link io.fmware.CallOptions#deadline}, never for
 * more. {@link #ofEachAttempt} bounds single attempts within that, so that time is left for another model.
 *
 * <p>What it cannot bound is code that the pipeline runs itself: an interceptor that does not wait through the call, and a
 * stream's handler that blocks, which holds up its own stream.
 *
 * <p>At the deadline the call fails with a {@link io.fmware.DeadlineExceededException}; the model's thread is interrupted and
 * what it still sends is dropped. A call with a deadline asks the model on a second thread. Thread-safe.
 */
public final class Deadlines implements Interceptor {
    private final Duration allowed;
    private final Phase phase;

    private Deadlines(Duration allowed, Phase phase) {
        this.allowed = Durations.positive(allowed, "the time allowed for a call");
        this.phase = phase;
    }

    /**
     * Allows every call the same time.
     *
     * @param allowed the time, positive
     * @return the interceptor
     */
    public static Deadlines of(Duration allowed) {
        return new Deadlines(allowed, Phase.DEADLINE);
    }

    /**
     * Allows every attempt at the wrapped model the same time, within the deadline of the call. An attempt that takes longer
     * fails as a model that is not available does: {@link io.fmware.route.Fallback} then turns to another one, for which
     * this bound does not hold.
     *
     * @param allowed the time, positive
     * @return the interceptor, named "attemptDeadlines"
     */
    public static Deadlines ofEachAttempt(Duration allowed) {
        return new Deadlines(allowed, Phase.RETRY);
    }

    @Override
    public FmReply intercept(FmCall call, Chain next) {
        return next.proceed(call.withDeadline(allowed));
    }

    @Override
    public Phase phase() {
        return phase;
    }

    @Override
    public String name() {
        return phase == Phase.DEADLINE ? "deadlines" : "attemptDeadlines";
    }

    @Override
    public Set<Operation> operations() {
        return Set.of(Operation.CHAT, Operation.EMBEDDINGS);
    }

    @Override
    public void check(List<Interceptor> order) {
        for (Interceptor other : order) {
            if (other.unwrapped() instanceof Deadlines d && d != this && d.phase == phase) {
                throw new IllegalArgumentException("deadlines of " + allowed + " and of " + d.allowed
                        + " are in one pipeline, and only the shorter one would ever hold; keep that");
            }
        }
    }

    @Override
    public String toString() {
        return "Deadlines[" + name() + " " + allowed + "]";
    }
}
