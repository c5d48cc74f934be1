package io.fmware.route;

import io.fmware.TimeSource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Waits for work that was cancelled to come to its end, whatever becomes of the call that it was done for. */
final class Unwinding {
    private static final Duration LONGEST = Duration.ofSeconds(1);

    private Unwinding() {}

    /** Waits a second at most; an interrupt is kept for later. */
    static void await(CompletableFuture<?> work, TimeSource time) {
        if (work.isDone()) {
            return;
        }
        ReentrantLock lock = new ReentrantLock();
        Condition changed = lock.newCondition();
        CompletableFuture<?> unused = work.whenComplete((result, error) -> {
            lock.lock();
            try {
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        });
        boolean interrupted = false;
        long until = time.nanoTime() + LONGEST.toNanos();
        lock.lock();
        try {
            while (!work.isDone() && until - time.nanoTime() > 0) {
                try {
                    time.await(changed, lock, until);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
