package io.fmware.route;

import org.jspecify.annotations.Nullable;

/** The permits of one model, as many as are fixed or found out. Thread-safe. */
final class ModelPermits {
    private final PermitQueue queue;
    private final @Nullable AdaptiveLimit adaptive;
    private final int capacity;
    /** The limit that the queue counts with where the one that holds is lower. */
    private final int least;

    /**
     * @param fixed how many permits there are, 0 for as many as turn out well
     * @param most the most there may be then
     * @param capacity how many calls may wait, negative for half as many as may be in flight, and where that is found out
     *     for no fewer than at the start
     */
    ModelPermits(int fixed, int most, int capacity) {
        this.adaptive = fixed > 0 ? null : new AdaptiveLimit(most);
        this.least = fixed > 0 ? 0 : AdaptiveLimit.initial(most);
        this.queue = new PermitQueue(adaptive == null ? fixed : adaptive.get());
        this.capacity = capacity;
    }

    PermitQueue queue() {
        return queue;
    }

    int capacity() {
        return capacity >= 0 ? capacity : Math.max(1, Math.max(least, queue.limit()) / 2);
    }

    void answered(long begun, long nanos, int inFlight) {
        if (adaptive != null) {
            adaptive.answered(begun, nanos, inFlight);
            queue.resize(adaptive.get());
        }
    }

    void refused(long now, int inFlight) {
        if (adaptive != null) {
            adaptive.refused(now, inFlight);
            queue.resize(adaptive.get());
        }
    }
}
