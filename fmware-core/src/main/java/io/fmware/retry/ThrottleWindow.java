package io.fmware.retry;

import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/** The requests and the accepts of one model in the last time, in twenty slots. Thread-safe. */
final class ThrottleWindow {
    private static final int SLOTS = 20;

    private final ReentrantLock lock = new ReentrantLock();
    private final long slotNanos;
    private final int[] requests = new int[SLOTS];
    private final int[] accepts = new int[SLOTS];
    private boolean begun;
    private long slotBegan;
    private int current;
    private long allRequests;
    private long allAccepts;

    ThrottleWindow(long windowNanos) {
        this.slotNanos = Math.max(1, windowNanos / SLOTS);
    }

    /**
     * The probability with which a call is to be refused now.
     *
     * @param now the reading of a monotonic clock
     */
    double refused(long now, double k) {
        lock.lock();
        try {
            move(now);
            return probability(k);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Counts a request, once it is known what became of it: counted at its start, the calls of a slow model would look like
     * failures until they end.
     *
     * @param accepted whether the model took it; false for one that was refused here
     */
    void count(long now, boolean accepted) {
        lock.lock();
        try {
            move(now);
            requests[current]++;
            allRequests++;
            if (accepted) {
                accepts[current]++;
                allAccepts++;
            }
        } finally {
            lock.unlock();
        }
    }

    /** The probability as of the last call. */
    double refused(double k) {
        lock.lock();
        try {
            return probability(k);
        } finally {
            lock.unlock();
        }
    }

    private double probability(double k) {
        return Math.max(0, (allRequests - k * allAccepts) / (allRequests + 1));
    }

    /** Forgets what is too old; after a long time, all of it. */
    private void move(long now) {
        if (!begun) {
            begun = true;
            slotBegan = now;
            return;
        }
        long passed = (now - slotBegan) / slotNanos;
        if (passed >= SLOTS) {
            Arrays.fill(requests, 0);
            Arrays.fill(accepts, 0);
            allRequests = 0;
            allAccepts = 0;
            slotBegan = now;
            return;
        }
        for (long i = 0; i < passed; i++) {
            current = (current + 1) % SLOTS;
            allRequests -= requests[current];
            allAccepts -= accepts[current];
            requests[current] = 0;
            accepts[current] = 0;
            slotBegan += slotNanos;
        }
    }
}
