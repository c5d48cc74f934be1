package io.fmware.route;

import com.netflix.concurrency.limits.Limit;
import com.netflix.concurrency.limits.limit.Gradient2Limit;
import com.netflix.concurrency.limits.limit.WindowedLimit;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many calls a model takes at once, found out from two signals; the lower one holds.
 *
 * <p>Latency: Netflix' Gradient2 (concurrency-limits), fed with the average of windows of two round trips each, at least ten
 * answers long. It grows the limit as long as answers come about as fast as they usually do, and lowers it by the ratio where
 * they take longer. Gradient2 does not heed refusals, hence the second: an upper bound that is lowered to nine tenths of the
 * limit where the model refuses for its load, and grows by one a second (additive increase, multiplicative decrease: Chiu and
 * Jain, 1989). Where less than half of the limit was in flight it is lowered to nine tenths of twice that; a refusal of fewer than
 * ten says nothing of a higher limit, so that whoever asks for one call after the other keeps the room for a burst.
 *
 * <p>Thread-safe.
 */
final class AdaptiveLimit {
    private static final int INITIAL = 10;
    private static final double TOLERANCE = 1.2;
    private static final double SMOOTHING = 0.5;
    /** In proportion, so that a model of few slots is not overrun by as much as one of many bears. */
    private static final int QUEUE_SHARE = 8;

    private static final int WINDOWS_OF_USUAL = 2_000;
    private static final long SHORTEST_WINDOW_MILLIS = 100;
    private static final long LONGEST_WINDOW_MILLIS = 60_000;
    private static final double BACK_OFF = 0.9;
    private static final long STEP_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Limit latency;
    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private double bound;
    private boolean bounded;
    private long changedAt;

    AdaptiveLimit(int most) {
        this.most = most;
        this.bound = most;
        this.latency = WindowedLimit.newBuilder()
                .minWindowTime(SHORTEST_WINDOW_MILLIS, TimeUnit.MILLISECONDS)
                .maxWindowTime(LONGEST_WINDOW_MILLIS, TimeUnit.MILLISECONDS)
                .minRttThreshold(0, TimeUnit.NANOSECONDS)
                .build(Gradient2Limit.newBuilder()
                        .initialLimit(initial(most))
                        .minLimit(1)
                        .maxConcurrency(most)
                        .rttTolerance(TOLERANCE)
                        .smoothing(SMOOTHING)
                        .queueSizeFunction(limit -> 1 + limit / QUEUE_SHARE)
                        .longWindow(WINDOWS_OF_USUAL)
                        .build());
    }

    /** With how many it starts. */
    static int initial(int most) {
        return Math.min(INITIAL, most);
    }

    int get() {
        lock.lock();
        try {
            return Math.max(1, Math.min(latency.getLimit(), (int) bound));
        } finally {
            lock.unlock();
        }
    }

    /**
     * A call was answered.
     *
     * @param begun the reading of the clock when it was sent
     * @param nanos how long it took
     * @param inFlight how many were in flight when it was sent, itself included
     */
    void answered(long begun, long nanos, int inFlight) {
        // The library takes time to begin at zero, and counts no answer of no time.
        latency.onSample(begun & Long.MAX_VALUE, Math.max(1, nanos), inFlight, false);
        lock.lock();
        try {
            if (bounded && begun + nanos - changedAt >= STEP_NANOS) {
                changedAt = begun + nanos;
                bound = Math.min(most, bound + 1);
                bounded = bound < most;
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * The model refused a call for its load, or did not answer in time. Those that were in flight together count once.
     *
     * @param now the reading of the clock
     * @param inFlight how many were in flight when the call was sent or when it was refused, itself included
     */
    void refused(long now, int inFlight) {
        lock.lock();
        try {
            int current = get();
            int least = Math.min(current, 2 * INITIAL);
            boolean telling = inFlight >= least - inFlight; // at least half of the limit, or of twice that at the start
            if (telling && (!bounded || now - changedAt >= STEP_NANOS)) {
                changedAt = now;
                bound = Math.max(1, Math.min(current, 2.0 * inFlight) * BACK_OFF);
                bounded = true;
            }
        } finally {
            lock.unlock();
        }
    }
}
