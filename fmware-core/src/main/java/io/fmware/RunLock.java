package io.fmware;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets one thread of a run go on at a time, in an order that those who watch the run decide. A thread takes turns; between them
 * it may keep the lock or have given it up. A thread that waits for its turn does not keep it.
 *
 * <p>It is lent: who calls agents or tools at once keeps the lock while it hands them to other threads, and then waits for them. So what is
 * right below the place of the owner takes it from there. The owner does not notice, and takes it again at its next turn. An owner that is
 * blocked by something else loses it too, and has it again as soon as something has ended that it may have waited for.
 */
final class RunLock {
    private static final long BLOCKED_NANOS = Duration.ofMillis(50).toNanos();
    /** For a thread that was given the lock while it waited: a busy machine may take a while to wake it. */
    private static final long ASLEEP_NANOS = Duration.ofMillis(250).toNanos();

    private static final long LOOK_NANOS = Duration.ofMillis(10).toNanos();
    /** So many times the patience a thread may be at work before others take the lock from it. */
    private static final int BUSY = 20;

    /** When a thread may take the lock from the owner, whose place is right above. */
    enum Loan {
        NEVER,
        ONCE_IT_IS_BLOCKED,
        AT_ONCE
    }

    private final RunOrders orders;
    private final TimeSource time;
    private final long patience;
    private final Thread opener = Thread.currentThread();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** How many boundaries and scopes each thread is in. */
    private final Map<Thread, Integer> inside = new HashMap<>();
    /** How many forks are open at each place. */
    private final Map<String, Integer> forks = new HashMap<>();
    /** Who was blocked, and lost the lock to somebody who may be what it waits for; the last one last. */
    private final Deque<Waiter> waiters = new ArrayDeque<>();

    private @Nullable Thread owner;
    /** Where the owner took its last turn. */
    private @Nullable RunScope taken;
    /** What the owner may call others from, {@code null} where it calls nobody. */
    private @Nullable RunScope place;
    /** Whether the owner is telling those who watch: what blocks it then is no fault of its own. */
    private boolean telling;

    /** Whether the last turn of the owner was that of a fork: it does nothing more until its branches have ended. */
    private boolean forking;

    /** Whether the owner was given the lock while it waited, and has not been seen awake since. */
    private boolean asleep;

    private boolean blocked;
    private long blockedSince;
    private long lastMove;
    /** Who waits for a turn. */
    private final Set<Thread> wanting = new HashSet<>();

    private boolean elsewhere;
    private boolean ended;

    /**
     * A thread that waits for something that is no boundary, such as the end of a stream or the result of an asynchronous agent.
     *
     * @param taken where it took its last turn
     * @param place what it may call others from, {@code null} where it calls nobody
     */
    private record Waiter(
            Thread thread, RunScope taken, @Nullable RunScope place) {}

    RunLock(RunOrders orders, TimeSource time) {
        this.orders = orders;
        this.time = time;
        this.patience = orders.patience().toNanos();
        this.lastMove = time.nanoTime();
    }

