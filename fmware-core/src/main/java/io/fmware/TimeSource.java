package io.fmware;

import java.time.Instant;
import java.util.concurrent.locks.Condition;

/**
 * Where a pipeline reads the time and how it waits for it to pass. Injected so that deadlines, pauses and back-off can be
 * tested without sleeping.
 *
 * <p>Implementations are thread-safe.
 */
public interface TimeSource {

    /**
     * The current reading of a monotonic clock, in nanoseconds from an arbitrary origin; only differences mean anything.
     *
     * @return nanoseconds
     */
    long nanoTime();

    /**
     * The current wall-clock time, for what is shown to people or stored; never for measuring durations.
     *
     * @return the instant
     */
    Instant instant();

    /**
     * Waits on a condition until it is signalled, {@link #nanoTime()} reaches a value, or the thread is interrupted. May
     * wake without any of these; callers loop. The lock that the condition belongs to is held by the calling thread.
     *
     * @param condition what to wait on
     * @param lock the lock of the condition, for implementations that must signal it when time moves
     * @param untilNanos the reading of {@link #nanoTime()} to wait for; {@link Long#MAX_VALUE} waits without a bound
     * @throws InterruptedException if the thread is interrupted
     */
    void await(Condition condition, java.util.concurrent.locks.Lock lock, long untilNanos) throws InterruptedException;

    /**
     * The time of this machine.
     *
     * @return the system's clocks
     */
    static TimeSource system() {
        return SystemTimeSource.INSTANCE;
    }
}
