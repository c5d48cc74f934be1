package io.fmware.route;

import dev.langchain4j.model.output.TokenUsage;
import io.fmware.AttributeKey;
import io.fmware.Chain;
import io.fmware.Durations;
import io.fmware.FmCall;
import io.fmware.FmReply;
import io.fmware.Interceptor;
import io.fmware.Operation;
import io.fmware.OverloadedException;
import io.fmware.PerModel;
import io.fmware.Phase;
import io.fmware.cost.TokenEstimator;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how many requests and how many tokens a model is asked for in a minute. Each is a token bucket that holds what may be
 * asked for in one minute and is refilled steadily, as providers describe their own limits.
 *
 * <p>A call reserves what it is {@linkplain TokenEstimator estimated} to take and then waits until that is there. Who waits is not
 * called forward where something is given back; that goes to who comes next. What may well take more than a minute holds reserves a whole minute. Waiting obeys deadline
 * and cancellation, and who gives up gives the reservation back. The usage that the model reports settles the account: what was
 * not used is given back, what was used beyond the reservation is taken from those that follow. Where no usage is reported, or the
 * call fails, the reservation stands; a call that ended before any model was asked gives it back.
 *
 * <p>It fails closed: a call that would have to wait too long, or whose request alone is surely larger than a whole minute, is
 * refused with an {@link OverloadedException}, and no model was asked. Chat and embedding calls. Thread-safe.
 */
public final class RateLimit implements Interceptor {
    /** What {@link io.fmware.FmMetrics#interceptorActed} is told when a call has to wait. */
    public static final String WAITED = "waited";

    /** What {@link io.fmware.FmMetrics#interceptorActed} is told when a call is refused. */
    public static final String REFUSED = "refused";

    private final long requestsPerMinute;
    private final long tokensPerMinute;
    private final Duration longestWait;
    private final TokenEstimator estimator;
    private final String name;
    private final PerModel<ModelRate> rates;
    private final AttributeKey<String> reserved = AttributeKey.of("the model whose rate is reserved", String.class);

    private RateLimit(Builder builder) {
        this.requestsPerMinute = builder.requests;
        this.tokensPerMinute = builder.tokens;
        this.longestWait = builder.longestWait;
        this.estimator = builder.estimator;
        this.name = builder.name;
        this.rates = PerModel.of(model -> new ModelRate(requestsPerMinute, tokensPerMinute));
    }

    /**
     * Bounds the requests to each model.
     *
     * @param requests how many a minute, from 1 to 1,000,000,000
     * @return the interceptor
     */
    public static RateLimit requestsPerMinute(long requests) {
        return builder().requestsPerMinute(requests).build();
    }

    /**
     * Bounds the tokens that each model is asked for, of requests and answers together.
     *
     * @param tokens how many a minute, from 1 to 1,000,000,000
     * @return the interceptor
     */
    public static RateLimit tokensPerMinute(long tokens) {
        return builder().tokensPerMinute(tokens).build();
    }

    /**
     * Starts a limit.
     *
     * @return a builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public FmReply intercept(FmCall call, Chain next) {
        if (call.model().equals(call.attribute(reserved))) { // this limit stands in the pipeline around this one too
            return next.proceed(call);
        }
        ModelRate.Buckets buckets = rates.of(call).buckets(call.time());
        Allowance tokens = buckets.tokens();
        long estimate = tokens == null ? 0 : estimate(call, tokens.perMinute());
        Duration wait = reserve(call, buckets, estimate);
        int before = call.timesAsked();
        FmReply reply;
        try {
            if (!wait.isZero()) {
                call.metrics().interceptorActed(name, WAITED);
                call.pause(wait);
            }
            reply = next.proceed(call.target().isWrapped() ? call.with(reserved, call.model()) : call);
        } catch (Throwable t) {
            if (call.timesAsked() == before) {
                giveBack(buckets, estimate);
            }
            throw t;
        }
        if (reply.attempts() == 0 && call.timesAsked() == before) {
            giveBack(buckets, estimate); // a cache of the model's own
        } else {
            settle(call, tokens, estimate, reply);
        }
        return reply;
    }

    /** What the call is to reserve: no more than there can ever be, since an estimate may be wrong and what is used is settled. */
    private long estimate(FmCall call, long perMinute) {
        long estimate = Math.max(1, Candidate.length(call, estimator));
        if (estimate <= perMinute) {
            return estimate;
        }
        long least = estimator.inputAtLeast(call);
        if (least > perMinute) {
            call.metrics().interceptorActed(name, REFUSED);
            throw new OverloadedException(
                    "interceptor '" + name + "' refused a call of model " + call.model()
                            + ": its request takes at least "
                            + least + " tokens, and all that is allowed in a minute is " + perMinute
                            + "; shorten the request, or raise tokensPerMinute",
                    null);
        }
        return perMinute;
    }

    private Duration reserve(FmCall call, ModelRate.Buckets buckets, long estimate) {
        long forRequests = reserve(call, buckets.requests(), 1, "requests");
        try {
            return Duration.ofNanos(Math.max(forRequests, reserve(call, buckets.tokens(), estimate, "tokens")));
        } catch (OverloadedException e) {
            giveBack(buckets.requests(), 1);
            throw e;
        }
    }

