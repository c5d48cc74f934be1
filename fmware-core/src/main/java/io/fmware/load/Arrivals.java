package io.fmware.load;

import io.fmware.Durations;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** How requests arrive, at whatever rate. Immutable. */
public final class Arrivals {
    private final Gaps gaps;
    private final String description;

    /** Draws the time from one arrival to the next, in units of its mean. */
    private interface Gaps {
        double next(int call, Draws draws);
    }

    private Arrivals(Gaps gaps, String description) {
        this.gaps = gaps;
        this.description = description;
    }

    /**
     * Independent of each other, as those of many users are: a Poisson process.
     *
     * @return the arrivals
     */
    public static Arrivals poisson() {
        return new Arrivals((call, draws) -> draws.exponential(), "Poisson");
    }

    /**
     * One after the other at equal distance, as those of a batch are.
     *
     * @return the arrivals
     */
    public static Arrivals even() {
        return new Arrivals((call, draws) -> 1, "even");
    }

    /**
     * Several at once, groups independent of each other, as where a page asks for several answers.
     *
     * @param size how many arrive together, 1 to 10,000
     * @return the arrivals
     */
    public static Arrivals inGroupsOf(int size) {
        if (size < 1 || size > 10_000) {
            throw new IllegalArgumentException("the size of a group must be 1 to 10,000, but is " + size);
        }
        return new Arrivals(
                (call, draws) -> call % size == 0 ? size * draws.exponential() : 0, "Poisson in groups of " + size);
    }

    /**
     * As they were recorded, over and over; only the rate changes.
     *
     * @param gaps the times from one arrival to the next, at least 20, none negative and not all zero
     * @return the arrivals
     */
    public static Arrivals recorded(List<Duration> gaps) {
        if (Objects.requireNonNull(gaps, "gaps").size() < 20) {
            throw new IllegalArgumentException("at least 20 recorded gaps are wanted, not " + gaps.size());
        }
        long[] all = gaps.stream()
                .mapToLong(gap -> Durations.atMostAYear(gap, "a recorded gap").toNanos())
                .toArray();
        double mean = 0;
        for (long gap : all) {
            mean += (double) gap / all.length;
        }
        if (mean == 0) {
            throw new IllegalArgumentException("all recorded gaps are zero; there is no rate in them");
        }
        double unit = mean;
        return new Arrivals((call, draws) -> all[call % all.length] / unit, all.length + " recorded");
    }

    /** The time until a call arrives after the one before, in nanoseconds. */
    long gap(int call, double perSecond, Draws draws) {
        return (long) (gaps.next(call, draws) * 1e9 / perSecond);
    }

    @Override
    public String toString() {
        return description;
    }
}
