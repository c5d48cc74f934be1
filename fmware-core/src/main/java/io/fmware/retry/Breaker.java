package io.fmware.retry;

import io.fmware.Chain;
import io.fmware.Durations;
import io.fmware.FailureClass;
import io.fmware.FmCall;
import io.fmware.FmReply;
import io.fmware.Interceptor;
import io.fmware.Operation;
import io.fmware.OverloadedException;
import io.fmware.PerModel;
import io.fmware.Phase;
import io.fmware.Shares;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Stops calling a model that is down: a circuit breaker for each {@linkplain FmCall#model() model}. While too many of its last
 * calls failed the model is not asked and calls fail at once with an {@link OverloadedException}, after which a
 * {@link io.fmware.route.Fallback} turns to another one. After some time a few calls are let through; if they succeed all are
 * again.
 *
 * <p>What fails says nothing of a model unless it is of the classes of failures chosen, by default
 * {@link FailureClass#TRANSIENT}: cancelled calls, wrong requests, a content filter, limits and budgets count neither for nor
 * against it. A deadline that passes below the breaker does count, be it in the model or in the queue of a limit: with
 * deadlines that are too short for a model, the breaker opens.
 *
 * <p>It fails closed: while the model is taken to be down, calls are refused and no model was asked. As long as too few calls are
 * known to judge by, all are let through.
 *
 * <p>Retries stand above the breaker and do not repeat what it refuses. The windows are those of Resilience4j. Chat calls,
 * streams to their last piece, and embeddings. Thread-safe.
 */
public final class Breaker implements Interceptor {
    /** What {@link io.fmware.FmMetrics#interceptorActed} is told when a call is refused. */
    public static final String REFUSED = "refused";

    /** What it is told when calls begin to be refused. */
    public static final String OPENED = "opened";

    /** What it is told when a few calls are let through. */
    public static final String PROBING = "probing";

    /** What it is told when all calls are let through again. */
    public static final String CLOSED = "closed";

    /** Whether a model is called. */
    public enum State {
        /** All calls are let through. */
        CLOSED,
        /** Calls are refused; the next one after the time of this is let through. */
        OPEN,
        /** A few calls are let through, and what becomes of them decides. */
        PROBING
    }

    private final PerModel<Circuit> circuits;
    private final Covering covering;
    private final String name;

    private Breaker(Builder builder) {
        BreakerSettings settings = builder.settings();
        this.circuits = PerModel.of(model -> new Circuit(model, settings));
        this.covering = Covering.of(builder.on, builder.name);
        this.name = builder.name;
    }

    /**
     * Starts a breaker. Without further settings it opens where half of the last 50 calls failed, once there were 20, for a
     * second, and then lets 5 calls through.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * A breaker without further settings.
     *
     * @return the interceptor
     * @see #builder()
     */
    public static Breaker standard() {
        return builder().build();
    }

    @Override
    public FmReply intercept(FmCall call, Chain next) {
        Circuit circuit = circuits.of(call);
        Circuit.Passage passage = circuit.enter(call);
        tell(call, circuit);
        if (passage == null) {
            call.metrics().interceptorActed(name, REFUSED);
            throw circuit.refusal(call, name);
        }
        FmReply reply;
        try {
            reply = next.proceed(call);
        } catch (Throwable t) {
            settle(passage, t);
            tell(call, circuit);
            throw t;
        }
        passage.succeeded();
        tell(call, circuit);
        return reply;
    }

    /** An Error of a predicate of the user's reaches the caller, but keeps no place among the probes. */
    private void settle(Circuit.Passage passage, Throwable failure) {
        boolean counts;
        try {
            counts = failure instanceof RuntimeException e && covering.includes(e);
        } catch (Throwable t) {
            passage.withoutResult();
            Covering.attach(t, List.of(failure));
            throw t;
        }
        if (counts) {
            passage.failed(failure);
        } else {
            passage.withoutResult();
        }
    }

    private void tell(FmCall call, Circuit circuit) {
        for (String action = circuit.nextAction(); action != null; action = circuit.nextAction()) {
            call.metrics().interceptorActed(name, action);
        }
    }

    /**
     * Whether a model is called.
     *
     * @param model the name of the model, as {@link FmCall#model()} has it
     * @return its state, {@link State#CLOSED} for one that was never asked
     */
    public State state(String model) {
        Circuit known = circuits.all().get(model);
        return known == null ? State.CLOSED : known.state();
    }

    /**
     * The models that were asked so far, for a look at their health.
     *
     * @return states by name of the model, a copy
     */
    public Map<String, State> states() {
        Map<String, State> states = new TreeMap<>();
        circuits.all().forEach((model, circuit) -> states.put(model, circuit.state()));
        return states;
    }

    @Override
    public Phase phase() {
        return Phase.BREAKER;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Set<Operation> operations() {
        return Set.of(Operation.CHAT, Operation.EMBEDDINGS);
    }

    @Override
    public void check(List<Interceptor> order) {
        for (Interceptor each : order) {
            if (each.unwrapped() instanceof Breaker other && other != this) {
                throw new IllegalArgumentException("breakers '" + name + "' and '" + other.name
                        + "' are in one pipeline, and only the one that opens first would ever act; keep one");
            }
        }
    }

    @Override
    public String toString() {
        return "Breaker[" + name + ", on=" + covering + ", " + states() + "]";
    }

    /** Builds a breaker. Not thread-safe; may be used again. */
    public static final class Builder {
        private static final int LARGEST_WINDOW = 10_000; // each model has its own, at once in its whole size
        private static final int MOST_CALLS = 100_000;

        private double failureRate = 0.5;
        private double slowCallRate = 1;
        private @Nullable Duration slow;
        private int windowSize = 50;
        private boolean byTime;
        private int minimumCalls = 20;
        private Duration openFor = Duration.ofSeconds(1);
        private int probes = 5;
        private Duration probesWithin = Duration.ofMinutes(1);
        private Set<FailureClass> on = Covering.chosen(FailureClass.TRANSIENT);
        private String name = "breaker";

        private Builder() {}

        private BreakerSettings settings() {
            return new BreakerSettings(
                    failureRate,
                    slowCallRate,
                    slow == null ? BreakerSettings.NEVER_SLOW : slow,
                    windowSize,
                    byTime,
                    minimumCalls,
                    openFor,
                    probes,
                    probesWithin);
        }

        /**
         * Opens where this many of the calls in the window have failed. By default half of them.
         *
         * @param share the share of the calls, from 0.001 to 1
         * @return this
         */
        public Builder failureRate(double share) {
            this.failureRate =
                    Shares.positive(share, "the failure rate of a breaker, which at 0 would always be open,");
            return this;
        }

        /**
         * Opens where this many of the calls in the window were slow as well, whether they failed or not. A stream is as long
         * as its last piece takes. By default no call is slow.
         *
         * @param share the share of the calls, from 0.001 to 1
         * @param longerThan how long a call takes that is slow, positive, at most a day
         * @return this
         */
        public Builder slowCallRate(double share, Duration longerThan) {
            this.slowCallRate =
                    Shares.positive(share, "the rate of slow calls of a breaker, which at 0 would always be open,");
            this.slow = Durations.withinADay(longerThan, "the time of a slow call");
            return this;
        }

        /**
         * Looks at the last calls. By default at 50. Each model has a window of its own from its first call on, which takes 44
         * bytes for each call that it has room for: 10000 calls of a thousand models are 440 MB.
         *
         * @param calls how many, from 1 to 10000
         * @return this
         */
        public Builder window(int calls) {
            this.windowSize = count(calls, LARGEST_WINDOW, "the calls in the window");
            this.byTime = false;
            return this;
        }

        /**
         * Looks at the calls of the last seconds in place of a number of calls. Each model has a window of its own from its first
         * call on, which takes 52 bytes for each second: an hour of a thousand models is 190 MB.
         *
         * @param lately how long, in whole seconds, from a second to an hour
         * @return this
         */
        public Builder window(Duration lately) {
            if (Objects.requireNonNull(lately, "lately").compareTo(Duration.ofSeconds(1)) < 0
                    || lately.compareTo(Duration.ofHours(1)) > 0
                    || lately.toNanosPart() != 0) {
                throw new IllegalArgumentException(
                        "the window must be of whole seconds, from 1 s to an hour, but is " + lately);
            }
            this.windowSize = (int) lately.toSeconds();
            this.byTime = true;
            return this;
        }

        /**
         * Judges only from a number of calls in the window on. By default 20.
         *
         * @param calls how many, from 1 to 100000
         * @return this
         */
        public Builder minimumCalls(int calls) {
            this.minimumCalls = count(calls, MOST_CALLS, "the minimum of calls");
            return this;
        }

        /**
         * Refuses calls for some time before a few are let through. By default a second: those few are little load, and the
         * longer it is, the longer a model that works again is not asked.
         *
         * @param time how long, from a millisecond to a day
         * @return this
         */
        public Builder openFor(Duration time) {
            Durations.withinADay(time, "the time of being open");
            if (time.toMillis() < 1) {
                throw new IllegalArgumentException("the time of being open must be at least 1 ms, but is " + time);
            }
            this.openFor = time;
            return this;
        }

        /**
         * Lets a number of calls through at once after that. By default 5. Their window takes memory as that of
         * {@link #window(int)} does, while they are under way.
         *
         * @param calls how many, from 1 to 10000
         * @return this
         */
        public Builder probes(int calls) {
            this.probes = count(calls, LARGEST_WINDOW, "the number of probes");
            return this;
        }

        /**
         * Waits for the end of these calls for some time. The first call that comes after it opens the breaker again, and others
         * are let through once it has been open for its time; what becomes of the first ones counts no more. By default a
         * minute.
         *
         * @param time how long, positive, at most a day
         * @return this
         */
        public Builder probesWithin(Duration time) {
            this.probesWithin = Durations.withinADay(time, "the time for probes");
            return this;
        }

        /**
         * Chooses what counts as a failure of the model, in place of {@link FailureClass#TRANSIENT}.
         *
         * @param failures the classes of failures, at least one
         * @return this
         */
        public Builder on(FailureClass... failures) {
            this.on = Covering.chosen(failures);
            return this;
        }

        /**
         * Names the interceptor. By default "breaker".
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
         * @throws IllegalArgumentException if there can never be as many calls in the window as it takes to judge
         */
        public Breaker build() {
            if (!byTime && minimumCalls > windowSize) {
                throw new IllegalArgumentException("a breaker that looks at the last " + windowSize
                        + " calls can never see its minimum of " + minimumCalls
                        + "; make the window larger or the minimum smaller");
            }
            return new Breaker(this);
        }

        private static int count(int count, int most, String what) {
            if (count < 1 || count > most) {
                throw new IllegalArgumentException(what + " must be from 1 to " + most + ", but is " + count);
            }
            return count;
        }
    }
}
