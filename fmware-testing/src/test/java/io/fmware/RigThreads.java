package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/** Threads for a pipeline under test, which notice what a task leaves behind. */
final class RigThreads implements Executor {
    private final AtomicInteger number = new AtomicInteger();
    private final AtomicInteger busy = new AtomicInteger();
    private final List<String> breaches = new CopyOnWriteArrayList<>();
    private final ExecutorService pool = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "rig-" + number.incrementAndGet());
        thread.setDaemon(true);
        return thread;
    });

    @Override
    public void execute(Runnable task) {
        busy.incrementAndGet();
        try {
            pool.execute(() -> run(task));
        } catch (RejectedExecutionException e) {
            busy.decrementAndGet();
            throw e;
        }
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (Throwable t) {
            breaches.add("a task threw " + t);
        } finally {
            if (Thread.interrupted()) {
                breaches.add("a task left its thread interrupted");
            }
            busy.decrementAndGet();
        }
    }

    void awaitIdle() {
        Awaitility.await("all threads of the pipeline to be free again")
                .pollInterval(Duration.ofMillis(1))
                .atMost(Duration.ofSeconds(Rig.BOUND_SECONDS))
                .until(() -> busy.get() == 0);
    }

    /** Waits until nothing runs and reports what was left behind. */
    void verifyAndClose() {
        awaitIdle();
        pool.shutdown();
        assertThat(breaches).as("what tasks left behind").isEmpty();
    }
}
