package io.fmware.load;

import java.time.Duration;
import java.util.Objects;

/** Durations that settings are made of. */
final class Durations {
    private static final Duration LONGEST = Duration.ofDays(365);

    private Durations() {}

    static long positive(Duration duration, String what) {
        if (Objects.requireNonNull(duration, what).isZero() || duration.isNegative()) {
            throw new IllegalArgumentException(what + " must be positive, but is " + duration);
        }
        return bounded(duration, what);
    }

    static long notNegative(Duration duration, String what) {
        if (Objects.requireNonNull(duration, what).isNegative()) {
            throw new IllegalArgumentException(what + " must not be negative, but is " + duration);
        }
        return bounded(duration, what);
    }

    private static long bounded(Duration duration, String what) {
        if (duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(what + " must be at most a year, but is " + duration);
        }
        return duration.toNanos();
    }
}
