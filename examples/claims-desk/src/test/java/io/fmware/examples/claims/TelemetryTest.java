package io.fmware.examples.claims;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The trace of a claim, over the wire to a receiver that reads what a collector reads. */
class TelemetryTest {
    private final List<ResourceSpans> received = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private HttpServer receiver() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", exchange -> {
            received.addAll(ExportTraceServiceRequest.parseFrom(exchange.getRequestBody())
                    .getResourceSpansList());
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private int run(String endpoint) {
        return ClaimsDesk.run(
                List.of("C-1"),
                Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint, BlackBox.VARIABLE, BlackBox.OFF),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @Test
    void a_receiver_gets_one_trace_with_every_agent_call_and_tool_in_its_place() throws Exception {
        HttpServer server = receiver();
        try {
            assertThat(run("http://localhost:" + server.getAddress().getPort() + "/"))
                    .isZero();
        } finally {
            server.stop(0);
        }

        List<Span> spans = received.stream()
                .flatMap(resource -> resource.getScopeSpansList().stream())
                .flatMap(scope -> scope.getSpansList().stream())
                .toList();
        Map<Object, String> names = new HashMap<>();
        spans.forEach(span -> names.put(span.getSpanId(), span.getName()));
        assertThat(spans).extracting(Span::getTraceId).containsOnly(spans.get(0).getTraceId());
        assertThat(received.get(0).getResource().getAttributesList())
                .anySatisfy(attribute -> assertThat(
                                attribute.getKey() + "=" + attribute.getValue().getStringValue())
                        .isEqualTo("service.name=claims-desk"));
        assertThat(new TreeSet<>(spans.stream()
                        .map(span -> names.getOrDefault(span.getParentSpanId(), "-") + " > " + span.getName())
                        .toList()))
                .contains(
                        "- > invoke_workflow claim",
                        "invoke_workflow claim > invoke_agent desk",
                        "invoke_agent desk > invoke_agent intake",
                        "invoke_agent desk > invoke_agent checks",
                        "invoke_agent checks > invoke_agent policy",
                        "invoke_agent checks > invoke_agent fraud",
                        "invoke_agent policy > execute_tool lookUpCover",
                        "invoke_agent fraud > execute_tool lookUpPastClaims",
                        "invoke_agent desk > invoke_agent settling",
                        "invoke_agent settling > invoke_agent settlement",
                        "invoke_agent settling > invoke_agent review");
        assertThat(spans)
                .as("no letter of a customer leaves the process")
                .noneSatisfy(span -> assertThat(span.toString()).contains("rear door"));
    }

    @Test
    void a_claim_is_settled_though_the_receiver_is_down() {
        assertThat(run("http://localhost:1")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("review: agreed");
    }

    @Test
    void an_endpoint_that_is_none_is_named() {
        assertThat(run("localhost:4318")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8).strip())
                .isEqualTo(
                        "claims-desk: OTEL_EXPORTER_OTLP_ENDPOINT is 'localhost:4318'; set it to the URL of a receiver of"
                                + " OTLP over HTTP, such as http://localhost:4318");
    }
}
