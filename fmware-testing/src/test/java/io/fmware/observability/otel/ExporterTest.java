package io.fmware.observability.otel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A back end that is slow, down or broken costs spans, never calls. */
class ExporterTest {
    private static final int CALLS = 200;
    private static final Logger SDK =
            Logger.getLogger("io.opentelemetry.sdk.trace.export"); // held, or its level is lost

    @BeforeAll
    static void keepTheLogShort() {
        SDK.setLevel(Level.OFF);
    }

    /** An exporter that does nothing well. */
    private interface Bad extends SpanExporter {
        @Override
        default CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        default CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }

    private static OpenTelemetrySdk sdk(SpanProcessor processor, SdkMeterProvider meters) {
        return OpenTelemetrySdk.builder()
                .setTracerProvider(
                        SdkTracerProvider.builder().addSpanProcessor(processor).build())
                .setMeterProvider(meters)
                .build();
    }

    private static void call(OpenTelemetrySdk sdk) {
        FmTelemetry telemetry = FmTelemetry.of(sdk);
        try (FmPipeline pipeline =
                FmPipeline.builder().watch(telemetry).metrics(telemetry).build()) {
            ChatModel model = pipeline.wrap((ChatModel) ScriptedChatModel.of(Script.always(Reply.text("yes"))));
            for (int i = 0; i < CALLS; i++) {
                assertThat(model.chat("hello")).isEqualTo("yes");
            }
        }
        assertThat(telemetry.open()).isZero();
    }

    private static long sum(InMemoryMetricReader reader, String metric, String reason) {
        return reader.collectAllMetrics().stream()
                .filter(m -> m.getName().equals(metric))
                .flatMap(m -> m.getLongSumData().getPoints().stream())
                .filter(p -> p.getAttributes().toString().contains(reason))
                .mapToLong(p -> p.getValue())
                .sum();
    }

    @Test
    void one_that_blocks_fills_its_queue_and_the_sdk_counts_what_it_drops() {
        CountDownLatch release = new CountDownLatch(1);
        InMemoryMetricReader reader = InMemoryMetricReader.create();
        SdkMeterProvider meters =
                SdkMeterProvider.builder().registerMetricReader(reader).build();
        Bad blocking = spans -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return CompletableResultCode.ofSuccess();
        };
        BatchSpanProcessor processor = BatchSpanProcessor.builder(blocking)
                .setMaxQueueSize(32)
                .setMaxExportBatchSize(16)
                .setScheduleDelay(Duration.ofMillis(1))
                .setMeterProvider(meters)
                .build();
        try (OpenTelemetrySdk sdk = sdk(processor, meters)) {
            call(sdk);

            Awaitility.await()
                    .untilAsserted(() -> assertThat(sum(reader, "processedSpans", "dropped=true"))
                            .isGreaterThan(CALLS));
            release.countDown();
        }
    }

    @Test
    void one_that_throws_or_is_down_is_not_noticed_by_calls() {
        Bad throwing = spans -> {
            throw new IllegalStateException("broken");
        };
        Bad down = spans -> CompletableResultCode.ofFailure();
        for (Bad bad : new Bad[] {throwing, down}) {
            BatchSpanProcessor processor = BatchSpanProcessor.builder(bad)
                    .setScheduleDelay(Duration.ofMillis(1))
                    .build();
            try (OpenTelemetrySdk sdk =
                    sdk(processor, SdkMeterProvider.builder().build())) {
                call(sdk);
            }
        }
    }

    @Test
    void an_sdk_that_throws_on_the_thread_of_the_call_is_counted_and_survived() {
        InMemoryMetricReader reader = InMemoryMetricReader.create();
        SdkMeterProvider meters =
                SdkMeterProvider.builder().registerMetricReader(reader).build();
        SpanProcessor broken = new SpanProcessor() {
            @Override
            public void onStart(Context parent, ReadWriteSpan span) {
                throw new IllegalStateException("broken");
            }

            @Override
            public boolean isStartRequired() {
                return true;
            }

            @Override
            public void onEnd(ReadableSpan span) {}

            @Override
            public boolean isEndRequired() {
                return false;
            }
        };
        try (OpenTelemetrySdk sdk = sdk(broken, meters)) {
            call(sdk);

            assertThat(sum(reader, "fmware.dropped", "watcher")).isEqualTo(2L * CALLS);
        }
    }

    @Test
    void an_sdk_that_throws_at_the_end_of_a_span_leaves_none_open() {
        SpanProcessor broken = new SpanProcessor() {
            @Override
            public void onStart(Context parent, ReadWriteSpan span) {}

            @Override
            public boolean isStartRequired() {
                return false;
            }

            @Override
            public void onEnd(ReadableSpan span) {
                throw new IllegalStateException("broken");
            }

            @Override
            public boolean isEndRequired() {
                return true;
            }
        };
        InMemoryMetricReader reader = InMemoryMetricReader.create();
        SdkMeterProvider meters =
                SdkMeterProvider.builder().registerMetricReader(reader).build();
        try (OpenTelemetrySdk sdk = sdk(broken, meters)) {
            FmTelemetry telemetry = FmTelemetry.of(sdk);
            FmRun run = FmRun.builder("claim").watch(telemetry).open();
            run.step("one");
            run.step("two");
            run.close();

            assertThat(telemetry.open()).isZero();
            assertThat(sum(reader, "fmware.dropped", "watcher")).isEqualTo(2);
            assertThat(run.dropped()).as("of the run itself").isEqualTo(1);
        }
    }
}
