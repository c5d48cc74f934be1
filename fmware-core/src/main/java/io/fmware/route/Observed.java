package io.fmware.route;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What was seen of a candidate: its last outcomes, none older than some time, and what was known of it when there were enough of
 * them for the last time; and the place of the one call at a time that tries it. Thread-safe.
 */
final class Observed {
    private static final int MOST = 100;
    private static final int ENOUGH_TO_KNOW = 3;
    private static final int ENOUGH_TO_BLAME = 5;
    private static final int CALLS_BETWEEN_TRIALS = 20;
    private static final double SICK = 0.5;
    private static final long FAILED = -1;

    private final long remembered;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Outcome> outcomes = new ArrayDeque<>();
    private double knownMedian = Double.POSITIVE_INFINITY;
    private double knownRate = Double.POSITIVE_INFINITY;
    /** It failed as often as not, and what it answered since has not outweighed that. */
    private boolean doubted;
    /** Whether a call to it has ended. */
    private boolean heard;
    /** Whether the last one that ended had no answer of it. */
    private boolean silent;

    private long lastEnd;
    private int passedBy;
    private boolean beingTried;

    /**
     * @param at when it ended
     * @param latency how long it took, {@link #FAILED} where it failed
     */
    private record Outcome(long at, long latency) {}

    /** How a candidate does. */
    enum Health {
        /** It is not known to fail as often as not. */
        WELL,
        /** It was avoided, for as long as failures are remembered. */
        BACK,
        /** It fails as often as not. */
        SICK
    }

    /**
     * A figure of which less is better.
     *
     * @param samples of how many it is made
     * @param lately what they say, 0 where there are none
     * @param known what enough of them say, or said for the last time; infinite where there never were enough
     */
    record Figure(int samples, double lately, double known) {
        private static final Figure NOTHING = new Figure(ENOUGH_TO_KNOW, 0, 0);

        /** That of a preference which learns nothing. */
        static Figure none() {
            return NOTHING;
        }

        boolean isSure() {
            return samples >= ENOUGH_TO_KNOW;
        }

        boolean isKnown() {
            return known < Double.POSITIVE_INFINITY;
        }

        /** What the samples say, infinite where there are none. */
        double partly() {
            return samples == 0 ? Double.POSITIVE_INFINITY : lately;
        }
    }

    /**
     * What is known.
     *
     * @param health how it does
     * @param failureRate the part of the outcomes that were failures
     * @param median the median latency in nanoseconds
     * @param mayBeTried whether it is time for a call that finds out more
     */
    record State(Health health, Figure failureRate, Figure median, boolean mayBeTried) {}

    Observed(Duration remembered) {
        this.remembered = remembered.toNanos();
    }

    void answered(long now, long latency) {
        lock.lock();
        try {
            add(now, new Outcome(now, Math.max(0, latency)), false);
            doubted = doubted && rate() >= SICK;
        } finally {
            lock.unlock();
        }
    }

    void failed(long now) {
        lock.lock();
        try {
            add(now, new Outcome(now, FAILED), true);
            doubted = doubted || (outcomes.size() >= ENOUGH_TO_BLAME && rate() >= SICK);
        } finally {
            lock.unlock();
        }
    }

    /** A call has ended without an answer of the candidate, in a way that says nothing of it. */
    void toldNothing(long now) {
        lock.lock();
        try {
            ended(now, true);
        } finally {
            lock.unlock();
        }
    }

    /** Under the lock. */
    private void add(long now, Outcome outcome, boolean withoutAnswer) {
        forget(now);
        if (outcomes.size() == MOST) {
            outcomes.removeFirst();
        }
        outcomes.addLast(outcome);
        long[] latencies = latencies();
        if (latencies.length >= ENOUGH_TO_KNOW) {
            knownMedian = median(latencies);
        }
        if (outcomes.size() >= ENOUGH_TO_KNOW) {
            knownRate = rate();
        }
        ended(now, withoutAnswer);
    }

    private void ended(long now, boolean withoutAnswer) {
        heard = true;
        silent = withoutAnswer;
        lastEnd = now;
    }

    private void forget(long now) {
        while (!outcomes.isEmpty() && now - outcomes.getFirst().at > remembered) {
            outcomes.removeFirst();
        }
    }

    private long[] latencies() {
        return outcomes.stream()
                .mapToLong(Outcome::latency)
                .filter(latency -> latency != FAILED)
                .sorted()
                .toArray();
    }

    private static double median(long[] latencies) {
        return latencies.length == 0 ? 0 : latencies[latencies.length / 2];
    }

    private double rate() {
        return outcomes.isEmpty()
                ? 0
                : (double) outcomes.stream()
                                .filter(each -> each.latency == FAILED)
                                .count()
                        / outcomes.size();
    }

    /** Another one was chosen in its place. */
    void passedBy() {
        lock.lock();
        try {
            passedBy = Math.min(passedBy + 1, CALLS_BETWEEN_TRIALS);
        } finally {
            lock.unlock();
        }
    }

    /** It was chosen. */
    void chosen() {
        lock.lock();
        try {
            passedBy = 0;
        } finally {
            lock.unlock();
        }
    }

    /** Takes the place of the call that tries it, where it is free; whoever has taken it leaves it in the end. */
    boolean tryTake() {
        lock.lock();
        try {
            boolean free = !beingTried;
            beingTried = true;
            return free;
        } finally {
            lock.unlock();
        }
    }

    void leave() {
        lock.lock();
        try {
            beingTried = false;
        } finally {
            lock.unlock();
        }
    }

    State state(long now) {
        lock.lock();
        try {
            forget(now);
            long[] latencies = latencies();
            double median = median(latencies);
            double rate = rate();
            boolean rested = now - lastEnd > remembered;
            Health health = !doubted ? Health.WELL : rested ? Health.BACK : Health.SICK;
            boolean promising = !outcomes.isEmpty() && !silent;
            boolean due = rested && passedBy == CALLS_BETWEEN_TRIALS;
            return new State(
                    health,
                    new Figure(outcomes.size(), rate, outcomes.size() >= ENOUGH_TO_KNOW ? rate : knownRate),
                    new Figure(latencies.length, median, latencies.length >= ENOUGH_TO_KNOW ? median : knownMedian),
                    !heard || promising || due || health == Health.BACK);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        lock.lock();
        try {
            return Arrays.toString(outcomes.toArray());
        } finally {
            lock.unlock();
        }
    }
}
