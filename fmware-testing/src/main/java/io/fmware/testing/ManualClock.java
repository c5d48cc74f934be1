package io.fmware.testing;

import io.fmware.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A clock that stands still until a test moves it. Threads that wait through {@link #await} for a time wake when the
 * clock reaches it; the test finds out that they wait with {@link #awaitWaiters} or {@link #awaitTimers}.
 *
 * <pre>{@code
 * ManualClock clock = ManualClock.create();
 * Future<?> pause = executor.submit(() -> call.pause(Duration.ofSeconds(30)));
 * clock.awaitTimers(1);
 * clock.advance(Duration.ofSeconds(30));
 * pause.get();
 * }</pre>
 *
 * <p>Thread-safe. {@link #advance} takes the locks of the threads that it wakes, so call it without holding any.
 */
public final class ManualClock implements TimeSource {

    /** The wall-clock time at which {@link #create()} starts: midnight of 1 January 2026, UTC. */
    public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final Duration BOUND = Duration.ofSeconds(10);

    private final Object monitor = new Object();
    private final Set<Waiter> waiters = new LinkedHashSet<>();
    private final Instant start;
    private long elapsed;

    private ManualClock(Instant start) {
        this.start = start;
    }

    /**
     * A clock that stands at {@link #START}.
     *
     * @return the clock
     */
    public static ManualClock create() {
        return startingAt(START);
    }

    /**
     * A clock that stands at an instant.
     *
     * @param start the wall-clock time
     * @return the clock
     */
    public static ManualClock startingAt(Instant start) {
        return new ManualClock(Objects.requireNonNull(start, "start"));
    }

    @Override
    public long nanoTime() {
        synchronized (monitor) {
            return elapsed;
        }
    }

    @Override
    public Instant instant() {
        return start.plusNanos(nanoTime());
    }

    /**
     * Moves the clock and wakes every thread whose time has come.
     *
     * @param duration by how much; may be zero
     * @throws IllegalArgumentException if the duration is negative
     */
    public void advance(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("a clock does not go back: " + duration);
        }
        List<Waiter> due = new ArrayList<>();
        synchronized (monitor) {
            elapsed = Math.addExact(elapsed, duration.toNanos());
            for (Iterator<Waiter> each = waiters.iterator(); each.hasNext(); ) {
                Waiter waiter = each.next();
                if (waiter.until - elapsed <= 0) {
                    each.remove();
                    due.add(waiter);
                }
            }
        }
        for (Waiter waiter : due) {
            waiter.wake();
        }
    }

    @Override
    @SuppressWarnings({"WaitNotInLoop", "ThreadPriorityCheck"}) // a spurious wake-up is allowed by the contract
    public void await(Condition condition, Lock lock, long untilNanos) throws InterruptedException {
        Waiter waiter = new Waiter(condition, lock, untilNanos, Thread.currentThread());
        synchronized (monitor) {
            if (untilNanos != Long.MAX_VALUE && untilNanos - elapsed <= 0) {
                return;
            }
            waiters.add(waiter);
            monitor.notifyAll();
        }
        try {
            condition.await();
        } finally {
            synchronized (monitor) {
                waiters.remove(waiter);
            }
        }
    }

    /**
     * Waits, in real time, until at least a number of threads wait through this clock, for a time or without a bound.
     *
     * @param count how many threads
     * @throws AssertionError if after 10 s there are fewer; the message names those that there are
     */
    public void awaitWaiters(int count) {
        awaitThreads(count, waiter -> true, "waiting through the clock");
    }

    /**
     * Waits, in real time, until at least a number of threads wait for the clock to reach a time.
     *
     * @param count how many threads
     * @throws AssertionError if after 10 s there are fewer; the message names those that there are
     */
    public void awaitTimers(int count) {
        awaitThreads(count, Waiter::timed, "waiting for a time of the clock");
    }

    /**
     * The number of threads that wait through this clock now.
     *
     * @return how many threads
     */
    public int waiters() {
        synchronized (monitor) {
            return waiters.size();
        }
    }

    private void awaitThreads(int count, Predicate<Waiter> which, String what) {
        long bound = System.nanoTime() + BOUND.toNanos();
        synchronized (monitor) {
            while (waiters.stream().filter(which).count() < count) {
                long left = (bound - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new AssertionError("expected " + count + " thread(s) " + what + " within " + BOUND.toSeconds()
                            + " s of real time, saw " + names(which));
                }
                try {
                    monitor.wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new AssertionError("interrupted while expecting " + count + " thread(s) " + what, e);
                }
            }
        }
    }

    private String names(Predicate<Waiter> which) {
        String names = waiters.stream()
                .filter(which)
                .map(waiter -> waiter.thread.getName())
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "none" : names;
    }

    @Override
    public String toString() {
        return "ManualClock[" + instant() + "]";
    }

    /** A thread that waits; compared by identity. */
    private static final class Waiter {

        private final Condition condition;
        private final Lock lock;
        private final long until;
        private final Thread thread;

        Waiter(Condition condition, Lock lock, long until, Thread thread) {
            this.condition = condition;
            this.lock = lock;
            this.until = until;
            this.thread = thread;
        }

        boolean timed() {
            return until != Long.MAX_VALUE;
        }

        void wake() {
            lock.lock();
            try {
                condition.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
