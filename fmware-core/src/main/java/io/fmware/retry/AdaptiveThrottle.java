package io.fmware.retry;

import io.fmware.CancelledException;
import io.fmware.Chain;
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
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/**
 * Sends a model only as much more than it takes as it may soon take: the client-side throttling of "Site Reliability
 * Engineering" (Beyer et al., 2016, chapter 21, "Handling Overload"). Of the calls of the last seconds, a call is refused with
 * the probability max(0, (requests - K * accepts) / (requests + 1)), where requests are all calls and accepts those that the
 * model took: it answered, be it with a failure that is of none of the classes chosen, such as a wrong request. With K = 2
 * nothing is refused as long as half of the calls succeed. What fails before the model was asked, and what is cancelled, is
 * not counted.
 *
 * <p>Where a {@link Breaker} knows only yes and no, this gives a model that is overloaded the share that it can serve. It never
 * refuses all: some calls always go through, so that a model that works again is noticed.
 *
 * <p>It fails closed for the share that it refuses, with an {@link OverloadedException}, and no model was asked. Each {@linkplain FmCall#model() model} is throttled by itself.
 * Chat calls, streams to their last piece, and embeddings. Thread-safe.
 */
public final class AdaptiveThrottle implements Interceptor {
    /** What {@link io.fmware.FmMetrics#interceptorActed} is told when a call is refused. */
    public static final String THROTTLED = "throttled";

    private static final int PERCENT = 100;

    private final double k;
    private final double most;
    private final RandomGenerator random;
    private final PerModel<ThrottleWindow> windows;
    private final Covering covering;
    private final String name;

    private AdaptiveThrottle(Builder builder) {
        long windowNanos = builder.window.toNanos();
        this.k = builder.k;
        this.most = 1 - builder.least;
        this.random = builder.random;
        this.windows = PerModel.of(model -> new ThrottleWindow(windowNanos));
        this.covering = Covering.of(builder.on, builder.name);
        this.name = builder.name;
    }

    /**
     * Starts a throttle. Without further settings: K = 2 over the last 2 seconds, and at least a tenth of the calls goes through.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * A throttle without further settings.
     *
     * @return the interceptor
     * @see #builder()
     */
    public static AdaptiveThrottle standard() {
        return builder().build();
    }

    @Override
    public FmReply intercept(FmCall call, Chain next) {
        ThrottleWindow window = windows.of(call);
        double refused = Math.min(most, window.refused(call.time().nanoTime(), k));
        if (refused > 0 && random.nextDouble() < refused) {
            window.count(call.time().nanoTime(), false);
            call.metrics().interceptorActed(name, THROTTLED);
            throw new OverloadedException(
                    call.model() + " fails most calls, so interceptor '" + name + "' refuses "
                            + Math.round(refused * PERCENT)
                            + " % of them, and with them this one; ask again later, or turn"
                            + " to another model with Fallback",
                    null);
        }
        int askedBefore = call.timesAsked();
        FmReply reply;
        try {
            reply = next.proceed(call);
        } catch (Throwable t) {
            if (t instanceof RuntimeException e) {
                boolean failed = covering.includes(e);
                boolean answered = call.timesAsked() > askedBefore && !(e instanceof CancelledException);
                if (failed || answered) { // what else fails says nothing of the model
                    window.count(call.time().nanoTime(), !failed);
                }
            }
            throw t;
        }
        window.count(call.time().nanoTime(), true);
        return reply;
    }

    /**
     * The share of the calls of a model that is refused now, for a look from outside.
     *
     * @param model the name of the model, as {@link FmCall#model()} has it
     * @return the probability as of its last call, from 0 to less than 1
     */
    public double refusedShare(String model) {
        ThrottleWindow known = windows.all().get(model);
        return known == null ? 0 : Math.min(most, known.refused(k));
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
            if (each.unwrapped() instanceof AdaptiveThrottle other && other != this) {
                throw new IllegalArgumentException("throttles '" + name + "' and '" + other.name
                        + "' are in one pipeline, and the inner one would see only what the outer one lets through; keep"
                        + " one");
            }
        }
    }

    @Override
    public String toString() {
        return "AdaptiveThrottle[" + name + ", k=" + k + ", on=" + covering + "]";
    }

    /** Builds a throttle. Not thread-safe; may be used again. */
    public static final class Builder {
        private double k = 2;
        private Duration window = Duration.ofSeconds(2);
        private double least = 0.1;
        private Set<FailureClass> on = Covering.chosen(FailureClass.TRANSIENT);
        private RandomGenerator random = () -> ThreadLocalRandom.current().nextLong();
        private String name = "throttle";

        private Builder() {}

        /**
         * Says how much more is sent than the model takes. By default 2. Less saves the model more calls that it fails, and
         * makes it take longer until all calls go through again.
         *
         * @param multiple from 1.1 to 10
         * @return this
         */
        public Builder k(double multiple) {
            if (!(multiple >= 1.1 && multiple <= 10)) { // NaN too
                throw new IllegalArgumentException("K must be from 1.1 to 10, but is " + multiple
                        + "; at 1 or less a model that works would never get all of its calls back");
            }
            this.k = multiple;
            return this;
        }

        /**
         * Looks at the calls of the last seconds. By default 2 s. A longer window goes less by chance where calls are few, and
         * takes longer to let all calls through again: some two times its length after an outage with the other defaults.
         *
         * @param lately how long, from 100 ms to an hour
         * @return this
         */
        public Builder window(Duration lately) {
            if (Objects.requireNonNull(lately, "lately").compareTo(Duration.ofMillis(100)) < 0
                    || lately.compareTo(Duration.ofHours(1)) > 0) {
                throw new IllegalArgumentException("the window must be from 100 ms to an hour, but is " + lately);
            }
            this.window = lately;
            return this;
        }

        /**
         * Says how many calls go through however many fail, so that somebody notices when the model works again. By default a
         * tenth.
         *
         * @param share the share of the calls, from 0.001 to 1
         * @return this
         */
        public Builder atLeast(double share) {
            this.least = Shares.positive(
                    share,
                    "the calls that go through in any case, without which nobody notices when the model works again,");
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
         * Draws from a generator of one's own, for tests.
         *
         * @param generator the generator, thread-safe where calls run at once
         * @return this
         */
        public Builder random(RandomGenerator generator) {
            this.random = Objects.requireNonNull(generator, "random");
            return this;
        }

        /**
         * Names the interceptor. By default "throttle".
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
        public AdaptiveThrottle build() {
            return new AdaptiveThrottle(this);
        }
    }
}
