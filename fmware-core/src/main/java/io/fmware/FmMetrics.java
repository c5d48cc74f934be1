package io.fmware;

/**
 * Is told what a pipeline does, for whoever keeps counts: the seam to a metrics library. Methods are called on the thread of
 * the call, concurrently, and must neither block nor throw; what they throw is logged once and otherwise ignored.
 */
public interface FmMetrics {

    /**
     * One logical call has ended, with an answer or without. Called exactly once for every call that a pipeline accepted.
     *
     * @param outcome how it ended
     */
    void callEnded(CallOutcome outcome);

    /**
     * An interceptor did something worth counting. What those shipped say are constants of their classes, such as {@code RETRIED}
     * of {@code Retrying} or {@code FELL_BACK} of {@code Fallback}; {@code Routing} says the name of the candidate.
     *
     * @param interceptor the name of the interceptor
     * @param action what it did, from a small fixed set
     */
    default void interceptorActed(String interceptor, String action) {}

    /**
     * Tells two.
     *
     * @param other who is told too, after this
     * @return metrics that tell both, even where the first throws
     */
    default FmMetrics and(FmMetrics other) {
        return new BothMetrics(this, other);
    }

    /**
     * Keeps no counts.
     *
     * @return metrics that ignore everything
     */
    static FmMetrics none() {
        return NoMetrics.INSTANCE;
    }
}
