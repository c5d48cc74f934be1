package io.fmware;

import java.time.Duration;
import java.util.Objects;

/** Durations as settings take them and messages show them, for interceptors. */
public final class Durations {
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration YEAR = Duration.ofDays(365);
    private static final Duration MOST = Duration.ofNanos(Long.MAX_VALUE);

    private Durations() {}

    /**
     * How long something is, in seconds where it is a whole number of those, else in milliseconds; what is shorter in nanoseconds.
     *
     * @param duration the duration
     * @return a text such as {@code 10 s} or {@code 250 ms}
     */
    public static String text(Duration duration) {
        if (duration.toSeconds() > 0 || duration.isZero()) {
            return duration.toMillisPart() == 0 ? duration.toSeconds() + " s" : millis(duration);
        }
        return duration.toMillisPart() > 0 ? millis(duration) : duration.toNanos() + " ns";
    }

    private static String millis(Duration duration) {
        return duration.toSeconds() * 1_000 + duration.toMillisPart() + " ms";
    }

    /**
     * The nanoseconds of a duration.
     *
     * @param duration the duration
     * @return its nanoseconds, {@link Long#MAX_VALUE} where there are more than that: some 292 years
     */
    public static long nanos(Duration duration) {
        return duration.compareTo(MOST) >= 0 ? Long.MAX_VALUE : duration.toNanos();
    }

    /**
     * Refuses a setting that leaves no time.
     *
     * @param duration the setting
     * @param what its name in the message, such as {@code the longest wait}
     * @return the duration
     * @throws IllegalArgumentException if it is not positive
     */
    public static Duration positive(Duration duration, String what) {
        if (Objects.requireNonNull(duration, what).isNegative() || duration.isZero()) {
            throw new IllegalArgumentException(what + " must be positive, but is " + duration);
        }
        return duration;
    }

    /**
     * Refuses a setting that leaves no time, or more than a year.
     *
     * @param duration the setting
     * @param what its name in the message
     * @return the duration
     * @throws IllegalArgumentException if it is not positive, or longer than 365 days
     */
    public static Duration withinAYear(Duration duration, String what) {
        return atMostAYear(positive(duration, what), what);
    }

    /**
     * Refuses a setting that is negative, or more than a year.
     *
     * @param duration the setting, which may be zero
     * @param what its name in the message
     * @return the duration
     * @throws IllegalArgumentException if it is negative, or longer than 365 days
     */
    public static Duration atMostAYear(Duration duration, String what) {
        if (Objects.requireNonNull(duration, what).isNegative()) {
            throw new IllegalArgumentException(what + " must not be negative, but is " + duration);
        }
        if (duration.compareTo(YEAR) > 0) {
            throw new IllegalArgumentException(what + " must be at most a year, but is " + duration);
        }
        return duration;
    }

    /**
     * Refuses a setting that leaves no time, or more than a day.
     *
     * @param duration the setting
     * @param what its name in the message
     * @return the duration
     * @throws IllegalArgumentException if it is not positive, or longer than a day
     */
    public static Duration withinADay(Duration duration, String what) {
        if (Objects.requireNonNull(duration, what).isNegative() || duration.isZero() || duration.compareTo(DAY) > 0) {
            throw new IllegalArgumentException(what + " must be positive and at most a day, but is " + duration);
        }
        return duration;
    }
}
