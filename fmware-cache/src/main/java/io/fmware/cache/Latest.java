package io.fmware.cache;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * What was added last, within a bound. Not thread-safe.
 *
 * @param <T> what is kept
 */
final class Latest<T> {
    private final int most;
    private final long heaviest;
    private final ToIntFunction<? super T> weigher;
    private final Deque<T> all = new ArrayDeque<>(0);
    private long weight;

    /**
     * @param most how many at most
     * @param heaviest how much they may weigh together; one that is heavier is not kept
     */
    Latest(int most, long heaviest, ToIntFunction<? super T> weigher) {
        this.most = most;
        this.heaviest = heaviest;
        this.weigher = weigher;
    }

    void add(T one) {
        all.addLast(one);
        weight += weigher.applyAsInt(one);
        while (all.size() > most || weight > heaviest) {
            weight -= weigher.applyAsInt(all.removeFirst());
        }
    }

    /** From the first to the last. */
    List<T> all() {
        return List.copyOf(all);
    }
}
