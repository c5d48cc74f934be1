package io.fmware.load;

import io.fmware.cost.Money;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Arrays;

/** What came of a simulated load. Immutable. */
public final class LoadResult {
    private static final BigDecimal MOST = BigDecimal.valueOf(9_223_372);

    private final double perSecond;
    private final long[] times; // of answered calls, sorted
    private final Counts counts;
    private final Money costPerAttempt;

    /**
     * @param calls that arrived
     * @param refused for want of capacity
     * @param failed for other reasons
     * @param attempts that a model worked at
     * @param busyNanos that a model worked, over all attempts
     * @param lastedNanos from the first arrival to the last
     */
    record Counts(long calls, long refused, long failed, long attempts, long busyNanos, long lastedNanos) {
        Counts plus(Counts other) {
            return new Counts(
                    calls + other.calls,
                    refused + other.refused,
                    failed + other.failed,
                    attempts + other.attempts,
                    busyNanos + other.busyNanos,
                    lastedNanos + other.lastedNanos);
        }
    }

    LoadResult(double perSecond, long[] times, Counts counts, Money costPerAttempt) {
        this.perSecond = perSecond;
        this.times = times.clone();
        this.counts = counts;
        this.costPerAttempt = costPerAttempt;
        Arrays.sort(this.times);
    }

    /** Both together, of one rate. */
    LoadResult with(LoadResult other) {
        long[] all = Arrays.copyOf(times, times.length + other.times.length);
        System.arraycopy(other.times, 0, all, times.length, other.times.length);
        return new LoadResult(perSecond, all, counts.plus(other.counts), costPerAttempt);
    }

    /**
     * How many requests arrived in a second, on average.
     *
     * @return the rate that was asked for
     */
    public double perSecond() {
        return perSecond;
    }

    /**
     * The time from arrival to answer that a share of the answered requests did not exceed, by nearest rank.
     *
     * @param percent the share, 0 to 100
     * @return the time, zero where nothing was answered
     */
    public Duration percentile(double percent) {
        if (!(percent >= 0 && percent <= 100)) {
            throw new IllegalArgumentException("a percentile must be 0 to 100, but is " + percent);
        }
        if (times.length == 0) {
            return Duration.ZERO;
        }
        int rank = (int) Math.ceil(percent / 100 * times.length);
        return Duration.ofNanos(times[Math.min(times.length - 1, Math.max(0, rank - 1))]);
    }

    /**
     * The requests that ended without an answer: refused or failed.
     *
     * @return the share, 0 to 1
     */
    public double unanswered() {
        return share(counts.refused() + counts.failed());
    }

    /**
     * The requests that were refused for want of capacity: a full queue, a wait that was too long.
     *
     * @return the share, 0 to 1
     */
    public double refused() {
        return share(counts.refused());
    }

    private double share(long count) {
        return counts.calls() == 0 ? 0 : (double) count / counts.calls();
    }

    /**
     * How often a model was asked for a request, on average: retries and hedges count, answers of a cache do not.
     *
     * @return the number
     */
    public double attemptsPerCall() {
        return share(counts.attempts());
    }

    /**
     * How many attempts the model worked at, at the same time, on average.
     *
     * @return the number
     */
    public double inFlight() {
        return counts.lastedNanos() == 0 ? 0 : (double) counts.busyNanos() / counts.lastedNanos();
    }

    /**
     * What an hour of this load costs.
     *
     * @return the cost, to the cent; at most some 9.2 million dollars, the largest amount of {@link Money}
     */
    public Money costPerHour() {
        BigDecimal dollars = costOf(attemptsPerCall() * perSecond * 3600).setScale(2, RoundingMode.HALF_UP);
        return Money.usd(dollars.min(MOST));
    }

    /** In US dollars, for a thousand requests. */
    BigDecimal costPerThousand() {
        return costOf(attemptsPerCall() * 1000);
    }

    private BigDecimal costOf(double attempts) {
        return costPerAttempt.toBigDecimal().multiply(BigDecimal.valueOf(attempts));
    }

    @Override
    public String toString() {
        return Numbers.plain(perSecond) + " requests/s: p50 " + percentile(50).toMillis() + " ms, p95 "
                + percentile(95).toMillis() + " ms, p99 " + percentile(99).toMillis() + " ms, "
                + Numbers.percent(refused()) + " refused, " + Numbers.percent(unanswered() - refused())
                + " failed, " + Numbers.plain(attemptsPerCall()) + " attempts each, " + Numbers.plain(inFlight())
                + " in flight, " + costPerHour() + " an hour";
    }
}
