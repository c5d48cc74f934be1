package io.fmware.cache;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.model.embedding.EmbeddingModel;
import io.fmware.FmRun;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Embeds questions, as long as that does not take too long. Thread-safe. */
final class Embedder {
    private static final int MOST_AT_ONCE = 256;
    private static final int IDLE_SECONDS = 10;

    private final EmbeddingModel model;
    private final Duration patience;
    private final ThreadPoolExecutor threads;

    Embedder(EmbeddingModel model, Duration patience) {
        this.model = model;
        this.patience = patience;
        this.threads = new ThreadPoolExecutor(
                0, MOST_AT_ONCE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(null, task, "fmware-cache-embedder", 0, false);
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /**
     * The vector of a question.
     *
     * @throws IllegalStateException if the model fails, takes too long, or is asked too much at once
     */
    Embedding embed(String question) {
        Callable<Embedding> task =
                FmRun.carrying((Callable<Embedding>) () -> model.embed(question).content());
        Future<Embedding> vector;
        try {
            vector = threads.submit(task);
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException(
                    "more than " + MOST_AT_ONCE + " questions are being embedded at once; is the model too slow?", e);
        }
        try {
            return vector.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            vector.cancel(true);
            throw new IllegalStateException("a question was not embedded within " + patience, e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a question could not be embedded", e.getCause());
        } catch (InterruptedException e) {
            vector.cancel(true);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a question was embedded", e);
        }
    }
}
