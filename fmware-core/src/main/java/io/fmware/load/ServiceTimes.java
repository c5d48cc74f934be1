package io.fmware.load;

import io.fmware.Durations;
import io.fmware.Shares;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;

/** How long a model takes for an attempt, once it works at it. Immutable. */
public final class ServiceTimes {
    private static final double NANOS_PER_YEAR = 365.0 * 24 * 3600 * 1e9;

    private final Drawn drawn;
    private final String description;

    /** Draws a time in nanoseconds. */
    private interface Drawn {
        double nanos(Draws draws);
    }

    private ServiceTimes(Drawn drawn, String description) {
        this.drawn = drawn;
        this.description = description;
    }

    /**
     * Always the same time.
     *
     * @param time the time, positive
     * @return the times
     */
    public static ServiceTimes constant(Duration time) {
        long nanos = Durations.withinAYear(time, "the service time").toNanos();
        return new ServiceTimes(draws -> nanos, "constant " + time);
    }

    /**
     * Log-normal times, to which those of models come close.
     *
     * @param median half of all attempts take less, positive
     * @param sigma the standard deviation of the logarithm, 0 to 5; 0.5 is usual
     * @return the times
     */
    public static ServiceTimes logNormal(Duration median, double sigma) {
        long nanos = Durations.withinAYear(median, "the median").toNanos();
        if (!(sigma >= 0 && sigma <= 5)) {
            throw new IllegalArgumentException("sigma must be 0 to 5, but is " + sigma);
        }
        return new ServiceTimes(
                draws -> nanos * StrictMath.exp(sigma * draws.normal()),
                "log-normal, median " + median + ", sigma " + sigma);
    }

    /**
     * Times that were measured; attempts take one of them each, at random.
     *
     * @param times what attempts took, such as those of a flight recording; at least 20, none negative
     * @return the times
     */
    public static ServiceTimes observed(Collection<Duration> times) {
        if (Objects.requireNonNull(times, "times").size() < 20) {
            throw new IllegalArgumentException("at least 20 observed times are wanted, not " + times.size()
                    + "; describe fewer with logNormal(median, sigma)");
        }
        long[] all = times.stream()
                .mapToLong(
                        time -> Durations.atMostAYear(time, "an observed time").toNanos())
                .toArray();
        return new ServiceTimes(draws -> all[draws.below(all.length)], all.length + " observed");
    }

    /**
     * These times, some of which are much longer.
     *
     * @param share of the attempts that take longer, 0 to 1
     * @param factor how much longer these take, at least 1
     * @return the times
     */
    public ServiceTimes withTail(double share, double factor) {
        double checked = Shares.checked(share, "the slow attempts");
        if (!(factor >= 1 && factor <= 10_000)) {
            throw new IllegalArgumentException("the factor of slow attempts must be 1 to 10,000, but is " + factor);
        }
        return new ServiceTimes(
                draws -> drawn.nanos(draws) * (draws.happens(checked) ? factor : 1),
                description + ", " + checked + " of them " + factor + " times as long");
    }

    long nanos(Draws draws) {
        return (long) Math.min(NANOS_PER_YEAR, drawn.nanos(draws));
    }

    @Override
    public String toString() {
        return description;
    }
}
