package io.fmware;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What the calls of one pipeline share: time, threads, context, metrics, and the count of those under way. Thread-safe. */
final class Engine {
    private static final Duration TO_UNWIND = Duration.ofSeconds(1);
    private static final String CLOSED = "the pipeline was closed";

    private final TimeSource time;
    private final Executor executor;
    private final @Nullable ExecutorService ownExecutor;
    private final List<ContextCarrier> carriers;
    private final List<Interceptor> interceptors;
    private final Map<String, InterceptorSwitch> switches;
    private final FmMetrics metrics;
    private final boolean measuring;
    private final long maxRequestCharacters;

    private final LongAdder started = new LongAdder();
    private final LongAdder ended = new LongAdder();
    private final Set<Cancellation> cancellable = ConcurrentHashMap.newKeySet();
    private final Gate drained;
    private volatile boolean closed;
    private volatile boolean cancelling;

    Engine(
            TimeSource time,
            @Nullable Executor executor,
            List<ContextCarrier> carriers,
            List<Interceptor> interceptors,
            Map<String, InterceptorSwitch> switches,
            FmMetrics metrics,
            long maxRequestCharacters) {
        this.time = time;
        if (executor == null) {
            ExecutorService own = FmThreads.create();
            this.executor = own;
            this.ownExecutor = own;
        } else {
            this.executor = executor;
            this.ownExecutor = null;
        }
        this.carriers = carriers;
        this.interceptors = interceptors;
        this.switches = switches;
        this.metrics = SafeMetrics.of(metrics);
        this.measuring = metrics != NoMetrics.INSTANCE;
        this.maxRequestCharacters = maxRequestCharacters;
        this.drained = new Gate(time);
    }

    TimeSource time() {
        return time;
    }

    /** Those that a call goes through; the same list as long as nothing is switched. */
    List<Interceptor> interceptors(CallScope scope) {
        boolean all = !scope.isReplayed();
        for (InterceptorSwitch each : switches.values()) {
            all &= !each.skips(scope);
        }
        return all
                ? interceptors
                : interceptors.stream().filter(each -> !passedBy(each, scope)).toList();
    }

    private boolean passedBy(Interceptor interceptor, CallScope scope) {
        return Objects.requireNonNull(switches.get(interceptor.name())).skips(scope)
                || (scope.isReplayed() && interceptor.phase().dependsOnTiming());
    }

    FmMetrics metrics() {
        return metrics;
    }

    long maxRequestCharacters() {
        return maxRequestCharacters;
    }

    /** Runs a task on a thread of the pipeline; where none is to be had the call is refused. */
    void execute(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            if (e instanceof OutOfMemoryError && !String.valueOf(e.getMessage()).contains("native thread")) {
                throw e; // of the heap; where the machine has no thread left the message says so
            }
            if (closed) {
                throw closed(e);
            }
            throw new OverloadedException(
                    "no thread is free for this call; give the pipeline more threads with FmPipeline.builder().executor(..),"
                            + " or limit the calls that run at once",
                    e);
        }
    }

    CarriedContext captureContext() {
        return CarriedContext.capture(carriers);
    }

    /** The reading of the clock at the start of a call, for {@link #callEnded}; 0 where nobody measures. */
    long begin() {
        started.increment();
        if (closed) {
            end();
            throw closed(null);
        }
        return measuring ? time.nanoTime() : 0;
    }

    private static IllegalStateException closed(@Nullable Throwable cause) {
        return new IllegalStateException("this pipeline is closed; keep it open as long as its models are used", cause);
    }

    void end() {
        ended.increment();
        if (closed && underWay() == 0) {
            drained.open();
        }
    }

    /** Reports a call that began at {@code begun}. */
    void callEnded(
            Operation operation,
            Mode mode,
            long begun,
            @Nullable Duration timeToFirstOutput,
            int attempts,
            @Nullable FmReply reply,
            @Nullable Throwable error) {
        if (measuring) {
            Duration duration = Duration.ofNanos(time.nanoTime() - begun);
            metrics.callEnded(
                    reply != null && error == null
                            ? CallOutcome.answered(operation, mode, duration, timeToFirstOutput, reply)
                            : CallOutcome.failed(operation, mode, duration, timeToFirstOutput, attempts, error));
        }
    }

    /** Runs a call that does not stream to its end; the caller reports {@link #end()} once the answer is delivered. */
    FmReply run(Chain chain, FmCall call, long begun) {
        FmReply reply = null;
        Throwable error = null;
        try {
            reply = chain.proceed(call).to(call.operation());
            return reply;
        } catch (Throwable t) {
            error = t;
            throw t;
        } finally {
            call.scope().end();
            callEnded(call.operation(), call.mode(), begun, null, call.scope().attempts(), reply, error);
        }
    }

    /** Makes a call known that can be cancelled when the pipeline closes. */
    void track(Cancellation cancellation) {
        cancellable.add(cancellation);
        if (cancelling) {
            cancellation.cancel(CLOSED, null);
        }
    }

    void untrack(Cancellation cancellation) {
        cancellable.remove(cancellation);
    }

    long underWay() {
        // Ends first: a call counted as ended was counted as started before.
        long done = ended.sum();
        return started.sum() - done;
    }

    /** Refuses new calls, waits for those under way, then cancels the rest; returns how many it did not see the end of. */
    long close(Duration patience) {
        closed = true;
        boolean interrupted = awaitDrained(patience);
        if (underWay() > 0) {
            cancelling = true;
            cancellable.forEach(c -> c.cancel(CLOSED, null));
            interrupted |= awaitDrained(TO_UNWIND);
        }
        long left = underWay();
        if (ownExecutor != null) {
            ownExecutor.shutdown();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return left;
    }

    /** Returns whether the wait was cut short by an interrupt. */
    private boolean awaitDrained(Duration patience) {
        if (underWay() == 0 || patience.isZero()) {
            return false;
        }
        try {
            drained.await(Cancellation.NEVER, Deadline.after(time, patience));
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }
}
