package io.fmware.cache;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.model.embedding.EmbeddingModel;
import io.fmware.CancelledException;
import io.fmware.DeadlineExceededException;
import io.fmware.FmCall;
import io.fmware.FmRun;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Embeds questions, as long as that does not take too long and somebody waits for it. Thread-safe. */
final class Embedder {
    /** Each takes a thread; with so many under way the model is stuck, and more would not help it. */
    private static final int MOST_AT_ONCE = 256;

    /** Longer than the pauses of a busy application, so that it makes no thread for each question. */
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
     * The vector of a question. An embedding that nobody waits for any more is interrupted.
     *
     * @param call for which it is wanted, by its deadline at the latest
     * @throws CancelledException if the call is cancelled or the thread interrupted meanwhile
     * @throws DeadlineExceededException if the deadline of the call passes first
     * @throws IllegalStateException if the model fails, takes longer than this has patience, or is asked too much at once
     */
    Embedding embed(FmCall call, String question) {
        CompletableFuture<Embedding> vector = new CompletableFuture<>();
        Future<?> work = start(question, vector);
        FmCall patient = call.withDeadline(patience);
        try {
            patient.await(vector, "embedding the question");
        } catch (CancelledException e) {
            work.cancel(true);
            throw e;
        } catch (DeadlineExceededException e) {
            work.cancel(true);
            if (patient.deadline() == call.deadline()) { // it came before the patience was over
                throw e;
            }
            throw new IllegalStateException("a question was not embedded within " + patience, e);
        }
        try {
            return vector.join();
        } catch (CompletionException e) {
            throw new IllegalStateException("a question could not be embedded", e.getCause());
        }
    }

    private Future<?> start(String question, CompletableFuture<Embedding> vector) {
        Callable<Embedding> embedding =
                FmRun.carrying((Callable<Embedding>) () -> model.embed(question).content());
        try {
            return threads.submit(() -> {
                try {
                    vector.complete(embedding.call());
                } catch (Throwable e) {
                    vector.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            throw new IllegalStateException(
                    "more than " + MOST_AT_ONCE + " questions are being embedded at once; is the model too slow?", e);
        }
    }
}
