package io.fmware.observability.otel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.fmware.FmPipeline;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** A pipeline with telemetry on a real SDK. When it is closed it proves that every span that was started was ended once. */
final class OtelRig implements AutoCloseable {
    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final InMemoryMetricReader reader = InMemoryMetricReader.create();
    private final Ends ends = new Ends();
    private final OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(ends)
                    .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                    .build())
            .setMeterProvider(
                    SdkMeterProvider.builder().registerMetricReader(reader).build())
            .build();
    private final FmTelemetry telemetry;
    private final FmPipeline pipeline;

    private OtelRig(UnaryOperator<FmTelemetry.Builder> telemetry, UnaryOperator<FmPipeline.Builder> pipeline) {
        this.telemetry = telemetry.apply(FmTelemetry.builder(sdk)).build();
        this.pipeline = pipeline.apply(
                        FmPipeline.builder().watch(this.telemetry).metrics(this.telemetry))
                .build();
    }

    static OtelRig plain() {
        return new OtelRig(t -> t, p -> p);
    }

    static OtelRig with(UnaryOperator<FmTelemetry.Builder> telemetry) {
        return new OtelRig(telemetry, p -> p);
    }

    static OtelRig of(UnaryOperator<FmTelemetry.Builder> telemetry, UnaryOperator<FmPipeline.Builder> pipeline) {
        return new OtelRig(telemetry, pipeline);
    }

    static ChatRequest request(String text) {
        return ChatRequest.builder().messages(UserMessage.from(text)).build();
    }

    OpenTelemetrySdk sdk() {
        return sdk;
    }

    FmTelemetry telemetry() {
        return telemetry;
    }

    FmPipeline pipeline() {
        return pipeline;
    }

    List<SpanData> spans() {
        return exporter.getFinishedSpanItems();
    }

    SpanData span(String name) {
        List<SpanData> found =
                spans().stream().filter(s -> s.getName().equals(name)).toList();
        assertThat(found)
                .as(
                        "spans named '%s' of %s",
                        name, spans().stream().map(SpanData::getName).toList())
                .hasSize(1);
        return found.get(0);
    }

    /** The name of each span and of what it is in, in the order of their ends. */
    List<String> tree() {
        Map<String, String> names = new TreeMap<>();
        spans().forEach(s -> names.put(s.getSpanId(), s.getName()));
        return spans().stream()
                .map(s -> names.getOrDefault(s.getParentSpanId(), "-") + " > " + s.getName())
                .toList();
    }

    /** What a span says, by name. */
    static Map<String, Object> attributes(SpanData span) {
        Map<String, Object> shown = new TreeMap<>();
        span.getAttributes().forEach((key, value) -> shown.put(key.getKey(), value));
        return shown;
    }

    MetricData metric(String name) {
        List<MetricData> found =
                metrics().stream().filter(m -> m.getName().equals(name)).toList();
        assertThat(found).as("metrics named %s", name).hasSize(1);
        return found.get(0);
    }

    List<MetricData> metrics() {
        return List.copyOf(reader.collectAllMetrics());
    }

    /** The sum of a counter where an attribute has a value. */
    long count(String metric, String attribute, String value) {
        return metrics().stream()
                .filter(m -> m.getName().equals(metric))
                .flatMap(m -> m.getLongSumData().getPoints().stream())
                .filter(p -> value.equals(p.getAttributes().get(AttributeKey.stringKey(attribute))))
                .mapToLong(p -> p.getValue())
                .sum();
    }

    @Override
    public void close() {
        pipeline.close();
        ends.verify();
        assertThat(telemetry.open()).as("spans that are still open").isZero();
        assertThat(Context.current()).as("the context of the test").isSameAs(Context.root());
        sdk.close();
    }

    /** Counts the ends of each span. */
    private static final class Ends implements SpanProcessor {
        private final Map<String, AtomicInteger> ends = new ConcurrentHashMap<>();

        @Override
        public void onStart(Context parent, ReadWriteSpan span) {
            ends.put(span.getSpanContext().getSpanId(), new AtomicInteger());
        }

        @Override
        public boolean isStartRequired() {
            return true;
        }

        @Override
        public void onEnd(ReadableSpan span) {
            ends.get(span.getSpanContext().getSpanId()).incrementAndGet();
        }

        @Override
        public boolean isEndRequired() {
            return true;
        }

        void verify() {
            assertThat(ends.values()).as("how often each span ended").allMatch(count -> count.get() == 1);
        }
    }
}
