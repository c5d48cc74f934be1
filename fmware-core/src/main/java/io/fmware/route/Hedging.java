package io.fmware.route;

import io.fmware.Chain;
import io.fmware.FmCall;
import io.fmware.FmReply;
import io.fmware.Interceptor;
import io.fmware.PerModel;
import io.fmware.Phase;
import io.fmware.Shares;
import io.fmware.TimeSource;
import io.fmware.TokenSink;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Asks the same model a second time where it is slower than usual, and takes the answer that comes first (hedged requests:
 * Dean and Barroso, "The Tail at Scale", 2013). The other attempt is cancelled at once, and has ended when the answer is handed
 * up. One that fails waits for the other; when both fail the failure of the first is thrown, with that of the second suppressed.
 *
 * <p>The second attempt starts after the 95th percentile of the model's latency, taken from the last 512 calls that succeeded;
 * of a stream the time to its first output counts, and the attempt that emits first goes on, live. An event of the provider that
 * langchain4j has no type for is no output. Second attempts are at most a share of all calls, 5 % by default, from the first
 * call on.
 *
 * <p>A call that may be hedged asks the model on a thread of its own, so that it can be abandoned, and holds one more for the
 * second attempt until it is decided. A call that cannot be hedged, as too little is known of the model, it answers too quickly,
 * or the share is used up, goes on as if this were not there. It fails open: where no thread is free the first attempt simply
 * goes on.
 *
 * <p>Chat calls alone. Thread-safe.
 */
public final class Hedging implements Interceptor {
    /** What {@link io.fmware.FmMetrics#interceptorActed} is told when a second attempt starts. */
    public static final String HEDGED = "hedged";

    /** What {@link io.fmware.FmMetrics#interceptorActed} is told when the second attempt comes first. */
    public static final String WON = "hedge won";

    /** What {@link io.fmware.FmMetrics#interceptorActed} is told when a second attempt is due but the share is used up. */
    public static final String REFUSED = "budget refused";

    private static final double P95 = 0.95;
    private static final long NEVER = -1;

    private final @Nullable Duration fixed;
    private final double quantile;
    private final int samples;
    private final double share;
    private final Duration least;
    private final String name;
    private final PerModel<State> states;

    private Hedging(Builder builder) {
        this.fixed = builder.fixed;
        this.quantile = builder.quantile;
        this.samples = builder.samples;
        this.share = builder.share;
        this.least = builder.least;
        this.name = builder.name;
        this.states = PerModel.of(model -> new State(quantile, samples, share));
    }

    /** What is known of one model: how long it takes to its first output, to its whole answer, and what may be spent on it. */
    static final class State {
        private final LatencyWindow firstOutput;
        private final LatencyWindow whole;
        final ExtraCalls budget;

        State(double quantile, int samples, double share) {
            this.firstOutput = new LatencyWindow(quantile, samples);
            this.whole = new LatencyWindow(quantile, samples);
            this.budget = new ExtraCalls(share);
        }
    }

    /**
     * Hedges after the 95th percentile of each model's latency.
     *
     * @return the interceptor
     */
    public static Hedging afterP95() {
        return builder().build();
    }

    /**
     * Hedges after a fixed time.
     *
     * @param delay the time, positive
     * @return the interceptor
     */
    public static Hedging after(Duration delay) {
        return builder().after(delay).build();
    }

    /**
     * Starts a hedging.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public FmReply intercept(FmCall call, Chain next) {
        State state = states.of(call);
        state.budget.earn();
        long delay = delay(isHeard(call) && call.target().isStreaming() ? state.firstOutput : state.whole);
        if (delay == NEVER || !state.budget.isThere() || isOverBefore(call, delay)) {
            return alone(call, next, state);
        }
        return new HedgedCall(this, call, next, Duration.ofNanos(delay), state).run();
    }

    /** Whether pieces of output matter: to a caller who streams, or to an interceptor above. Not every model gives any. */
    private static boolean isHeard(FmCall call) {
        return call.sink() != TokenSink.none();
    }

    private long delay(LatencyWindow window) {
        if (fixed != null) {
            return fixed.toNanos();
        }
        long usual = window.value();
        return usual < least.toNanos() ? NEVER : usual;
    }

    private static boolean isOverBefore(FmCall call, long delay) {
        return call.deadline().isSet() && call.deadline().remaining().toNanos() <= delay;
    }

