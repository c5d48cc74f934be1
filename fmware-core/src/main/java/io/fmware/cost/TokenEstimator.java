package io.fmware.cost;

import dev.langchain4j.model.output.TokenUsage;
import io.fmware.FmCall;
import io.fmware.FmReply;

/**
 * Says how many tokens a call will take, before it is made. Thread-safe.
 *
 * <p>What nobody here can count are audio, video and documents in a request, and thoughts that are sent back with earlier answers: they
 * count as nothing, but are learned with the rest. An image counts as 1,000
 * tokens, and as 1,600 where the most is asked for, until something else was learned; gpt-4o-mini bills some 30 times as many.
 */
public interface TokenEstimator {

    /**
     * The tokens of the request: messages, tools, response format.
     *
     * @param call a chat or embedding call
     * @return the best guess, not negative
     */
    long input(FmCall call);

    /**
     * The tokens that the request takes at most, for reservations. By default the best guess.
     *
     * @param call a chat or embedding call
     * @return the number, at least {@link #input}
     */
    default long inputAtMost(FmCall call) {
        return input(call);
    }

    /**
     * The tokens that the request takes at least, whatever was learned: a call is refused for good only for these. By default
     * the best guess.
     *
     * @param call a chat or embedding call
     * @return the number, not negative
     */
    default long inputAtLeast(FmCall call) {
        return input(call);
    }

    /**
     * The tokens that the answer may take at most: what the request or the defaults of the model allow, or else what is usual.
     *
     * @param call a chat or embedding call
     * @return the number, 0 for embeddings
     */
    long output(FmCall call);

    /**
     * Learns from what a call really took.
     *
     * @param call the call
     * @param reported the usage that the provider reported
     */
    default void learn(FmCall call, TokenUsage reported) {}

    /**
     * Learns from a reply, where it says what one request took: a model gave it, at the first attempt, and reported its usage.
     * A sum of several attempts would say too much. What {@link #learn} throws is logged, since the answer is there.
     *
     * @param call the call
     * @param reply its reply
     */
    default void learnFrom(FmCall call, FmReply reply) {
        TokenUsage usage = reply.usage();
        if (usage != null && reply.attempts() == 1 && reply.source() == FmReply.Source.MODEL) {
            Learning.guarded(this, call, usage);
        }
    }

    /**
     * How far off the last estimates were for a model.
     *
     * @param model the name of the model, as {@link FmCall#model()} has it
     * @return the error, {@link EstimateError#UNKNOWN} where nothing was learned
     */
    default EstimateError error(String model) {
        return EstimateError.UNKNOWN;
    }

    /**
     * Counts exactly for models of OpenAI where jtokkit is on the class path, and learns otherwise. The vocabulary is read on
     * a thread of its own; until it is there, which takes about a second, this estimates.
     *
     * @return an estimator that has learned nothing yet
     */
    static TokenEstimator standard() {
        return new StandardEstimator();
    }

    /**
     * Estimates by what a text is made of (words, digits, punctuation, scripts, space), and learns from reported usage, for each
     * model apart, how many tokens each of that is worth: recursive least squares with a prior, that is, the Kalman filter of a
     * constant (S. Haykin, Adaptive Filter Theory, chapter 10), with observations that are far off counting less (P. J. Huber,
     * Robust estimation of a location parameter, 1964). A usage that cannot be is ignored.
     *
     * <p>The most that a request takes is the number of its UTF-8 bytes, since a token of a byte-level vocabulary has at least one,
     * until 99 calls were learned from; from then on the estimate times how much it was exceeded at most of late, and a tenth. The
     * least is half of what the prior says.
     *
     * <p>After 256 calls one in eight is learned from, as long as the estimates hold. What was learned is forgotten after 100
     * calls in a row that a {@link Budget} refused, lest a model be refused for good on the word of a few wrong reports.
     *
     * @return an estimator that has learned nothing yet
     */
    static TokenEstimator learning() {
        return learning(ModelTokens.USUAL_OUTPUT);
    }

    /**
     * The same, with another length of answers that neither the request nor the model bounds, until 20 answers were seen. By
     * default 4,096 tokens, so that a budget is not overrun; for limits of rate and for prices less is nearer to the truth.
     *
     * @param usualOutput the tokens of an answer, at least 1
     * @return an estimator that has learned nothing yet
     */
    static TokenEstimator learning(long usualOutput) {
        if (usualOutput < 1) {
            throw new IllegalArgumentException(
                    "the usual length of an answer must be at least 1 token, but is " + usualOutput);
        }
        return new LearningEstimator(usualOutput);
    }

    /**
     * Counts every request in the encoding of a model of OpenAI, as OpenAI's cookbook says ("How to count tokens with
     * tiktoken"): 3 tokens for each message and its role, 1 for a name, 3 for the answer to begin. Tools, tool calls and
     * response formats are estimated, since OpenAI does not say how they are written; so are images. Newer models of OpenAI
     * may take a token or two less. The vocabulary is read on a thread of its own from now on; a call that comes before it is
     * there waits, about a second.
     *
     * @param modelName a name such as {@code gpt-4o}; of names that are not known yet the beginning decides
     * @return the estimator
     * @throws IllegalArgumentException if that is no model of OpenAI
     * @throws IllegalStateException if jtokkit is not on the class path
     */
    static TokenEstimator openAi(String modelName) {
        return new OpenAiEstimator(modelName);
    }
}
