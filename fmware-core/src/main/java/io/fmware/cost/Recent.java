package io.fmware.cost;

import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/** The last numbers of some kind, and their quantiles. Thread-safe. */
final class Recent {
    static final int MOST = 128;

    private final ReentrantLock lock = new ReentrantLock();
    private final double[] ring = new double[MOST];
    private long added;
    private volatile double[] sorted = {};

    void add(double number) {
        lock.lock();
        try {
            int at = (int) (added++ % MOST);
            sorted = added <= MOST ? with(sorted, number) : replaced(sorted, ring[at], number);
            ring[at] = number;
        } finally {
            lock.unlock();
        }
    }

    private static double[] with(double[] numbers, double added) {
        double[] next = Arrays.copyOf(numbers, numbers.length + 1);
        int at = place(numbers, added);
        System.arraycopy(numbers, at, next, at + 1, numbers.length - at);
        next[at] = added;
        return next;
    }

    private static double[] replaced(double[] numbers, double removed, double added) {
        double[] next = numbers.clone();
        int from = place(numbers, removed);
        int to = place(numbers, added);
        if (to > from) {
            to--; // what is removed stood before it
            System.arraycopy(numbers, from + 1, next, from, to - from);
        } else {
            System.arraycopy(numbers, to, next, to + 1, from - to);
        }
        next[to] = added;
        return next;
    }

    /** Where a number stands, or is to be put. */
    private static int place(double[] numbers, double number) {
        int found = Arrays.binarySearch(numbers, number);
        return found >= 0 ? found : -found - 1;
    }

    int size() {
        return sorted.length;
    }

    /** The quantile that the next number exceeds with no more than the given chance: the (n + 1) q-th of n (split conformal prediction). */
    double quantile(double q) {
        double[] numbers = sorted;
        if (numbers.length == 0) {
            return Double.NaN;
        }
        int rank = (int) Math.ceil((numbers.length + 1) * q);
        return numbers[Math.min(Math.max(rank, 1), numbers.length) - 1];
    }
}
