package io.fmware;

import java.util.Objects;

/** Tells two; what one of them throws does not keep the other from being told. */
record BothMetrics(FmMetrics first, FmMetrics second) implements FmMetrics {
    BothMetrics {
        first = SafeMetrics.of(Objects.requireNonNull(first, "metrics"));
        second = SafeMetrics.of(Objects.requireNonNull(second, "metrics"));
    }

    @Override
    public void callEnded(CallOutcome outcome) {
        first.callEnded(outcome);
        second.callEnded(outcome);
    }

    @Override
    public void interceptorActed(String interceptor, String action) {
        first.interceptorActed(interceptor, action);
        second.interceptorActed(interceptor, action);
    }
}
