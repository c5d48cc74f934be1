package io.fmware.benchmarks;

import io.fmware.CallOutcome;
import io.fmware.FmMetrics;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts one thing that interceptors do. */
record ActionCounter(String counted, AtomicInteger count) implements FmMetrics {

    @Override
    public void callEnded(CallOutcome outcome) {}

    @Override
    public void interceptorActed(String interceptor, String action) {
        if (action.equals(counted)) {
            count.incrementAndGet();
        }
    }
}
