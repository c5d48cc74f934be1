package io.fmware.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class VectorIndexStressTest {
    private static final int DIMENSION = 64;
    private static final int SEARCHERS = 3;
    private static final int CHANGES = 6000;

    /** What an entry stands for: when it was removed, in removals; none before it was. */
    private static final class Life {
        volatile int removed = Integer.MAX_VALUE;
    }

    private final AtomicInteger removals = new AtomicInteger();

    @Test
    void searches_see_what_stays_and_nothing_that_is_gone() throws Exception {
        VectorIndex<Life> index = new VectorIndex<>(DIMENSION);
        Clusters vectors = new Clusters(1, DIMENSION, 20);
        float[] lasting = vectors.next();
        VectorIndex.Handle<Life> stays = index.add(lasting, new Life());
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(SEARCHERS);
        try {
            List<Future<Integer>> searches = new ArrayList<>();
            for (int i = 0; i < SEARCHERS; i++) {
                searches.add(threads.submit(() -> search(index, stays, lasting, done)));
            }
            change(index, vectors);
            done.set(true);
            for (Future<Integer> search : searches) {
                assertThat(search.get()).isPositive();
            }
        } finally {
            done.set(true);
            threads.shutdownNow();
        }
        assertThat(index.size()).isEqualTo(1);
        assertThat(index.capacity()).isEqualTo(VectorIndex.LEAST_CAPACITY);
    }

    /** Grows it past what is compared exactly, replaces entries, and empties it, twice. */
    private void change(VectorIndex<Life> index, Clusters vectors) {
        Deque<VectorIndex.Handle<Life>> there = new ArrayDeque<>();
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < CHANGES; i++) {
                there.add(index.add(vectors.next(), new Life()));
                if (there.size() > VectorIndex.EXACT * 2) {
                    remove(index, there.remove());
                }
            }
            while (!there.isEmpty()) {
                remove(index, there.removeLast());
            }
        }
    }

    private void remove(VectorIndex<Life> index, VectorIndex.Handle<Life> entry) {
        assertThat(index.remove(entry)).isTrue();
        entry.value().removed = removals.incrementAndGet();
    }

    private int search(VectorIndex<Life> index, VectorIndex.Handle<Life> stays, float[] lasting, AtomicBoolean done) {
        int searches = 0;
        do {
            int before = removals.get();
            List<VectorIndex.Match<Life>> matches = index.nearest(lasting, 5);
            assertThat(matches)
                    .extracting(VectorIndex.Match::handle)
                    .contains(stays)
                    .doesNotHaveDuplicates();
            assertThat(matches).allMatch(match -> match.value().removed > before);
            searches++;
        } while (!done.get());
        return searches;
    }
}
