package io.fmware.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ChangesStressTest {
    private static final int THREADS = 8;
    private static final int ROUNDS = 100_000;

    /** How many changes of one thread are not seen, right after they were told. */
    private static int lost(Changes changes, int thread) {
        int lost = 0;
        for (int i = 0; i < ROUNDS; i++) {
            Dependency mine = Dependency.prompt(thread + " " + i % 3);
            long seen = changes.now();
            changes.changed(mine);
            lost += changes.isAsSeen(mine, seen) ? 1 : 0;
        }
        return lost;
    }

    @Test
    @Timeout(60)
    void no_change_is_lost_where_several_threads_tell_more_than_can_be_kept() throws Exception {
        Changes changes = new Changes(4);
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<Integer>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                all.add(threads.submit(() -> {
                    start.await();
                    return lost(changes, thread);
                }));
            }
            start.countDown();
            for (Future<Integer> each : all) {
                assertThat(each.get()).isZero();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
