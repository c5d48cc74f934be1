package io.fmware.observability.otel;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.langchain4j.model.chat.ChatModel;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.testing.ScriptedChatModel;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Over the wire, to a receiver that reads what a collector reads. */
class OtlpTest {

    private static HttpServer receiver(List<Span> spans, List<String> metrics) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", exchange -> {
            ExportTraceServiceRequest.parseFrom(exchange.getRequestBody()).getResourceSpansList().stream()
                    .flatMap(resource -> resource.getScopeSpansList().stream())
                    .forEach(scope -> spans.addAll(scope.getSpansList()));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.createContext("/v1/metrics", exchange -> {
            ExportMetricsServiceRequest.parseFrom(exchange.getRequestBody()).getResourceMetricsList().stream()
                    .flatMap(resource -> resource.getScopeMetricsList().stream())
                    .flatMap(scope -> scope.getMetricsList().stream())
                    .map(Metric::getName)
                    .forEach(metrics::add);
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    @Test
    void a_receiver_gets_the_tree_of_spans_and_the_metrics() throws Exception {
        List<Span> spans = new CopyOnWriteArrayList<>();
        List<String> metrics = new CopyOnWriteArrayList<>();
        HttpServer server = receiver(spans, metrics);
        String endpoint = "http://localhost:" + server.getAddress().getPort();
        try (OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
                .setTracerProvider(SdkTracerProvider.builder()
                        .addSpanProcessor(BatchSpanProcessor.builder(OtlpHttpSpanExporter.builder()
                                        .setEndpoint(endpoint + "/v1/traces")
                                        .build())
                                .build())
                        .build())
                .setMeterProvider(SdkMeterProvider.builder()
                        .registerMetricReader(PeriodicMetricReader.create(OtlpHttpMetricExporter.builder()
                                .setEndpoint(endpoint + "/v1/metrics")
                                .build()))
                        .build())
                .build()) {
            FmTelemetry telemetry = FmTelemetry.of(sdk);
            try (FmPipeline pipeline =
                    FmPipeline.builder().watch(telemetry).metrics(telemetry).build()) {
                ChatModel model = pipeline.wrap((ChatModel) ScriptedChatModel.replying("yes"));
                try (FmRun run = pipeline.run("claim").open();
                        FmRun.Scope agent = run.agent("clerk")) {
                    model.chat("hello");
                }
            }
        } finally { // closing the SDK has flushed it
            server.stop(0);
        }

        Map<Object, String> names = new HashMap<>();
        spans.forEach(span -> names.put(span.getSpanId(), span.getName()));
        assertThat(spans)
                .extracting(span -> names.getOrDefault(span.getParentSpanId(), "-") + " > " + span.getName())
                .containsExactlyInAnyOrder(
                        "chat > attempt",
                        "invoke_agent clerk > chat",
                        "invoke_workflow claim > invoke_agent clerk",
                        "- > invoke_workflow claim");
        assertThat(spans).extracting(Span::getTraceId).containsOnly(spans.get(0).getTraceId());
        assertThat(spans.stream().filter(span -> span.getName().equals("chat")).findFirst())
                .get()
                .satisfies(chat -> {
                    assertThat(chat.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT);
                    assertThat(chat.getAttributesList()).anySatisfy(attribute -> {
                        assertThat(attribute.getKey()).isEqualTo("gen_ai.operation.name");
                        assertThat(attribute.getValue().getStringValue()).isEqualTo("chat");
                    });
                });
        assertThat(metrics).contains("gen_ai.client.operation.duration", "fmware.calls", "fmware.call.attempts");
    }
}
