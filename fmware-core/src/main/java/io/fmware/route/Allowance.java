package io.fmware.route;

import io.fmware.Durations;
import io.fmware.TimeSource;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;

/** So much a minute of something, saved for a minute at most: a bucket of bucket4j on the time of a pipeline. Thread-safe. */
final class Allowance {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final long perMinute;
    private final Bucket bucket;

    Allowance(long perMinute, TimeSource time) {
        this.perMinute = perMinute;
        this.bucket = Bucket.builder()
                .withCustomTimePrecision(new Meter(time))
                .addLimit(limit -> limit.capacity(perMinute).refillGreedy(perMinute, MINUTE))
                .build();
    }

    private record Meter(TimeSource time) implements TimeMeter {
        @Override
        public long currentTimeNanos() {
            return time.nanoTime();
        }

        @Override
        public boolean isWallClockBased() {
            return false;
        }
    }

    long perMinute() {
        return perMinute;
    }

    /**
     * Takes an amount now, though it may only be there later.
     *
     * @param longest how long that may be
     * @return the nanoseconds until it is there, negative where that would be too long and nothing was taken
     */
    long reserve(long amount, Duration longest) {
        long[] wait = {0};
        // The bucket's own way to wait knows nothing of cancellation; it is told to note how long instead.
        boolean reserved = bucket.asBlocking()
                .tryConsumeUninterruptibly(amount, Durations.nanos(longest), nanos -> wait[0] = Math.max(0, nanos));
        return reserved ? wait[0] : -1;
    }

    /** How long it would take for an amount to be there. */
    Duration until(long amount) {
        return Duration.ofNanos(bucket.estimateAbilityToConsume(amount).getNanosToWaitForRefill());
    }

    void giveBack(long amount) {
        if (amount > 0) {
            bucket.addTokens(amount);
        }
    }

    /** Takes what was used already, and goes below zero for it. */
    void debit(long amount) {
        if (amount > 0) {
            bucket.consumeIgnoringRateLimits(amount);
        }
    }

    /** What is there, negative after a debit. */
    long available() {
        return bucket.getAvailableTokens();
    }
}
