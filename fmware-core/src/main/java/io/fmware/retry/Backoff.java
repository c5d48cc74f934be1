package io.fmware.retry;

import io.fmware.Durations;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before another attempt: exponential back-off with full jitter, as in "Exponential Backoff And Jitter" of the
 * AWS Architecture Blog (Marc Brooker, 2015): a random time between nothing and a bound that grows from attempt to attempt.
 *
 * @param firstNanos the bound of the first wait
 * @param factor by how much the bound grows
 * @param longestNanos where it stops growing
 * @param random where chance comes from
 */
record Backoff(long firstNanos, double factor, long longestNanos, RandomGenerator random) {
    private static final int TENTH = 10;

    /** The wait after a number of failed attempts, from 1. */
    Duration after(int failed) {
        return Duration.ofNanos(upTo(bound(failed)));
    }

    /**
     * A wait that a server asked for, and some more, so that those who were told the same do not all come back at once: up to a
     * tenth of it, or the bound of the wait after this attempt where that is longer, so that one who is told to come back at once
     * backs off all the same. At most half of what the deadline leaves.
     */
    Duration onTopOf(Duration told, int failed, Duration remaining) {
        long more = Math.max(told.toNanos() / TENTH, bound(failed));
        long room = Durations.nanos(remaining) - told.toNanos();
        return room <= 0 ? told : told.plusNanos(upTo(Math.min(more, room / 2)));
    }

    private long bound(int failed) {
        return (long) Math.min((double) longestNanos, (double) firstNanos * Math.pow(factor, failed - 1.0));
    }

    private long upTo(long bound) {
        return bound <= 0 ? 0 : Math.floorMod(random.nextLong(), bound + 1);
    }
}
