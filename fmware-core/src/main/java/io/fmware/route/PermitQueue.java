package io.fmware.route;

import io.fmware.Priority;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Permits, and the queue of those who wait for one: by priority, then in the order in which they came. A full queue gives up
 * whoever came last among the lowest for one that matters more. Thread-safe; those who wait are told outside of the lock.
 */
final class PermitQueue {
    private static final List<Priority> LOWEST_FIRST = List.of(Priority.BACKGROUND, Priority.NORMAL, Priority.CRITICAL);

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Priority, ArrayDeque<Waiter>> waiting = new EnumMap<>(Priority.class);
    private int limit;
    private int inFlight;
    private int queued;

    PermitQueue(int limit) {
        this.limit = limit;
        for (Priority each : Priority.values()) {
            waiting.put(each, new ArrayDeque<>());
        }
    }

    /** How a wait ended. */
    enum Turn {
        /** With a permit, which is to be {@linkplain #release() released}. */
        GRANTED,
        /** Its place in the queue was given to one that matters more. */
        DISPLACED
    }

    /** One who waits. */
    static final class Waiter {
        private final Priority priority;
        private final CompletableFuture<Turn> turn = new CompletableFuture<>();

        Waiter(Priority priority) {
            this.priority = priority;
        }

        CompletableFuture<Turn> turn() {
            return turn;
        }
    }

    /** Takes a permit where one is free and nobody waits. */
    boolean tryEnter() {
        lock.lock();
        try {
            boolean free = queued == 0 && inFlight < limit;
            if (free) {
                inFlight++;
            }
            return free;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes a permit or a place in the queue.
     *
     * @param capacity how many may wait
     * @return who waits, with its turn come already where a permit was free; {@code null} where the queue is full
     */
    @Nullable
    Waiter enter(Priority priority, int capacity) {
        Waiter waiter = new Waiter(priority);
        Waiter displaced = null;
        lock.lock();
        try {
            if (queued == 0 && inFlight < limit) {
                inFlight++;
                waiter.turn.complete(Turn.GRANTED);
                return waiter;
            }
            if (queued >= capacity) {
                displaced = displacedBy(priority);
                if (displaced == null) {
                    return null;
                }
            }
            of(priority).add(waiter);
            queued++;
        } finally {
            lock.unlock();
        }
        if (displaced != null) {
            displaced.turn.complete(Turn.DISPLACED);
        }
        return waiter;
    }

    private @Nullable Waiter displacedBy(Priority priority) {
        Waiter last = null;
        for (Priority lower : LOWEST_FIRST) {
            if (last == null && lower.compareTo(priority) > 0) {
                last = of(lower).pollLast();
            }
        }
        if (last != null) {
            queued--;
        }
        return last;
    }

    private ArrayDeque<Waiter> of(Priority priority) {
        return Objects.requireNonNull(waiting.get(priority));
    }

    /**
     * Gives up waiting.
     *
     * @return whether it was in time; if not, its turn has come, and with it perhaps a permit
     */
    boolean leave(Waiter waiter) {
        lock.lock();
        try {
            boolean left = of(waiter.priority).remove(waiter);
            if (left) {
                queued--;
            }
            return left;
        } finally {
            lock.unlock();
        }
    }

    /** Gives a permit back. */
    void release() {
        List<Waiter> next;
        lock.lock();
        try {
            inFlight--;
            next = granted();
        } finally {
            lock.unlock();
        }
        next.forEach(each -> each.turn.complete(Turn.GRANTED));
    }

    /** Changes how many permits there are; those that are out stay out. */
    void resize(int changed) {
        List<Waiter> next;
        lock.lock();
        try {
            limit = changed;
            next = granted();
        } finally {
            lock.unlock();
        }
        next.forEach(each -> each.turn.complete(Turn.GRANTED));
    }

    /** Hands free permits to those whose turn it is. */
    private List<Waiter> granted() {
        if (queued == 0 || inFlight >= limit) {
            return List.of();
        }
        List<Waiter> next = new ArrayList<>(1);
        for (ArrayDeque<Waiter> ofPriority : waiting.values()) { // the highest first, as they are declared
            while (inFlight < limit && !ofPriority.isEmpty()) {
                next.add(ofPriority.remove());
                queued--;
                inFlight++;
            }
        }
        return next;
    }

    int limit() {
        lock.lock();
        try {
            return limit;
        } finally {
            lock.unlock();
        }
    }

    int inFlight() {
        lock.lock();
        try {
            return inFlight;
        } finally {
            lock.unlock();
        }
    }

    int queued() {
        lock.lock();
        try {
            return queued;
        } finally {
            lock.unlock();
        }
    }
}
