package io.fmware;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Runs each task in the run and at the place of the thread that hands it over. What was submitted is carried inside of
 * its future, so that {@link #shutdownNow} gives the futures that the application holds.
 */
final class CarryingExecutorService extends AbstractExecutorService {
    private final ExecutorService executor;

    private static final class Carried<T> extends FutureTask<T> {
        Carried(Callable<T> task) {
            super(task);
        }
    }

    CarryingExecutorService(ExecutorService executor) {
        this.executor = executor;
    }

    @Override
    protected <T> RunnableFuture<T> newTaskFor(Runnable task, T value) {
        return new Carried<>(FmRun.carrying(Executors.callable(task, value)));
    }

    @Override
    protected <T> RunnableFuture<T> newTaskFor(Callable<T> task) {
        return new Carried<>(FmRun.carrying(task));
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(task instanceof Carried<?> ? task : FmRun.carrying(task));
    }

    @Override
    public void shutdown() {
        executor.shutdown();
    }

    @Override
    public List<Runnable> shutdownNow() {
        return executor.shutdownNow();
    }

    @Override
    public boolean isShutdown() {
        return executor.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return executor.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return executor.awaitTermination(timeout, unit);
    }
}
