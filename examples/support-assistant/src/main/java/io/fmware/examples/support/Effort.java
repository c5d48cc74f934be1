package io.fmware.examples.support;

import io.fmware.cost.Cost;
import io.fmware.cost.CostSummary;
import io.fmware.retry.Reprompting;
import io.fmware.retry.Retrying;
import io.fmware.route.Fallback;

/**
 * What an answer took.
 *
 * @param attempts calls of a chat model
 * @param retries attempts after one that failed
 * @param reprompts answers that were rejected and asked for again
 * @param fallbacks turns to the second model
 * @param tokensIn tokens of all requests that reported any
 * @param tokensOut tokens of all answers that reported any
 * @param cost of all attempts whose price is known
 */
public record Effort(
        long attempts, long retries, long reprompts, long fallbacks, long tokensIn, long tokensOut, Cost cost) {
    static final Effort NONE = new Effort(0, 0, 0, 0, 0, 0, Cost.NONE);

    /** Of a question, without what its embedding took, which is made in this process. */
    static Effort of(CostSummary question, String embedder) {
        Effort sum = new Effort(
                0,
                done(question, "retrying", Retrying.RETRIED),
                done(question, "reprompting", Reprompting.REPROMPTED),
                done(question, "fallback", Fallback.FELL_BACK),
                0,
                0,
                Cost.NONE);
        for (var each : question.byModel().entrySet()) {
            if (!each.getKey().equals(embedder)) {
                sum = sum.plus(each.getValue());
            }
        }
        return sum;
    }

    private static long done(CostSummary question, String interceptor, String action) {
        return question.actions().getOrDefault(interceptor + ": " + action, 0L);
    }

    private Effort plus(CostSummary model) {
        return new Effort(
                attempts + model.attempts(),
                retries,
                reprompts,
                fallbacks,
                tokensIn + model.tokensIn(),
                tokensOut + model.tokensOut(),
                cost.plus(model.cost()));
    }
}