    /** One attempt, from which is learned how long the model takes. */
    FmReply alone(FmCall call, Chain next, State state) {
        if (fixed != null) {
            return next.proceed(call);
        }
        TimeSource time = call.time();
        long begun = time.nanoTime();
        if (!isHeard(call)) {
            FmReply reply = next.proceed(call);
            learn(state, false, reply, time.nanoTime() - begun);
            return reply;
        }
        FirstOutput sink = new FirstOutput(call.sink(), time);
        FmReply reply = next.proceed(call.withSink(sink));
        learn(state, sink.isSeen(), reply, sink.nanoTime() - begun);
        return reply;
    }

    /**
     * Notes how long a model took.
     *
     * @param emitted whether that is the time to the first output, and not to the whole answer
     */
    void learn(State state, boolean emitted, FmReply reply, long nanos) {
        if (fixed == null
                && reply.source() == FmReply.Source.MODEL) { // a cache behind the model says nothing of the model
            (emitted ? state.firstOutput : state.whole).add(nanos);
        }
    }

    @Override
    public Phase phase() {
        return Phase.HEDGE;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void check(List<Interceptor> order) {
        for (Interceptor other : order) {
            if (other != this && other.unwrapped() instanceof Hedging hedging && hedging != this) {
                throw new IllegalArgumentException("interceptors '" + name + "' and '" + hedging.name
                        + "' both hedge in one pipeline, which would ask a slow model four times; keep one");
            }
        }
    }

    @Override
    public String toString() {
        return "Hedging[" + name + ", after=" + (fixed != null ? fixed : "quantile " + quantile) + ", share=" + share
                + "]";
    }

    /** Builds a hedging. Not thread-safe; may be used again. */
    public static final class Builder {
        private static final int DEFAULT_SAMPLES = 30;
        private static final double DEFAULT_SHARE = 0.05;
        private static final Duration DEFAULT_LEAST = Duration.ofMillis(10);

        private @Nullable Duration fixed;
        private double quantile = P95;
        private int samples = DEFAULT_SAMPLES;
        private double share = DEFAULT_SHARE;
        private Duration least = DEFAULT_LEAST;
        private String name = "hedging";

        private Builder() {}

        /**
         * Chooses the quantile of the model's latency after which the second attempt starts, in place of a fixed time. By default
         * 0.95.
         *
         * @param quantile above 0 and below 1
         * @return this
         */
        public Builder afterQuantile(double quantile) {
            if (!(quantile > 0 && quantile < 1)) {
                throw new IllegalArgumentException(
                        "the quantile of the latency after which a call is hedged must be between"
                                + " 0 and 1, such as 0.95, but is " + quantile);
            }
            this.quantile = quantile;
            this.fixed = null;
            return this;
        }

        /**
         * Chooses a fixed time after which the second attempt starts, in place of a quantile.
         *
         * @param delay the time, positive
         * @return this
         */
        public Builder after(Duration delay) {
            if (Objects.requireNonNull(delay, "delay").isNegative() || delay.isZero()) {
                throw new IllegalArgumentException(
                        "the time after which a call is hedged must be positive, but is " + delay);
            }
            if (delay.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException(
                        "the time after which a call is hedged must be a day at most, but is " + delay);
            }
            this.fixed = delay;
            return this;
        }

        /**
         * Chooses how many calls of a model must have succeeded before any is hedged. By default 30.
         *
         * @param count from 1 to 512, the size of the window
         * @return this
         */
        public Builder minSamples(int count) {
            if (count < 1 || count > LatencyWindow.SIZE) {
                throw new IllegalArgumentException(
                        "the calls that must be known before any is hedged must be from 1 to " + LatencyWindow.SIZE
                                + ", but are " + count);
            }
            this.samples = count;
            return this;
        }

        /**
         * Chooses how many second attempts there may be, as a share of the calls of a model. By default 0.05. What is not used is
         * saved for ten at most.
         *
         * @param extra the share, from 0.001 to 1
         * @return this
         */
        public Builder atMost(double extra) {
            this.share = Shares.positive(extra, "the calls that may be hedged");
            return this;
        }

        /**
         * Chooses below which latency, at the quantile, a model is not hedged at all: there would be nothing to gain. By default
         * 10 ms. A fixed time is not affected.
         *
         * @param latency the latency, not negative
         * @return this
         */
        public Builder onlyAbove(Duration latency) {
            if (Objects.requireNonNull(latency, "latency").isNegative() || latency.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException(
                        "the latency above which calls are hedged must be from 0 to a day, but is " + latency);
            }
            this.least = latency;
            return this;
        }

        /**
         * Names the interceptor. By default "hedging".
         *
         * @param own the name
         * @return this
         */
        public Builder named(String own) {
            this.name = Objects.requireNonNull(own, "name");
            return this;
        }

        /**
         * Builds the interceptor.
         *
         * @return the interceptor
         */
        public Hedging build() {
            return new Hedging(this);
        }
    }
}
