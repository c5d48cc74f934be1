package io.fmware.cost;

import dev.langchain4j.model.output.TokenUsage;
import io.fmware.FmCall;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets an estimator learn, which may be a user's, without a call failing for it. */
final class Learning {
    private static final Logger log = LoggerFactory.getLogger(Learning.class);

    private Learning() {}

    static void guarded(TokenEstimator estimator, FmCall call, TokenUsage reported) {
        try {
            estimator.learn(call, reported);
        } catch (RuntimeException e) { // the answer is there
            log.warn(
                    "the token estimator {} threw on learning from a call of model {}; its estimates stay as they are",
                    estimator.getClass().getName(),
                    call.model(),
                    e);
        }
    }
}
