package io.fmware.retry;

import io.fmware.FmCall;
import io.fmware.PerModel;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Bounds how much retries add to the load of a model that fails, however many calls are under way: the token bucket of gRPC
 * (gRFC A6, "Throttling Retry Attempts and Hedged RPCs"). Each model has its own. It starts full, each failed attempt takes a
 * token out, each answer puts a fraction back, and there are retries only while the bucket is more than half full.
 *
 * <p>Over any stretch of time there are at most <em>ratio</em> times as many retries as answers, and half a bucket more. With
 * the {@linkplain #standard() standard} of 100 tokens and a ratio of 0.1, a model that fails all the time gets at most 49 calls
 * more than it would without retries, once; one that fails 9 % of the time has all of them tried again, and one that fails
 * more often soon has few. So retries add a tenth of the answers to the load, and 50 more, at most.
 *
 * <p>Give one and the same budget to all pipelines that ask the same models. Thread-safe and without locks.
 */
public final class RetryBudget {
    private static final int THOUSANDTHS = 1_000;
    /** As in gRPC. */
    private static final int MOST_TOKENS = 1_000;

    private static final int STANDARD_TOKENS = 100;
    private static final double STANDARD_RATIO = 0.1;

    private final int full;
    private final int perAnswer;
    private final PerModel<Bucket> buckets;

    private RetryBudget(int maxTokens, double ratio) {
        this.full = maxTokens * THOUSANDTHS;
        this.perAnswer = (int) Math.round(ratio * THOUSANDTHS);
        this.buckets = PerModel.of(model -> new Bucket());
    }

    /**
     * A budget of 100 tokens for each model, and a tenth of a token for each answer.
     *
     * @return a new budget, full
     */
    public static RetryBudget standard() {
        return of(STANDARD_TOKENS, STANDARD_RATIO);
    }

    /**
     * A budget of one's own.
     *
     * @param maxTokens the size of the bucket of each model, from 1 to 1000; half of it is the most that can be spent at once
     * @param ratio what an answer puts back, from 0.001 to 1; the most retries for each answer in the long run
     * @return a new budget, full
     */
    public static RetryBudget of(int maxTokens, double ratio) {
        if (maxTokens < 1 || maxTokens > MOST_TOKENS) {
            throw new IllegalArgumentException("the tokens of a retry budget must be from 1 to " + MOST_TOKENS
                    + ", but are " + maxTokens + "; to retry without bounds use Retrying's withoutBudget()");
        }
        if (!(ratio >= 1.0 / THOUSANDTHS && ratio <= 1)) { // NaN too
            throw new IllegalArgumentException("the ratio of a retry budget must be from 0.001 to 1, but is " + ratio
                    + "; 0.1 allows one retry for ten answers");
        }
        return new RetryBudget(maxTokens, ratio);
    }

    /**
     * What is left for a model, for a look from outside.
     *
     * @param model the name of the model, as {@link FmCall#model()} has it
     * @return tokens, from 0 to the size of the bucket; retries are allowed above half of that
     */
    public double tokens(String model) {
        Bucket known = buckets.all().get(model);
        return (known == null ? full : known.thousandths.get()) / (double) THOUSANDTHS;
    }

    Bucket of(FmCall call) {
        return buckets.of(call);
    }

    /** The tokens of one model. */
    final class Bucket {
        private final AtomicInteger thousandths = new AtomicInteger(full);

        /** Notes an attempt that failed; returns whether there may be another one. */
        boolean failed() {
            return thousandths.updateAndGet(t -> Math.max(0, t - THOUSANDTHS)) > full / 2;
        }

        /** Notes an answer. */
        void answered() {
            if (thousandths.get() < full) { // the usual case writes nothing
                thousandths.updateAndGet(t -> Math.min(full, t + perAnswer));
            }
        }
    }

    @Override
    public String toString() {
        return "RetryBudget[maxTokens=" + full / THOUSANDTHS + ", ratio=" + perAnswer / (double) THOUSANDTHS + "]";
    }
}
