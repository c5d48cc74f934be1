package io.fmware.http;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Where the JDK's client runs its own steps. What it does when bytes arrive never blocks, so a few daemon threads serve any
 * number of streams. What it does to begin a request may block, on the look-up of a host name, and runs on the thread of
 * the caller, so that one slow name server cannot stop the streams of others.
 */
final class HttpThreads implements Executor {

    private static final HttpThreads SHARED = new HttpThreads();
    private static final ThreadLocal<Boolean> BEGINNING = new ThreadLocal<>();

    private final ThreadPoolExecutor pool;

    private HttpThreads() {
        int size = Math.max(4, Runtime.getRuntime().availableProcessors());
        AtomicInteger count = new AtomicInteger();
        pool = new ThreadPoolExecutor(size, size, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(null, task, "fmware-http-" + count.incrementAndGet(), 0, false);
            thread.setDaemon(true);
            thread.setContextClassLoader(HttpThreads.class.getClassLoader());
            return thread;
        });
        pool.allowCoreThreadTimeOut(true);
    }

    static Executor executor() {
        return SHARED;
    }

    /** Runs the beginning of a request on the calling thread. */
    static <T> T onCaller(Supplier<T> beginning) {
        BEGINNING.set(true);
        try {
            return beginning.get();
        } finally {
            BEGINNING.remove();
        }
    }

    @Override
    public void execute(Runnable task) {
        if (BEGINNING.get() != null) {
            task.run();
        } else {
            pool.execute(task);
        }
    }
}
