package io.fmware.observability.otel;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.api.metrics.LongHistogram;
import io.opentelemetry.api.metrics.Meter;
import java.util.List;

/** The metrics: those of the conventions with the buckets they ask for, and our own. */
final class Instruments {
    private static final List<Double> SECONDS =
            List.of(0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92);
    private static final List<Long> TOKENS = List.of(
            1L, 4L, 16L, 64L, 256L, 1024L, 4096L, 16384L, 65536L, 262144L, 1048576L, 4194304L, 16777216L, 67108864L);

    final DoubleHistogram duration;
    final DoubleHistogram firstChunk;
    final DoubleHistogram nextChunk;
    final LongHistogram tokens;
    final LongCounter calls;
    final LongHistogram attempts;
    final LongCounter actions;
    private final LongCounter dropped;

    Instruments(Meter meter) {
        duration = seconds(meter, "gen_ai.client.operation.duration", "How long an operation took.");
        firstChunk = seconds(
                meter, "gen_ai.client.operation.time_to_first_chunk", "The time to the first chunk of a stream.");
        nextChunk =
                seconds(meter, "gen_ai.client.operation.time_per_output_chunk", "The time from one chunk to the next.");
        tokens = meter.histogramBuilder("gen_ai.client.token.usage")
                .ofLongs()
                .setUnit("{token}")
                .setDescription("How many tokens an operation used.")
                .setExplicitBucketBoundariesAdvice(TOKENS)
                .build();
        calls = meter.counterBuilder("fmware.calls")
                .setUnit("{call}")
                .setDescription("Calls of a pipeline that ended, by how they ended.")
                .build();
        attempts = meter.histogramBuilder("fmware.call.attempts")
                .ofLongs()
                .setUnit("{attempt}")
                .setDescription("How often a model was asked for one call.")
                .setExplicitBucketBoundariesAdvice(List.of(0L, 1L, 2L, 3L, 5L, 8L))
                .build();
        actions = meter.counterBuilder("fmware.interceptor.actions")
                .setUnit("{action}")
                .setDescription("What interceptors did.")
                .build();
        dropped = meter.counterBuilder("fmware.dropped")
                .setUnit("{event}")
                .setDescription("What was not noted, by why.")
                .build();
    }

    private static DoubleHistogram seconds(Meter meter, String name, String description) {
        return meter.histogramBuilder(name)
                .setUnit("s")
                .setDescription(description)
                .setExplicitBucketBoundariesAdvice(SECONDS)
                .build();
    }

    /** Counts what was lost: by a watcher that threw, for want of a span, by a redactor that threw. */
    void dropped(String reason, long count) {
        if (count > 0) {
            dropped.add(count, Attributes.of(Fm.REASON, reason));
        }
    }
}
