package io.fmware.route;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;

/** What was seen of a candidate lately: its last outcomes, none older than some time. Thread-safe. */
final class Observed {
    private static final int MOST = 100;
    private static final int ENOUGH_TO_TIME = 3;
    private static final int ENOUGH_TO_BLAME = 5;
    private static final double SICK = 0.5;
    private static final long FAILED = -1;

    private final long remembered;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Outcome> outcomes = new ArrayDeque<>();

    /**
     * @param at when it ended
     * @param latency how long it took, {@link #FAILED} where it failed
     */
    private record Outcome(long at, long latency) {}

    /**
     * What is known.
     *
     * @param seen how many outcomes
     * @param failureRate the part of them that were failures, 0 where nothing is known
     * @param median the median latency in nanoseconds, 0 where too little is known
     * @param healthy whether it is not known to fail as often as not
     */
    record State(int seen, double failureRate, long median, boolean healthy) {}

    Observed(Duration remembered) {
        this.remembered = remembered.toNanos();
    }

    void answered(long now, long latency) {
        add(new Outcome(now, Math.max(0, latency)));
    }

    void failed(long now) {
        add(new Outcome(now, FAILED));
    }

    private void add(Outcome outcome) {
        lock.lock();
        try {
            if (outcomes.size() == MOST) {
                outcomes.removeFirst();
            }
            outcomes.addLast(outcome);
        } finally {
            lock.unlock();
        }
    }

    State state(long now) {
        long[] latencies;
        int seen;
        lock.lock();
        try {
            while (!outcomes.isEmpty() && now - outcomes.getFirst().at > remembered) {
                outcomes.removeFirst();
            }
            seen = outcomes.size();
            latencies = outcomes.stream()
                    .mapToLong(Outcome::latency)
                    .filter(latency -> latency != FAILED)
                    .sorted()
                    .toArray();
        } finally {
            lock.unlock();
        }
        double rate = seen == 0 ? 0 : (double) (seen - latencies.length) / seen;
        long median = latencies.length < ENOUGH_TO_TIME ? 0 : latencies[latencies.length / 2];
        return new State(seen, rate, median, seen < ENOUGH_TO_BLAME || rate < SICK);
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
