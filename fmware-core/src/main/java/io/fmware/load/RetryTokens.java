package io.fmware.load;

/** What retries are paid from, as by {@code RetryBudget.standard()}, which is for calls of a pipeline. Not thread-safe. */
final class RetryTokens {
    /** In thousandths, so that tenths add up. */
    private static final int FULL = 100_000;

    private static final int OF_A_FAILURE = 1_000;
    private static final int OF_AN_ANSWER = 100;

    private int left = FULL;

    /** Notes an attempt that failed; returns whether there may be another one. */
    boolean failed() {
        left = Math.max(0, left - OF_A_FAILURE);
        return left > FULL / 2;
    }

    /** Notes an answer. */
    void answered() {
        left = Math.min(FULL, left + OF_AN_ANSWER);
    }
}
