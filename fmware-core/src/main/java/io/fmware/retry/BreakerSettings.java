package io.fmware.retry;

import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Clock;
import java.time.Duration;

/** When a breaker opens and closes. */
record BreakerSettings(
        double failureRate,
        double slowCallRate,
        Duration slow,
        int windowSize,
        boolean byTime,
        int minimumCalls,
        Duration openFor,
        int probes,
        Duration probesWithin) {
    static final Duration NEVER_SLOW = Duration.ofDays(3_650);

    CircuitBreakerConfig config(Clock clock) {
        return CircuitBreakerConfig.custom()
                .failureRateThreshold(percent(failureRate))
                .slowCallRateThreshold(percent(slowCallRate))
                .slowCallDurationThreshold(slow)
                .slidingWindow(
                        windowSize, minimumCalls, byTime ? SlidingWindowType.TIME_BASED : SlidingWindowType.COUNT_BASED)
                .waitDurationInOpenState(openFor)
                .permittedNumberOfCallsInHalfOpenState(probes)
                .clock(clock)
                .build();
    }

    private static float percent(double share) {
        return (float) (share * 100);
    }
}