    private long reserve(FmCall call, @Nullable Allowance of, long amount, String what) {
        if (of == null) {
            return 0;
        }
        long wait = of.reserve(amount, longestWait);
        if (wait < 0) {
            call.metrics().interceptorActed(name, REFUSED);
            Duration until = of.until(amount);
            throw new OverloadedException(
                    "interceptor '" + name + "' refused a call of model " + call.model() + ": of " + of.perMinute()
                            + " "
                            + what + " a minute the " + amount + " that it takes are free in " + until.toMillis()
                            + " ms, and the longest wait is " + longestWait.toMillis()
                            + " ms; ask later, ask another model, or allow a longer wait",
                    null,
                    until);
        }
        return wait;
    }

    private static void giveBack(ModelRate.Buckets buckets, long estimate) {
        giveBack(buckets.requests(), 1);
        giveBack(buckets.tokens(), estimate);
    }

    private static void giveBack(@Nullable Allowance of, long amount) {
        if (of != null) {
            of.giveBack(amount);
        }
    }

    private void settle(FmCall call, @Nullable Allowance tokens, long estimate, FmReply reply) {
        TokenUsage usage = reply.usage();
        if (tokens == null || usage == null) {
            return;
        }
        long used = total(usage);
        if (used >= 0) {
            tokens.giveBack(estimate - used);
            tokens.debit(used - estimate);
            estimator.learnFrom(call, reply);
        }
    }

    /** All tokens, -1 where nothing is said of any. */
    private static long total(TokenUsage usage) {
        Integer total = usage.totalTokenCount();
        if (total != null) {
            return Math.max(0, total);
        }
        Integer input = usage.inputTokenCount();
        Integer output = usage.outputTokenCount();
        return input == null && output == null
                ? -1
                : Math.max(0, input == null ? 0L : input) + Math.max(0, output == null ? 0L : output);
    }

    /** What a model may be asked for now; for tests. */
    ModelRate rate(String model) {
        return rates.of(model);
    }

    /** What models may be asked for now; for tests. */
    Map<String, ModelRate> rates() {
        return rates.all();
    }

    @Override
    public Phase phase() {
        return Phase.LIMIT;
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
    public String toString() {
        return "RateLimit[" + name + (requestsPerMinute > 0 ? ", " + requestsPerMinute + " requests" : "")
                + (tokensPerMinute > 0 ? ", " + tokensPerMinute + " tokens" : "") + " a minute]";
    }

    /** Builds a limit. Not thread-safe; may be used again. */
    public static final class Builder {
        private static final long MOST = 1_000_000_000;
        private static final Duration DEFAULT_WAIT = Duration.ofSeconds(30);

        private long requests;
        private long tokens;
        private Duration longestWait = DEFAULT_WAIT;
        private TokenEstimator estimator = TokenEstimator.learning(Candidate.USUAL_ANSWER);
        private String name = "rateLimit";

        private Builder() {}

        /**
         * Bounds the requests to each model. By default they are not bounded.
         *
         * @param perMinute how many a minute, from 1 to 1,000,000,000
         * @return this
         */
        public Builder requestsPerMinute(long perMinute) {
            this.requests = checked("requests", perMinute);
            return this;
        }

        /**
         * Bounds the tokens that each model is asked for, of requests and answers together. By default they are not bounded.
         *
         * @param perMinute how many a minute, from 1 to 1,000,000,000
         * @return this
         */
        public Builder tokensPerMinute(long perMinute) {
            this.tokens = checked("tokens", perMinute);
            return this;
        }

        private static long checked(String what, long perMinute) {
            if (perMinute < 1 || perMinute > MOST) {
                throw new IllegalArgumentException(
                        "the " + what + " a minute must be from 1 to 1,000,000,000, but are " + perMinute);
            }
            return perMinute;
        }

        /**
         * Chooses how long a call may wait. By default 30 s.
         *
         * @param wait the longest wait, positive
         * @return this
         */
        public Builder longestWait(Duration wait) {
            this.longestWait = Durations.positive(wait, "the longest wait");
            return this;
        }

        /**
         * Chooses who says how many tokens a call will take; it is told what was reported, to learn from. By default
         * {@link TokenEstimator#learning(long)}, with answers of 500 tokens where neither the request nor the model bounds them.
         *
         * @param own the estimator; what it throws fails the call
         * @return this
         */
        public Builder estimator(TokenEstimator own) {
            this.estimator = Objects.requireNonNull(own, "estimator");
            return this;
        }

        /**
         * Names the interceptor. By default "rateLimit".
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
         * @throws IllegalArgumentException if nothing is bounded
         */
        public RateLimit build() {
            if (requests == 0 && tokens == 0) {
                throw new IllegalArgumentException(
                        "a rate limit that bounds nothing does nothing; set requestsPerMinute or tokensPerMinute");
            }
            return new RateLimit(this);
        }
    }
}
