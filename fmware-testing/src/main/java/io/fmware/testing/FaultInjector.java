package io.fmware.testing;

import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Counts the calls of one model, draws their faults and keeps the record. Thread-safe. */
final class FaultInjector {

    private final Faults faults;
    private final AtomicLong calls = new AtomicLong();
    private final List<InjectedFault> injected = new CopyOnWriteArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    FaultInjector(Faults faults) {
        this.faults = faults;
    }

    /** The fault of the next call, if it has one. */
    @Nullable
    InjectedFault next() {
        long call = calls.incrementAndGet();
        Optional<Fault> fault = faults.on(call);
        if (fault.isEmpty()) {
            return null;
        }
        InjectedFault chosen = new InjectedFault(call, fault.get());
        injected.add(chosen);
        return chosen;
    }

    List<InjectedFault> injected() {
        return List.copyOf(injected);
    }

    Faults faults() {
        return faults;
    }

    /** The exception of a fault that keeps the model from being called, or null if it is called. */
    static @Nullable RuntimeException refusal(InjectedFault fault) {
        return switch (fault.fault()) {
            case RATE_LIMIT ->
                new RateLimitException(message(fault, "rate limit"), new HttpException(429, "Too Many Requests"));
            case TIMEOUT -> new TimeoutException(message(fault, "timeout"));
            case SERVER_ERROR ->
                new InternalServerException(
                        message(fault, "server error"), new HttpException(500, "Internal Server Error"));
            default -> null;
        };
    }

    static String message(InjectedFault fault, String what) {
        return "injected " + what + " on call " + fault.call();
    }

    /** Stands still for the time of the plan, or until there is a reason to stop or an interrupt. */
    void stall(BooleanSupplier stop) {
        long until = faults.time().nanoTime() + faults.stall().toNanos();
        ScriptPlayer.interruptibly(() -> {
            lock.lockInterruptibly();
            try {
                while (!stop.getAsBoolean() && until - faults.time().nanoTime() > 0) {
                    faults.time().await(changed, lock, until);
                }
            } finally {
                lock.unlock();
            }
        });
    }

    void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
