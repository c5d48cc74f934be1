package io.fmware;

import java.time.Duration;

/** A point in time by which a call must have its answer. Immutable; only ever made earlier on its way down a chain. */
public final class Deadline {
    private static final Deadline NONE = new Deadline(TimeSource.system(), Long.MAX_VALUE, Duration.ZERO);

    private final TimeSource time;
    private final long atNanos;
    private final Duration allowed;

    private Deadline(TimeSource time, long atNanos, Duration allowed) {
        this.time = time;
        this.atNanos = atNanos;
        this.allowed = allowed;
    }

    /**
     * No deadline.
     *
     * @return the deadline that never comes
     */
    public static Deadline none() {
        return NONE;
    }

    static Deadline after(TimeSource time, Duration allowed) {
        if (allowed.isNegative() || allowed.isZero()) {
            throw new IllegalArgumentException(
                    "a deadline of " + allowed + " leaves no time; give a positive duration");
        }
        long now = time.nanoTime();
        long nanos = Durations.nanos(allowed);
        // Long.MAX_VALUE is "none": a wait of centuries is as good as none.
        return nanos >= Long.MAX_VALUE - Math.max(0, now) ? NONE : new Deadline(time, now + nanos, allowed);
    }

    /**
     * Whether this is a deadline at all.
     *
     * @return false for {@link #none()}
     */
    public boolean isSet() {
        return this != NONE;
    }

    /**
     * Whether the time is over.
     *
     * @return true from the deadline on
     */
    public boolean isExpired() {
        return isSet() && atNanos - time.nanoTime() <= 0;
    }

    /**
     * The time left.
     *
     * @return the time left, zero if it is over, some 292 years where there is no deadline
     */
    public Duration remaining() {
        return isSet() ? Duration.ofNanos(Math.max(0, atNanos - time.nanoTime())) : Duration.ofNanos(Long.MAX_VALUE);
    }

    /**
     * The time that was allowed when the deadline was set.
     *
     * @return the duration, zero where there is no deadline
     */
    public Duration allowed() {
        return allowed;
    }

    Deadline earlier(Deadline other) {
        if (!other.isSet()) {
            return this;
        }
        return !isSet() || other.isBefore(this) ? other : this;
    }

    private boolean isBefore(Deadline other) {
        // Readings of two clocks, of two pipelines one in the other, have nothing to do with each other.
        return time == other.time ? atNanos - other.atNanos < 0 : remaining().compareTo(other.remaining()) < 0;
    }

    /** The reading of {@link TimeSource#nanoTime()} at the deadline. */
    long atNanos() {
        return atNanos;
    }

    /** The clock that the deadline goes by: the given one where there is no deadline. */
    TimeSource timeOr(TimeSource other) {
        return isSet() ? time : other;
    }

    DeadlineExceededException exceeded(String doing) {
        return new DeadlineExceededException("the deadline of " + Durations.text(allowed) + " passed while " + doing
                + "; allow more time with Deadlines, or ask for less");
    }

    @Override
    public String toString() {
        return isSet() ? "in " + Durations.text(remaining()) : "none";
    }
}