    /** Whether this thread has the lock. */
    boolean isMine() {
        lock.lock();
        try {
            return owner == Thread.currentThread();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes a turn: when this returns the lock is that of this thread, which is telling those who watch until it {@link #stay}s.
     * What is thrown leaves it without.
     */
    void take(RunScope at, RunTurn turn, Loan loan) {
        boolean interrupted = false;
        RunScope lost = null;
        lock.lock();
        wanting.add(Thread.currentThread());
        try {
            long began = time.nanoTime();
            boolean first = true;
            while (!ended) {
                boolean away = isOwnerBlocked();
                if (isReady(at, turn, loan, away)) {
                    break;
                }
                if (first) {
                    first = false;
                    changed.signalAll(); // what this thread did outside may have made it the turn of one that waits
                }
                if (isStalled(began, away)) {
                    orders.stalled(at.path(), turn, Duration.ofNanos(time.nanoTime() - began));
                    takeAway(false);
                    break;
                }
                interrupted |= await(began);
            }
            lost = own(at, turn);
        } finally {
            wanting.remove(Thread.currentThread());
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        if (lost != null) {
            orders.lost(lost);
        }
    }

    /** Returns from where this thread has gone on without the lock, {@code null} where it had it. */
    private @Nullable RunScope own(RunScope at, RunTurn turn) {
        if (ended) {
            return null;
        }
        RunScope lost = null;
        for (Waiter each : waiters) {
            if (each.thread() == Thread.currentThread()) {
                lost = each.taken();
                orders.unordered(lost.path());
                waiters.remove(each);
                break;
            }
        }
        owner = Thread.currentThread();
        taken = at;
        place = null;
        telling = true;
        forking = false;
        asleep = false;
        blocked = false;
        lastMove = time.nanoTime();
        orders.taken(at.path(), turn);
        changed.signalAll();
        return lost;
    }

    private boolean isReady(RunScope at, RunTurn turn, Loan loan, boolean away) {
        boolean mine = owner == Thread.currentThread();
        boolean free = owner == null
                || mine
                || (loan == Loan.AT_ONCE && isBelow(at) && isAwaited(at, turn))
                || (asleep && place != null && at.isIn(place)); // it waits for more than has ended
        if (!free && !away) {
            return false;
        }
        if (!orders.isNext(at.path(), turn)) {
            if (mine) {
                free();
            }
            return false;
        }
        if (owner != null && !mine) {
            takeAway(forking || (loan != Loan.NEVER && isBelow(at)));
        }
        return true;
    }

    private boolean isBelow(RunScope at) {
        return place != null && at.isRightBelow(place);
    }

    /** Whether the owner waits for what begins, or is about to: an agent that is asked again may come when it has gone on. */
    private boolean isAwaited(RunScope at, RunTurn turn) {
        return turn != RunTurn.BEGIN || forks.containsKey(above(at));
    }

    /**
     * Takes the lock from an owner that is blocked.
     *
     * @param lent whether it waits for who takes it, or for agents that have not begun, and takes it again by itself; one that was
     *     given the lock in its sleep waits for something else
     */
    private void takeAway(boolean lent) {
        Thread blockedOne = owner;
        RunScope lost = taken;
        if (lost != null && blockedOne != null && (!lent || asleep)) {
            if (blockedOne.isAlive()) {
                waiters.add(new Waiter(blockedOne, lost, place));
            } else {
                orders.unordered(lost.path());
            }
        }
        free();
    }

    /** Something has ended on its thread: who waits above it may have waited for it, and goes on before others do. */
    private void giveBack(RunScope done) {
        for (Iterator<Waiter> last = waiters.descendingIterator(); last.hasNext(); ) {
            Waiter each = last.next();
            RunScope calling = each.place();
            boolean sleeps = each.thread().isAlive() && !wanting.contains(each.thread());
            if (sleeps && calling != null && done.isIn(calling)) {
                last.remove();
                owner = each.thread();
                taken = each.taken();
                place = calling;
                asleep = true;
                lastMove = time.nanoTime();
                changed.signalAll();
                return;
            }
        }
    }

    private boolean isOwnerBlocked() {
        Thread of = owner;
        if (of == null || !of.isAlive()) {
            return true;
        }
        if (lock.hasQueuedThread(of)) { // blocked by us
            blocked = false;
            asleep = false;
            return false;
        }
        if (time.nanoTime() - lastMove >= BUSY * patience) {
            return true; // at work, or so it seems: a thread that reads from a socket does
        }
        switch (of.getState()) {
            case BLOCKED, WAITING, TIMED_WAITING -> {
                long now = time.nanoTime();
                if (telling || !blocked) {
                    blocked = !telling;
                    blockedSince = now;
                    return false;
                }
                return now - blockedSince >= (asleep ? ASLEEP_NANOS : BLOCKED_NANOS);
            }
            default -> {
                blocked = false;
                asleep = false;
                return false;
            }
        }
    }

    /** Whether nobody goes on: since long, or where nobody else is known who could. */
    private boolean isStalled(long began, boolean away) {
        if (owner != null && !away) {
            return false;
        }
        boolean alone = owner == null
                && Thread.currentThread() == opener
                && forks.isEmpty()
                && !elsewhere
                && wanting.size() == 1
                && inside.keySet().stream().allMatch(each -> each == opener);
        return alone || time.nanoTime() - quietSince(began) >= patience;
    }

    private long quietSince(long began) {
        return lastMove - began > 0 ? lastMove : began;
    }

    /** Returns whether the thread was interrupted. */
    private boolean await(long began) {
        long until = owner == null ? quietSince(began) + orders.patience().toNanos() : time.nanoTime() + LOOK_NANOS;
        try {
            time.await(changed, lock, until);
            return false;
        } catch (InterruptedException e) {
            return true; // a turn is waited for all the same: the order of the run does not depend on it
        }
    }

    /** The thread has told of its turn, and keeps the lock: at a place from which it may call others, or at none. */
    void stay(@Nullable RunScope at) {
        lock.lock();
        try {
            if (owner == Thread.currentThread()) {
                place = at;
                telling = false;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Gives the lock up, if this thread has it. */
    void release() {
        release(null);
    }

    /**
     * Gives the lock up, if this thread has it.
     *
     * @param done what has ended by that, {@code null} where something goes on elsewhere
     */
    void release(@Nullable RunScope done) {
        lock.lock();
        try {
            if (owner == Thread.currentThread()) {
                free();
                if (done != null && !inside.containsKey(Thread.currentThread())) {
                    giveBack(done);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private void free() {
        owner = null;
        taken = null;
        place = null;
        telling = false;
        forking = false;
        asleep = false;
        blocked = false;
        lastMove = time.nanoTime();
        changed.signalAll();
    }

    /** A thread is in one more boundary, or in one less. */
    void count(Thread thread, BoundaryKind kind, RunScope scope, int more) {
        lock.lock();
        try {
            add(inside, thread, more);
            if (more > 0 && kind == BoundaryKind.FORK) {
                add(forks, above(scope), 1);
                forking = owner == thread;
            } else if (more < 0 && kind == BoundaryKind.JOIN && forks.containsKey(above(scope))) {
                add(forks, above(scope), -1);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static String above(RunScope scope) {
        return String.valueOf(scope.path().parent());
    }

    private static <K> void add(Map<K, Integer> counts, K of, int more) {
        int now = counts.getOrDefault(of, 0) + more;
        if (now == 0) {
            counts.remove(of);
        } else {
            counts.put(of, now);
        }
    }

    /** Work goes on on a thread that is not known yet. */
    void leavesThread() {
        lock.lock();
        try {
            elsewhere = true;
        } finally {
            lock.unlock();
        }
    }

    /** The run has ended: nobody waits any more. */
    void end() {
        lock.lock();
        try {
            ended = true;
            waiters.clear();
            free();
        } finally {
            lock.unlock();
        }
    }
}
