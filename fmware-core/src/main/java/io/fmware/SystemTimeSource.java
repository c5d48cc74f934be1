package io.fmware;

import java.time.Instant;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/** The machine's own clocks. */
enum SystemTimeSource implements TimeSource {
    INSTANCE;

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public Instant instant() {
        return Instant.now();
    }

    @Override
    @SuppressWarnings("WaitNotInLoop") // callers loop, as the interface says
    public void await(Condition condition, Lock lock, long untilNanos) throws InterruptedException {
        if (untilNanos == Long.MAX_VALUE) {
            condition.await();
        } else {
            condition.awaitNanos(untilNanos - nanoTime());
        }
    }
}
