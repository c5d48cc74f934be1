package io.fmware.retry;

import io.fmware.Durations;
import io.fmware.FmCall;
import io.fmware.OverloadedException;
import io.fmware.TimeSource;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.event.CircuitBreakerOnStateTransitionEvent;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The breaker of one model. Made with the time of the pipeline that asks it first. Thread-safe. */
final class Circuit {
    private static final Logger log = LoggerFactory.getLogger(Breaker.class);

    private final String model;
    private final BreakerSettings settings;
    private final AtomicReference<@Nullable Core> core = new AtomicReference<>();

    Circuit(String model, BreakerSettings settings) {
        this.model = model;
        this.settings = settings;
    }

    /**
     * What needs to know the time. Everything that may change the state holds the lock: Resilience4j sets a state first and
     * tells of it afterwards, and in between nobody must go by when the one before began.
     */
    private static final class Core {
        private final ReentrantLock lock = new ReentrantLock();
        private final TimeSource time;
        private final CircuitBreaker breaker;
        private final Queue<String> actions = new ConcurrentLinkedQueue<>();
        /** When the state that it is in began. Guarded by the lock. */
        private long since;

        Core(String model, BreakerSettings settings, TimeSource time) {
            this.time = time;
            this.breaker = CircuitBreaker.of(model, settings.config(new MonotonicClock(time)));
            breaker.getEventPublisher().onStateTransition(this::changed);
        }

        private void changed(CircuitBreakerOnStateTransitionEvent event) {
            since = time.nanoTime();
            CircuitBreaker.State state = event.getStateTransition().getToState();
            log.debug("breaker of {}: {}", event.getCircuitBreakerName(), event.getStateTransition());
            actions.add(
                    switch (state) {
                        case OPEN -> Breaker.OPENED;
                        case HALF_OPEN -> Breaker.PROBING;
                        default -> Breaker.CLOSED;
                    });
        }

        private Duration inState() {
            return Duration.ofNanos(Math.max(0, time.nanoTime() - since));
        }
    }

    private Core core(FmCall call) {
        Core known = core.get();
        if (known != null) {
            return known;
        }
        core.compareAndSet(null, new Core(model, settings, call.time()));
        return Objects.requireNonNull(core.get());
    }

    /** Lets a call through, to end in one of the methods of what is returned, or returns {@code null}. */
    @Nullable
    Passage enter(FmCall call) {
        Core of = core(call);
        of.lock.lock();
        try {
            if (of.breaker.tryAcquirePermission()) {
                return new Passage(of);
            }
            boolean stuck = of.breaker.getState() == CircuitBreaker.State.HALF_OPEN
                    && of.inState().compareTo(settings.probesWithin()) > 0;
            if (stuck) {
                of.breaker.transitionToOpenState(); // then others are let through in place of those that do not end
            }
            return null;
        } finally {
            of.lock.unlock();
        }
    }

    /** What to tell of changes of state, once each. */
    @Nullable
    String nextAction() {
        Core known = core.get();
        return known == null ? null : known.actions.poll();
    }

    OverloadedException refusal(FmCall call, String interceptor) {
        Core of = core(call);
        of.lock.lock();
        try {
            return refusal(of, interceptor);
        } finally {
            of.lock.unlock();
        }
    }

    private OverloadedException refusal(Core of, String interceptor) {
        CircuitBreaker.State state = of.breaker.getState();
        if (state == CircuitBreaker.State.HALF_OPEN) {
            return new OverloadedException(
                    model + " failed too often, and interceptor '" + interceptor
                            + "' lets no more calls through than its probes (" + settings.probes()
                            + ") until those have ended; ask again later, or turn to another model with Fallback",
                    null);
        }
        Duration left = settings.openFor().minus(of.inState());
        boolean over = left.isNegative() || state != CircuitBreaker.State.OPEN; // the probes have ended meanwhile
        Duration retryAfter = over ? Duration.ZERO : left;
        return new OverloadedException(
                model + " failed too often (" + share(of) + "), so interceptor '" + interceptor
                        + "' lets no call through for another " + Durations.text(retryAfter)
                        + "; ask again later, or turn to another model with Fallback",
                null,
                retryAfter);
    }

    private static String share(Core of) {
        CircuitBreaker.Metrics metrics = of.breaker.getMetrics();
        int calls = metrics.getNumberOfBufferedCalls();
        return String.format(
                Locale.ROOT,
                "%d of %d calls failed, %d were slow",
                metrics.getNumberOfFailedCalls(),
                calls,
                metrics.getNumberOfSlowCalls());
    }

    Breaker.State state() {
        Core known = core.get();
        if (known == null) {
            return Breaker.State.CLOSED;
        }
        return switch (known.breaker.getState()) {
            case OPEN -> Breaker.State.OPEN;
            case HALF_OPEN -> Breaker.State.PROBING;
            default -> Breaker.State.CLOSED;
        };
    }

    /**
     * A call that was let through. What becomes of it counts only as long as the breaker is in the state in which it was let
     * through: a call from before an outage that ends much later is no probe, and gives back no permission of one. Resilience4j
     * makes new metrics for each such period, by which they are told apart.
     */
    static final class Passage {
        private final Core of;
        private final CircuitBreaker.Metrics period;
        private final long begun;

        private Passage(Core of) {
            this.of = of;
            this.period = of.breaker.getMetrics();
            this.begun = of.time.nanoTime();
        }

        private long nanos() {
            return Math.max(0, of.time.nanoTime() - begun);
        }

        void succeeded() {
            ends(() -> of.breaker.onSuccess(nanos(), TimeUnit.NANOSECONDS));
        }

        void failed(Throwable failure) {
            ends(() -> of.breaker.onError(nanos(), TimeUnit.NANOSECONDS, failure));
        }

        /** Gives the permission back, since nothing is known of the model. */
        void withoutResult() {
            ends(of.breaker::releasePermission);
        }

        private void ends(Runnable how) {
            of.lock.lock();
            try {
                if (of.breaker.getMetrics() == period) {
                    how.run();
                }
            } finally {
                of.lock.unlock();
            }
        }
    }
}
