package io.fmware;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Something that opens once; who waits for it gives up on cancellation and at a deadline. */
final class Gate {

    /** Why a wait is over. */
    enum Outcome {
        OPEN,
        CANCELLED,
        EXPIRED
    }

    private final TimeSource time;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean open;

    Gate(TimeSource time) {
        this.time = time;
    }

    void open() {
        lock.lock();
        try {
            open = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    Outcome await(Cancellation cancellation, Deadline deadline) throws InterruptedException {
        try (Cancellation.Registration ignored = cancellation.onCancel(this::wake)) {
            lock.lockInterruptibly();
            try {
                while (true) {
                    if (open) {
                        return Outcome.OPEN;
                    }
                    if (cancellation.isCancelled()) {
                        return Outcome.CANCELLED;
                    }
                    if (deadline.isExpired()) {
                        return Outcome.EXPIRED;
                    }
                    deadline.timeOr(time).await(changed, lock, deadline.atNanos());
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
