package io.fmware.cost;

import dev.langchain4j.model.output.TokenUsage;
import org.jspecify.annotations.Nullable;

/** What was learned of one model: how it counts, how far off that is, and how long its answers are. Thread-safe. */
final class ModelTokens {
    static final long USUAL_OUTPUT = 4_096;

    private static final int ENOUGH = 20;
    private static final double MEDIAN = .5;
    private static final double UPPER = .99;
    private static final double UPPER_OUTPUT = .95;
    private static final double MARGIN = 1.1;
    private static final long IMAGE_AT_MOST = 1_600;
    private static final long ABSURD_FACTOR = 20;
    private static final long HIDDEN_AT_MOST = 100_000; // what a provider may add: prompts of its own

    private final TokenWeights weights = new TokenWeights();
    private final Recent off = new Recent(); // relative to what was reported, absolute
    private final Recent exceeded = new Recent(); // what was reported by what was estimated
    private final Recent outputs = new Recent();
    private final long usualOutput;
    private volatile @Nullable TokenUsage last;

    /**
     * @param usualOutput the tokens that answers are taken to have until enough were seen
     */
    ModelTokens(long usualOutput) {
        this.usualOutput = usualOutput;
    }

    long input(Features features) {
        return Math.round(weights.estimate(features.counts()));
    }

    long inputAtMost(Features features) {
        long bytes = Saturating.plus(features.bytesAtMost(), Saturating.times(features.images(), IMAGE_AT_MOST));
        long estimate = input(features);
        if (exceeded.size() < ENOUGH) {
            return Math.max(bytes, estimate);
        }
        double most = Math.ceil(estimate * Math.max(1, exceeded.quantile(UPPER)) * MARGIN);
        return Math.max(estimate, (long) most);
    }

    long output() {
        return outputs.size() < ENOUGH ? usualOutput : (long) Math.ceil(outputs.quantile(UPPER_OUTPUT));
    }

    /** Learns from a usage, once, however many tell of it. */
    @SuppressWarnings("ReferenceEquality") // another call may well have taken as many
    void learn(Features features, long estimated, TokenUsage reported) {
        Usage usage = Usage.of(reported);
        if (usage == null || last == reported) {
            return;
        }
        last = reported;
        if (usage.output() > 0) {
            outputs.add((double) usage.output());
        }
        double prior = TokenWeights.prior(features.counts());
        if (usage.input() > 0 && usage.input() <= ABSURD_FACTOR * prior + HIDDEN_AT_MOST) {
            off.add(Math.abs((double) usage.input() - estimated) / usage.input());
            exceeded.add(usage.input() / (double) Math.max(1, estimated));
            weights.learn(features.counts(), (double) usage.input());
        }
    }

    EstimateError error() {
        int samples = off.size();
        return samples == 0
                ? EstimateError.UNKNOWN
                : new EstimateError(samples, off.quantile(MEDIAN), exceeded.quantile(UPPER) - 1);
    }
}
