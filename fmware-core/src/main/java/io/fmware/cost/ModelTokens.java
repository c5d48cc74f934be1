package io.fmware.cost;

import dev.langchain4j.model.output.TokenUsage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What was learned of one model: how it counts, how far off that is, and how long its answers are. Once that is settled one report
 * in eight is learned from, until one comes that is far off. Thread-safe.
 */
final class ModelTokens {
    static final long USUAL_OUTPUT = 4_096;

    private static final int ENOUGH = 20; // for a quantile of 95 %: fewer may all lie below it
    private static final int ENOUGH_FOR_UPPER = 99;
    private static final double MEDIAN = .5;
    private static final double UPPER = .99;
    private static final double UPPER_OUTPUT = .95;
    private static final double MARGIN = 1.1;
    private static final long IMAGE_AT_MOST = 1_600;
    private static final long ABSURD_FACTOR = 20;
    private static final long HIDDEN_AT_MOST = 100_000; // what a provider may add: prompts of its own
    private static final long OUTPUT_AT_MOST = 1_000_000; // no model writes that much at once
    private static final double EXCEEDED_AT_MOST = 2; // beyond the bytes of the text
    private static final int ONE_IN = 8;
    private static final double TYPICAL = .9;
    private static final double FAR = 2; // times what is typical,
    private static final double NEVER_FAR = .05; // and more than rounding
    private static final int REFUSALS = 100;

    /** What is learned from reports, and forgotten when it proves of no use. */
    private static final class Learned {
        private final TokenWeights weights = new TokenWeights();
        private final Recent off = new Recent(); // relative to what was reported, absolute
        private final Recent exceeded = new Recent(); // what was reported by what was estimated
        private final Recent outputs = new Recent();
        private final AtomicInteger unsettled =
                new AtomicInteger(2 * Recent.MOST); // the first ones are forgotten by then
        private final AtomicInteger passed = new AtomicInteger();

        /** Whether to learn from a report, given how far off the estimate was. */
        boolean isOfUse(double far) {
            if (unsettled.get() > 0) {
                unsettled.decrementAndGet();
                return true;
            }
            if (far > Math.max(NEVER_FAR, FAR * off.quantile(TYPICAL))) {
                unsettled.set(Recent.MOST / 2);
                return true;
            }
            return passed.incrementAndGet() % ONE_IN == 0;
        }
    }

    private final long usualOutput;
    private final AtomicInteger refused = new AtomicInteger();
    private volatile Learned learned = new Learned();
    private volatile @Nullable TokenUsage last;

    /**
     * @param usualOutput the tokens that answers are taken to have until enough were seen
     */
    ModelTokens(long usualOutput) {
        this.usualOutput = usualOutput;
    }

    long input(Features features) {
        return Math.round(learned.weights.estimate(features.counts()));
    }

    long inputAtMost(Features features) {
        long bytes = Saturating.plus(features.bytesAtMost(), Saturating.times(features.images(), IMAGE_AT_MOST));
        long estimate = input(features);
        Recent exceeded = learned.exceeded;
        if (exceeded.size() < ENOUGH) {
            return Math.max(bytes, estimate);
        }
        double most = Math.ceil(estimate * Math.max(1, exceeded.quantile(UPPER)) * MARGIN);
        if (exceeded.size() < ENOUGH_FOR_UPPER) {
            return (long) Math.max((double) bytes, Math.min(most, EXCEEDED_AT_MOST * estimate));
        }
        return Math.max(estimate, (long) Math.min(most, Math.max((double) bytes, EXCEEDED_AT_MOST * estimate)));
    }

    static long inputAtLeast(Features features) {
        return Math.round(TokenWeights.prior(features.counts()) / 2);
    }

    long output() {
        Recent outputs = learned.outputs;
        return outputs.size() < ENOUGH ? usualOutput : (long) Math.ceil(outputs.quantile(UPPER_OUTPUT));
    }

    /**
     * Learns from a usage, once, however many tell of it.
     *
     * @param bounded whether the request said how long the answer may be, which then is not what is usual
     */
    @SuppressWarnings("ReferenceEquality") // another call may well have taken as many
    void learn(Features features, long estimated, boolean bounded, TokenUsage reported) {
        Usage usage = Usage.of(reported);
        if (usage == null || last == reported || usage.output() > OUTPUT_AT_MOST) {
            return;
        }
        last = reported;
        refused.set(0);
        boolean input = usage.input() > 0 && usage.input() <= absurd(features);
        double off = input ? Math.abs((double) usage.input() - estimated) / usage.input() : 0;
        Learned to = learned;
        if (!to.isOfUse(off)) {
            return;
        }
        if (usage.output() > 0 && !bounded) {
            to.outputs.add((double) usage.output());
        }
        if (input) {
            to.off.add(off);
            to.exceeded.add(usage.input() / (double) Math.max(1, estimated));
            to.weights.learn(features.counts(), (double) usage.input());
        }
    }

    private static double absurd(Features features) {
        return ABSURD_FACTOR * TokenWeights.prior(features.counts()) + HIDDEN_AT_MOST;
    }

    /** A call was refused for its estimate, so that nothing will be learned of it. Where that goes on what was learned is forgotten. */
    void refused() {
        if (refused.incrementAndGet() >= REFUSALS) {
            refused.set(0);
            learned = new Learned();
        }
    }

    EstimateError error() {
        Recent off = learned.off;
        int samples = off.size();
        return samples == 0
                ? EstimateError.UNKNOWN
                : new EstimateError(samples, off.quantile(MEDIAN), learned.exceeded.quantile(UPPER) - 1);
    }
}
