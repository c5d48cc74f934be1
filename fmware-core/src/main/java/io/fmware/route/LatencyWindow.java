package io.fmware.route;

import java.util.concurrent.locks.ReentrantLock;

/**
 * A quantile of the last 512 latencies. Each is kept as one of 32 classes for every doubling, so the quantile is too high by a
 * thirty-second at most and costs no sorting. Thread-safe.
 */
final class LatencyWindow {
    static final int SIZE = 512;
    private static final int CLASS_BITS = 5;
    private static final int CLASSES = 1 << CLASS_BITS;
    private static final int REFRESH = 16;
    private static final long UNKNOWN = -1;

    private final double quantile;
    private final int least;
    private final ReentrantLock lock = new ReentrantLock();
    private final short[] recent = new short[SIZE];
    private final int[] counts = new int[Long.SIZE * CLASSES];
    private int next;
    private int filled;
    private int sinceRefresh;
    private volatile long value = UNKNOWN;

    /**
     * @param quantile between 0 and 1
     * @param least how many latencies must be known before the quantile is
     */
    LatencyWindow(double quantile, int least) {
        this.quantile = quantile;
        this.least = least;
    }

    void add(long nanos) {
        short of = (short) classOf(Math.max(0, nanos));
        lock.lock();
        try {
            if (filled == SIZE) {
                counts[recent[next]]--;
            } else {
                filled++;
            }
            recent[next] = of;
            counts[of]++;
            next = (next + 1) % SIZE;
            if (filled >= least && (++sinceRefresh >= REFRESH || value == UNKNOWN)) {
                sinceRefresh = 0;
                value = find();
            }
        } finally {
            lock.unlock();
        }
    }

    private long find() {
        int above = (int) Math.floor((1 - quantile) * filled + 1e-9);
        int at = counts.length;
        int seen = 0;
        while (seen <= above) {
            seen += counts[--at];
        }
        return highest(at);
    }

    /** The quantile in nanoseconds, negative while too little is known. */
    long value() {
        return value;
    }

    private static int classOf(long nanos) {
        int doublings = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(nanos) - CLASS_BITS - 1);
        return doublings * CLASSES + (int) (nanos >>> doublings);
    }

    private static long highest(int of) {
        int doublings = Math.max(0, of / CLASSES - 1);
        long steps = of - (long) doublings * CLASSES;
        return ((steps + 1) << doublings) - 1;
    }
}
