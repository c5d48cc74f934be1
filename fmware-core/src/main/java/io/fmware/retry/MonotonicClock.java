package io.fmware.retry;

import io.fmware.TimeSource;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The monotonic time of a pipeline as a clock that began in 1970, for libraries that measure with wall clocks. */
final class MonotonicClock extends Clock {
    private final TimeSource time;
    private final long origin;

    MonotonicClock(TimeSource time) {
        this.time = time;
        this.origin = time.nanoTime();
    }

    @Override
    public Instant instant() {
        return Instant.EPOCH.plusNanos(time.nanoTime() - origin);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this; // nobody reads it as a date
    }
}
