package io.fmware;

import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs two actions as much at once as can be: one on the thread of the test, the other on a second one. */
final class AtOnce implements AutoCloseable {
    private final ExecutorService second = Executors.newSingleThreadExecutor();

    void run(Runnable one, Runnable other) {
        CyclicBarrier start = new CyclicBarrier(2);
        Future<?> done = second.submit(() -> {
            meet(start);
            other.run();
        });
        meet(start);
        one.run();
        try {
            done.get(Rig.BOUND_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the second thread failed or hangs", e);
        }
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(Rig.BOUND_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        second.shutdownNow();
    }
}
