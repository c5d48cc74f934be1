package io.fmware.retry;

import io.fmware.Chain;
import io.fmware.FmCall;
import io.fmware.FmReply;
import io.fmware.Interceptor;
import io.fmware.Operation;
import io.fmware.Phase;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Bounds the time of every call, from its start to its last token, whatever happens in between: attempts, pauses, fallbacks, a
 * stream that stalls. A caller may ask for less with {@link io.fmware.CallOptions#deadline}, never for more.
 *
 * <p>At the deadline the call fails with a {@link io.fmware.DeadlineExceededException}; the model's thread is interrupted and
 * what it still sends is dropped. A call with a deadline asks the model on a second thread. Thread-safe.
 */
public final class Deadlines implements Interceptor {
    private final Duration allowed;

    private Deadlines(Duration allowed) {
        this.allowed = allowed;
    }

    /**
     * Allows every call the same time.
     *
     * @param allowed the time, positive
     * @return the interceptor
     */
    public static Deadlines of(Duration allowed) {
        if (Objects.requireNonNull(allowed, "allowed").isNegative() || allowed.isZero()) {
            throw new IllegalArgumentException("the time allowed for a call must be positive, but is " + allowed);
        }
        return new Deadlines(allowed);
    }

    @Override
    public FmReply intercept(FmCall call, Chain next) {
        return next.proceed(call.withDeadline(allowed));
    }

    @Override
    public Phase phase() {
        return Phase.DEADLINE;
    }

    @Override
    public Set<Operation> operations() {
        return Set.of(Operation.CHAT, Operation.EMBEDDINGS);
    }

    @Override
    public void check(List<Interceptor> order) {
        for (Interceptor other : order) {
            if (other != this && other instanceof Deadlines d) {
                throw new IllegalArgumentException("deadlines of " + allowed + " and of " + d.allowed
                        + " are in one pipeline, and only the shorter one would ever hold; keep that");
            }
        }
    }

    @Override
    public String toString() {
        return "Deadlines[" + allowed + "]";
    }
}
