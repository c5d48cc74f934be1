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
     * An interceptor did something worth counting. Those shipped say the constants of {@code Reprompting} (reprompted,
     * exhausted, released) and {@code Fallback} (fell back).
     *
     * @param interceptor the name of the interceptor
     * @param action what it did, from a small fixed set
     */
    default void interceptorActed(String interceptor, String action) {}

    /**
     * Keeps no counts.
     *
     * @return metrics that ignore everything
     */
    static FmMetrics none() {
        return NoMetrics.INSTANCE;
    }
}
