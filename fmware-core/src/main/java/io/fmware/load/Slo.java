package io.fmware.load;

import io.fmware.Durations;
import io.fmware.Shares;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What is promised to users: how long they wait, and how many get no answer. A service level objective. Immutable. */
public final class Slo {
    private final SortedMap<Double, Duration> percentiles;
    private final double unanswered;

    private Slo(SortedMap<Double, Duration> percentiles, double unanswered) {
        this.percentiles = percentiles;
        this.unanswered = unanswered;
    }

    /**
     * Promises a time to a share of the answers; and, unless {@link #unanswered} says otherwise, an answer to 99 % of the requests.
     *
     * @param percent the share, above 0 and below 100, such as 95 for p95: percentiles are in percent by their name
     * @param most the longest time from arrival to the whole answer, positive
     * @return the objective
     */
    public static Slo percentile(double percent, Duration most) {
        return new Slo(new TreeMap<>(), 0.01).and(percent, most);
    }

    /**
     * Promises another time to another share.
     *
     * @param percent the share, above 0 and below 100
     * @param most the longest time, positive
     * @return an objective with both
     */
    public Slo and(double percent, Duration most) {
        if (!(percent > 0 && percent < 100)) {
            throw new IllegalArgumentException("a percentile must be above 0 and below 100, but is " + percent);
        }
        Durations.withinAYear(most, "the time of a percentile");
        SortedMap<Double, Duration> more = new TreeMap<>(percentiles);
        more.put(percent, most);
        return new Slo(more, unanswered);
    }

    /**
     * Says how many requests may end without an answer, refused or failed.
     *
     * @param share 0 to 1; 0.01 by default
     * @return an objective with that share
     */
    public Slo unanswered(double share) {
        return new Slo(percentiles, Shares.checked(share, "the requests without an answer"));
    }

    /** The longest time that is promised. */
    Duration longest() {
        return percentiles.values().stream().max(Duration::compareTo).orElse(Duration.ZERO);
    }

    /** Whether the objective is met. */
    boolean isMetBy(LoadResult result) {
        return broken(result).isEmpty();
    }

    /** What of it is not met, in words. */
    List<String> broken(LoadResult result) {
        List<String> broken = new ArrayList<>();
        for (Map.Entry<Double, Duration> promise : percentiles.entrySet()) {
            Duration measured = result.percentile(promise.getKey());
            if (measured.compareTo(promise.getValue()) > 0) {
                broken.add(name(promise.getKey()) + " is " + measured.toMillis() + " ms, promised is "
                        + promise.getValue().toMillis() + " ms");
            }
        }
        if (result.unanswered() > unanswered) {
            broken.add(Numbers.percent(result.unanswered()) + " of the requests get no answer, promised is at most "
                    + Numbers.percent(unanswered));
        }
        return broken;
    }

    private static String name(double percent) {
        return "p" + Numbers.plain(percent);
    }

    @Override
    public String toString() {
        StringBuilder shown = new StringBuilder();
        percentiles.forEach((percent, most) -> shown.append(name(percent))
                .append(" <= ")
                .append(most.toMillis())
                .append(" ms, "));
        return shown + "without an answer <= " + Numbers.percent(unanswered);
    }
}
