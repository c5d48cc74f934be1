package io.fmware;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The threads of a pipeline that was given none: virtual ones where the JVM has them (21 and later), else a pool of daemon
 * threads without a queue, which refuses work rather than to let a stream wait behind others.
 */
final class FmThreads {
    static final int MOST_PLATFORM_THREADS = 8192;
    private static final int IDLE_SECONDS = 30;

    private FmThreads() {}

    static ExecutorService create() {
        MethodHandle virtual;
        try {
            virtual = MethodHandles.publicLookup()
                    .findStatic(
                            Executors.class,
                            "newVirtualThreadPerTaskExecutor",
                            MethodType.methodType(ExecutorService.class));
        } catch (NoSuchMethodException | IllegalAccessException e) {
            return platform(MOST_PLATFORM_THREADS); // JDK 17 to 20
        }
        try {
            return (ExecutorService) virtual.invokeExact();
        } catch (Throwable t) {
            throw new IllegalStateException("this JVM has virtual threads but cannot create them", t);
        }
    }

    static ExecutorService platform(int most) {
        AtomicLong number = new AtomicLong();
        return new ThreadPoolExecutor(0, most, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            // Not inheriting thread-locals: a pooled thread would keep those of whoever called first.
            Thread thread = new Thread(null, task, "fmware-" + number.incrementAndGet(), 0, false);
            thread.setDaemon(true);
            return thread;
        });
    }
}
