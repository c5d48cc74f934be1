package io.fmware;

/** Keeps no counts. */
enum NoMetrics implements FmMetrics {
    INSTANCE;

    @Override
    public void callEnded(CallOutcome outcome) {
        // Nobody counts.
    }
}
