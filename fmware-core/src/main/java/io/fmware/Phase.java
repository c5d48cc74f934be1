package io.fmware;

/**
 * Where an interceptor stands in the chain, outermost first. A pipeline sorts its interceptors by phase and keeps the order
 * in which they were given inside one, so that, say, only validated answers are ever cached, however the pipeline was
 * written down.
 *
 * <p>The phases up to {@link #VALIDATE} see the logical call. Those from {@link #RETRY} on belong to one model: a call that a
 * fallback sends to another model skips them, since that model brings its own.
 */
public enum Phase {
    /** Sets the deadline that everything below obeys. */
    DEADLINE,
    /** Checks the request before any work is done for it: input guards, prompt checks. */
    ADMIT,
    /** Chooses which model is asked, so that everything below goes by that one. */
    ROUTE,
    /** Answers without the model where a valid answer is known. */
    CACHE,
    /** Turns to another model where the first one fails. */
    FALLBACK,
    /** Checks the answer: output guards, re-prompting. */
    VALIDATE,
    /** Repeats an attempt that failed. */
    RETRY,
    /** Starts a second attempt where the first is slow. */
    HEDGE,
    /** Stops calling a model that is down. */
    BREAKER,
    /** Bounds rate, concurrency and spending, next to the model. */
    LIMIT;

    /** Whether what interceptors of this phase do depends on timing, or on what happened before: a replay passes them by. */
    boolean dependsOnTiming() {
        return this == CACHE || this == HEDGE || this == BREAKER || this == LIMIT;
    }

    /** Whether interceptors of this phase belong to one model rather than to the logical call. */
    boolean isBoundToModel() {
        return compareTo(RETRY) >= 0;
    }
}
