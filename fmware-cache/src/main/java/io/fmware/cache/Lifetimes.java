package io.fmware.cache;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long entries live. Each life is shortened by chance, so that what was stored together does not expire together; and an
 * entry that is expensive is refreshed by chance a little before it expires, by one caller, so that not all of them wait for it then
 * (Vattani, Chierichetti, Lowenstein: Optimal Probabilistic Cache Stampede Prevention, PVLDB 8(8), 2015, algorithm XFetch).
 *
 * @param life the longest life of an answer
 * @param failureLife the longest life of a failure, zero for none
 * @param jitter by which share a life is shortened at most
 * @param earliness beta of XFetch, 0 for none
 * @param random chance; thread-safe
 */
record Lifetimes(Duration life, Duration failureLife, double jitter, double earliness, RandomGenerator random) {
    /** A life that is longer is one without end; sums with readings of a clock must not overflow. */
    private static final Duration LONGEST = Duration.ofDays(365L * 100);

    long ofAnswer() {
        return shortened(life);
    }

    long ofFailure() {
        return shortened(failureLife);
    }

    boolean keepsFailures() {
        return !failureLife.isZero();
    }

    private long shortened(Duration of) {
        long nanos = of.compareTo(LONGEST) < 0 ? of.toNanos() : LONGEST.toNanos();
        return (long) (nanos * (1 - jitter * random.nextDouble()));
    }

    /** Whether an entry is to be made anew though it may be served. */
    boolean isDue(Entry entry, long now) {
        if (earliness == 0 || entry.response() == null) {
            return false;
        }
        double ahead = -entry.costNanos() * earliness * Math.log(1 - random.nextDouble());
        return entry.lifeNanos(now) <= ahead;
    }
}
