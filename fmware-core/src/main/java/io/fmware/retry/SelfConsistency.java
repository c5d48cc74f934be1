package io.fmware.retry;

import dev.langchain4j.model.chat.request.ChatRequestParameters;
import io.fmware.Chain;
import io.fmware.FmCall;
import io.fmware.FmReply;
import io.fmware.Interceptor;
import io.fmware.Phase;
import io.fmware.Shares;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the same several times and returns the answer that is given most often: self-consistency (Wang et al., "Self-Consistency
 * Improves Chain of Thought Reasoning in Language Models", 2022, arXiv 2203.11171). As many samples as can decide the vote are
 * asked at once, and more only as long as these could still change what wins.
 *
 * <p>Ties go to the answer whose first sample has the smallest number; of the samples that gave it, that one is returned. A
 * sample that fails has no vote; when all fail, the first failure is thrown with the others as suppressed. An answer that calls
 * tools ends the vote at once and is returned: it is no answer yet. So it fails open where samples fail, unless
 * {@link Builder#atLeast} says which part of all must agree: then it fails closed. Attempts and token usage of the reply are sums over all samples,
 * without the tokens of those that were cancelled.
 *
 * <p>Nothing of a stream is shown before the vote is decided; then the pieces of the answer that won are. Interceptors below run
 * for each sample: written before {@link Reprompting}, which is of the same phase, each sample is validated; written after it,
 * the answer that won is.
 *
 * <p>Samples run on threads of the pipeline; where none is free, on that of the call. In a {@linkplain FmCall#isReplayed replay},
 * and in a run whose threads are kept in an order, all do, one after the other. Thread-safe.
 */
public final class SelfConsistency implements Interceptor {
    /** What {@link io.fmware.FmMetrics#interceptorActed} is told when a vote was won. */
    public static final String DECIDED = "decided";

    /** What it is told, besides, when the vote was won before all samples were asked. */
    public static final String STOPPED_EARLY = "stopped early";

    /** What it is told when the samples did not agree enough. */
    public static final String DISAGREED = "disagreed";

    /** What it is told for each sample that failed. */
    public static final String SAMPLE_FAILED = "sample failed";

    /** What it is told when an answer that calls tools ended a vote. */
    public static final String TOOLS_CALLED = "tools called";

    private static final Logger log = LoggerFactory.getLogger(SelfConsistency.class);
    private static final int FEWEST = 3;
    private static final int MOST = 100;

    private final int samples;
    private final int needed;
    private final int atOnce;
    private final Vote vote;
    private final double confidence;
    private final @Nullable Double temperature;
    private final Consumer<Agreement> told;
    private final String name;
    private final AtomicBoolean warned = new AtomicBoolean();

    private SelfConsistency(Builder builder) {
        this.samples = builder.samples;
        this.needed = Math.max(1, (int) Math.ceil(builder.share * samples - 1e-9)); // 0.6 of 5 is 3
        this.atOnce = builder.atOnce;
        this.vote = builder.vote;
        this.confidence = builder.confidence;
        this.temperature = builder.temperature;
        this.told = builder.told;
        this.name = builder.name;
    }

    /**
     * Asks up to a number of times.
     *
     * @param samples the most samples, from 3, since of two the first would always win, to 100
     * @return a builder
     */
    public static Builder of(int samples) {
        if (samples < FEWEST || samples > MOST) {
            throw new IllegalArgumentException("the number of samples must be from " + FEWEST + " to " + MOST
                    + ", but is " + samples + "; of two samples the first would always win");
        }
        return new Builder(samples);
    }

    @Override
    public FmReply intercept(FmCall call, Chain next) {
        FmCall sampled = sampled(call);
        return new Poll(this, sampled, next).run();
    }

    private FmCall sampled(FmCall call) {
        FmCall sampled = temperature == null
                ? call
                : call.withRequest(call.request().toBuilder()
                        .parameters(call.request()
                                .parameters()
                                .overrideWith(ChatRequestParameters.builder()
                                        .temperature(temperature)
                                        .build()))
                        .build());
        Double effective = temperature == null ? sampled.effectiveRequest().temperature() : temperature;
        if (effective != null && effective == 0 && warned.compareAndSet(false, true)) {
            log.warn(
                    "interceptor '{}' takes samples at temperature 0, which are all alike; give them one with"
                            + " temperature(..)",
                    name);
        }
        return sampled;
    }

    int samples() {
        return samples;
    }

    int needed() {
        return needed;
    }

    int atOnce() {
        return atOnce;
    }

    Ballots ballots() {
        return new Ballots(samples, needed, vote, confidence);
    }

    void tell(Agreement agreement) {
        told.accept(agreement);
    }

    @Override
    public Phase phase() {
        return Phase.VALIDATE;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String toString() {
        return "SelfConsistency[" + name + ", samples=" + samples + ", vote=" + vote + ", needed=" + needed + "]";
    }

    /** Builds the interceptor. Not thread-safe; may be used again. */
    public static final class Builder {
        private final int samples;
        private Vote vote = Vote.exact();
        private double share;
        private int atOnce = 1;
        private double confidence = 1;
        private @Nullable Double temperature;
        private Consumer<Agreement> told = agreement -> {};
        private String name = "selfConsistency";

        private Builder(int samples) {
            this.samples = samples;
        }

        /**
         * Says when two samples are votes for one answer. By default {@link Vote#exact()}.
         *
         * @param when says so
         * @return this
         */
        public Builder vote(Vote when) {
            this.vote = Objects.requireNonNull(when, "vote");
            return this;
        }

        /**
         * Refuses an answer that too few samples gave: the call then fails with an {@link io.fmware.InvalidReplyException} that
         * has all samples. By default the answer that is given most often is returned, however seldom that is.
         *
         * @param part the share of all samples that must agree, from 0.001 to 1; samples that failed do not, and those that were not
         *     asked may be needed
         * @return this
         */
        public Builder atLeast(double part) {
            this.share = Shares.positive(part, "the samples that must agree");
            return this;
        }

        /**
         * Keeps more samples under way than it takes to decide the vote, up to a number: faster, and dearer. By default there are
         * never more.
         *
         * @param atLeast how many samples are under way as long as the vote is not decided, at least 1
         * @return this
         */
        public Builder atOnce(int atLeast) {
            if (atLeast < 1) {
                throw new IllegalArgumentException("at least 1 sample must be under way, not " + atLeast);
            }
            this.atOnce = atLeast;
            return this;
        }

        /**
         * Stops earlier than is certain: as soon as the leader wins with some probability, by the rule of Aggarwal et al., "Let's
         * Sample Step by Step: Adaptive-Consistency for Efficient Reasoning and Coding with LLMs", 2023, arXiv 2305.11860. By
         * default the vote stops only where the samples to come cannot change what wins.
         *
         * @param probability above 0.5 and below 1; the paper uses 0.95
         * @return this
         */
        public Builder confidence(double probability) {
            if (!(probability > 0.5 && probability < 1)) {
                throw new IllegalArgumentException(
                        "the confidence must be above 0.5 and below 1, but is " + probability);
            }
            this.confidence = probability;
            return this;
        }

        /**
         * Sets the temperature of the samples. By default it is that of the request; at 0 all samples are alike.
         *
         * @param changed the temperature, above 0
         * @return this
         */
        public Builder temperature(double changed) {
            if (!(changed > 0 && changed < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("the temperature of samples must be above 0, but is " + changed
                        + "; at 0 all samples are alike");
            }
            this.temperature = changed;
            return this;
        }

        /**
         * Tells how far the samples agreed, once for each vote, won or not, on the thread of the call. What it throws fails the call.
         *
         * @param listener is told
         * @return this
         */
        public Builder telling(Consumer<Agreement> listener) {
            this.told = Objects.requireNonNull(listener, "listener");
            return this;
        }

        /**
         * Names the interceptor, for pipelines with several. By default "selfConsistency".
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
        public SelfConsistency build() {
            return new SelfConsistency(this);
        }
    }
}
