package io.fmware.benchmarks;

import static io.fmware.benchmarks.JmhFigure.added;

import java.util.ArrayList;
import java.util.List;

/** What retries, hedges, breakers, limits and budgets cost a call while nothing is wrong. */
final class ResilienceFigures {
    private static final String NAME = "resilience.idle";
    private static final String NONE = "ResilienceBenchmark.none";

    private ResilienceFigures() {}

    static FigureGroup group() {
        List<JmhFigure> figures = new ArrayList<>();
        figures.add(added(
                        NAME,
                        "ResilienceBenchmark.whole",
                        NONE,
                        "Retrying, Hedging, Breaker, ConcurrencyLimit, RateLimit of requests and tokens, and Budget in dollars,"
                                + " tokens estimated by what is learned; a stub, no fault; minus an empty pipeline")
                .inMicroseconds());
        for (String part :
                List.of("retrying", "hedging", "breaker", "throttle", "concurrencyLimit", "rateLimit", "budget")) {
            figures.add(added(NAME + "." + part, "ResilienceBenchmark." + part, NONE, "this alone")
                    .inMicroseconds());
        }
        figures.add(added(
                        NAME + ".hedging.armed",
                        "ResilienceBenchmark.armed",
                        NONE,
                        "Hedging.after(a minute) alone: each call may be hedged, and is asked on a thread of its own, but no"
                                + " hedge is ever due")
                .inMicroseconds());
        figures.add(
                added(NAME + ".costMeter", "ResilienceBenchmark.costMeter", NONE, "this alone, no part of the whole")
                        .inMicroseconds());
        figures.add(added(
                        NAME + ".peer.resilience4j",
                        "Resilience4jBenchmark.stack",
                        "Resilience4jBenchmark.plain",
                        "rate limiter of requests, bulkhead, circuit breaker, retry and fallback, minus the model alone")
                .inMicroseconds());
        return new JmhFigures(figures);
    }
}
