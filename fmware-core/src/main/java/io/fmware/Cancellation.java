package io.fmware;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Tells whether the caller still wants the answer, and tells those who wait for it. Thread-safe. */
public final class Cancellation {
    static final Cancellation NEVER = new Cancellation();

    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable Cause cause;
    private @Nullable List<Runnable> listeners;

    Cancellation() {}

    private record Cause(String reason, @Nullable Throwable error) {}

    /** Undoes a registration; harmless when repeated. */
    @FunctionalInterface
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Whether the call was cancelled.
     *
     * @return true from then on
     */
    public boolean isCancelled() {
        return cause != null;
    }

    /** The exception that a cancelled call ends with. */
    CancelledException exception() {
        Cause c = cause;
        return c == null
                ? new CancelledException("the call was cancelled", null)
                : new CancelledException(c.reason, c.error);
    }

    /** Cancels once; later reasons are ignored. Listeners run on this thread, outside of any lock. */
    boolean cancel(String reason, @Nullable Throwable error) {
        if (this == NEVER) {
            throw new IllegalStateException("this call cannot be cancelled");
        }
        List<Runnable> toRun;
        lock.lock();
        try {
            if (cause != null) {
                return false;
            }
            cause = new Cause(reason, error);
            toRun = listeners == null ? List.of() : List.copyOf(listeners);
            listeners = null;
        } finally {
            lock.unlock();
        }
        toRun.forEach(Runnable::run);
        return true;
    }

    /** Runs an action on cancellation; at once where that has happened already. The action must neither block nor throw. */
    Registration onCancel(Runnable action) {
        if (this == NEVER) {
            return () -> {};
        }
        lock.lock();
        try {
            if (cause == null) {
                if (listeners == null) {
                    listeners = new ArrayList<>(2);
                }
                listeners.add(action);
                return () -> remove(action);
            }
        } finally {
            lock.unlock();
        }
        action.run();
        return () -> {};
    }

    private void remove(Runnable action) {
        lock.lock();
        try {
            if (listeners != null) {
                listeners.remove(action);
            }
        } finally {
            lock.unlock();
        }
    }
}
