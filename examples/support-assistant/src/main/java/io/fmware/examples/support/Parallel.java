package io.fmware.examples.support;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/** Does the same to many things on a few threads of its own, which have ended when it returns. */
final class Parallel {
    private static final int SECONDS_TO_END = 10;

    private Parallel() {}

    /** The results, in the order of the inputs. */
    static <T, R> List<R> map(List<T> inputs, int threads, Function<? super T, ? extends R> work) {
        List<R> results = new ArrayList<>();
        forEach(inputs, threads, work, results::add);
        return results;
    }

    /** Hands each result on as soon as it and all before it are there, on the calling thread. */
    static <T, R> void forEach(
            List<T> inputs, int threads, Function<? super T, ? extends R> work, Consumer<? super R> results) {
        AtomicInteger number = new AtomicInteger();
        ExecutorService pool = Executors.newFixedThreadPool(
                threads, task -> new Thread(task, "assistant-" + number.incrementAndGet()));
        try {
            List<Future<R>> futures = new ArrayList<>();
            inputs.forEach(input -> futures.add(pool.submit(() -> work.apply(input))));
            for (Future<R> future : futures) {
                results.accept(future.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the other threads", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } finally {
            end(pool);
        }
    }

    private static void end(ExecutorService pool) {
        pool.shutdownNow();
        try {
            if (!pool.awaitTermination(SECONDS_TO_END, TimeUnit.SECONDS)) {
                throw new IllegalStateException("a thread is still at work");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
