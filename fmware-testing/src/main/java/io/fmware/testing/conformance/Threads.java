package io.fmware.testing.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Threads of the kit. */
final class Threads {

    private Threads() {}

    /** Runs a task on a number of threads at once and waits for them all; throws what the first that failed threw. */
    static void run(int count, IntConsumer task) {
        CountDownLatch start = new CountDownLatch(1);
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int index = i;
            threads.add(start(() -> {
                try {
                    start.await();
                    task.accept(index);
                } catch (Throwable e) {
                    failure.compareAndSet(null, e);
                }
            }));
        }
        start.countDown();
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for concurrent calls", e);
        }
        if (failure.get() != null) {
            throw new AssertionError("a concurrent call failed: " + failure.get(), failure.get());
        }
    }

    /** Starts a daemon thread. */
    static Thread start(Runnable task) {
        Thread thread = new Thread(task, "conformance");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
