package io.fmware.observability.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.fmware.observability.recorder.Recording;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ExportEventsTest extends CommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void events_are_written_as_they_were_recorded_one_in_a_line() throws IOException {
        rig.settled("claim-1", "\u00fcser");
        Path file = directory.resolve("events.jsonl");

        assertThat(rig.run("export", flights, "--to", file.toString())).isZero();

        List<String> recorded = new ArrayList<>();
        Recording.in(Path.of(flights)).events(each -> recorded.add(each.json().toString()), fault -> {});
        assertThat(Files.readAllLines(file)).isEqualTo(recorded).hasSize(11);
        assertThat(recorded.get(0)).contains("\"user\":\"\u00fcser\"");
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void a_file_that_is_there_already_and_may_be_for_others_to_read_stays_as_it_is() throws IOException {
        rig.settled("claim-1", "u1");
        Path file = Files.writeString(directory.resolve("events.jsonl"), "of others");

        assertThat(rig.run("export", flights, "--to", file.toString())).isEqualTo(2);

        assertThat(rig.err()).isEqualTo("flights: " + file + " is there already; name another file\n");
        assertThat(file).hasContent("of others");
    }

    @Test
    void standard_output_is_ascii_so_that_no_escape_reaches_a_terminal() throws IOException {
        rig.settled("claim-1", "\u009b31m\u202euser");

        assertThat(rig.run("export", flights, "--to", "-", "--type", "run.started"))
                .isZero();

        assertThat(rig.out().codePoints().filter(c -> c != '\n')).allMatch(c -> c >= ' ' && c < 0x7f);
        assertThat(JSON.readTree(rig.out()).path("attributes").path("user").asText())
                .isEqualTo("\u009b31m\u202euser");
    }

    @Test
    void texts_stand_beside_the_names_of_contents_that_were_recorded() throws IOException {
        rig.failed("claim-2", "u2", new IllegalStateException("no policy"));
        rig.settled("claim-1", "u1");

        assertThat(rig.run("export", flights, "--to", "-", "--content", "--run", "claim-2", "--type", "tool"))
                .isZero();

        List<JsonNode> events = new ArrayList<>();
        for (String each : rig.out().lines().toList()) {
            events.add(JSON.readTree(each));
        }
        assertThat(events).hasSize(2);
        assertThat(events.get(0).path("arguments").path("text").asText()).isEqualTo("{\"policy\":\"P-9\"}");
        assertThat(events.get(0).path("arguments").path("#").asText()).hasSize(32);
        assertThat(events.get(1).path("message").path("text").asText()).isEqualTo("no policy");
        assertThat(events.get(1).path("message").path("n").asInt()).isEqualTo(9);
    }

    @Test
    void a_receiver_gets_the_runs_as_the_same_traces_each_time() throws Exception {
        rig.settled("claim-1", "u1");
        rig.failed("claim-2", "u2", new IllegalStateException("no policy"));
        List<Span> spans = new CopyOnWriteArrayList<>();
        HttpServer server = receiver(spans, 200);
        String endpoint = "http://localhost:" + server.getAddress().getPort() + "/v1/traces";
        try {
            assertThat(rig.run("export", flights, "--format", "otlp", "--endpoint", endpoint))
                    .as(rig.err())
                    .isZero();
            assertThat(rig.out()).isEqualTo("2 runs sent as 8 spans\n");
            rig.run("export", flights, "--format", "otlp", "--endpoint", endpoint, "--run", "claim-2");
            assertThat(rig.out()).isEqualTo("1 runs sent as 3 spans\n");
        } finally {
            server.stop(0);
        }

        Map<Object, String> names = new HashMap<>();
        spans.forEach(span -> names.put(span.getSpanId(), span.getName()));
        assertThat(spans)
                .extracting(span -> names.getOrDefault(span.getParentSpanId(), "-") + " > " + span.getName() + " "
                        + (span.getEndTimeUnixNano() - span.getStartTimeUnixNano()) / 1_000_000)
                .containsExactly(
                        "- > invoke_workflow claim 500",
                        "invoke_workflow claim > invoke_agent settlement 500",
                        "invoke_agent settlement > execute_tool lookUpCover 90",
                        "invoke_agent settlement > chat 0",
                        "chat > attempt 0",
                        "- > invoke_workflow claim 30",
                        "invoke_workflow claim > invoke_agent settlement 30",
                        "invoke_agent settlement > execute_tool lookUpCover 30",
                        "- > invoke_workflow claim 30",
                        "invoke_workflow claim > invoke_agent settlement 30",
                        "invoke_agent settlement > execute_tool lookUpCover 30");
        assertThat(spans.stream().map(Span::getTraceId).distinct()).hasSize(2);
        assertThat(spans.subList(8, 11)).isEqualTo(spans.subList(5, 8));
        Span root = spans.get(5);
        assertThat(root.getStartTimeUnixNano())
                .isEqualTo(rig.clock.instant().minusMillis(30).toEpochMilli() * 1_000_000);
        assertThat(root.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
        assertThat(root.getAttributesList().stream()
                        .collect(Collectors.toMap(
                                each -> each.getKey(), each -> each.getValue().getStringValue())))
                .isEqualTo(Map.of(
                        "fmware.run.id", "claim-2",
                        "fmware.user", "u2",
                        "gen_ai.operation.name", "invoke_workflow",
                        "gen_ai.workflow.name", "claim",
                        "error.type", "java.lang.IllegalStateException"));
        assertThat(spans.get(1).getEventsList())
                .singleElement()
                .satisfies(event -> assertThat(event.getName()).isEqualTo("fmware.plan"));
        assertThat(spans.toString())
                .as("no content")
                .doesNotContain("900 euros")
                .doesNotContain("P-9");
    }

    private static HttpServer receiver(List<Span> spans, int status) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", exchange -> {
            ExportTraceServiceRequest.parseFrom(exchange.getRequestBody()).getResourceSpansList().stream()
                    .flatMap(resource -> resource.getScopeSpansList().stream())
                    .forEach(scope -> spans.addAll(scope.getSpansList()));
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    @Test
    void a_receiver_that_does_not_take_them_is_told_in_one_line() throws IOException {
        rig.settled("claim-1", "u1");
        HttpServer server = receiver(new ArrayList<>(), 400);
        String endpoint = "http://localhost:" + server.getAddress().getPort() + "/v1/traces";
        try {
            assertThat(rig.run("export", flights, "--format", "otlp", "--endpoint", endpoint))
                    .isEqualTo(2);
        } finally {
            server.stop(0);
        }
        assertThat(rig.err())
                .startsWith("flights: the receiver at " + endpoint + " did not take the spans, 0 were sent before")
                .hasLineCount(1);
    }

    @Test
    void what_does_not_fit_together_is_said() {
        assertThat(rig.run("export", flights)).isEqualTo(2);
        assertThat(rig.err())
                .isEqualTo(
                        "flights: --format jsonl needs --to FILE, or --to - for standard output, and no --endpoint\n");
        assertThat(rig.run("export", flights, "--format", "otlp")).isEqualTo(2);
        assertThat(rig.err())
                .isEqualTo("flights: --format otlp needs --endpoint URL, and neither --to nor --content\n");
        assertThat(rig.run("export", flights, "--format", "otlp", "--endpoint", "localhost:4318"))
                .isEqualTo(2);
        assertThat(rig.err())
                .isEqualTo("flights: 'localhost:4318' is no URL of a receiver of OTLP over HTTP; give one like"
                        + " http://localhost:4318/v1/traces\n");
        assertThat(rig.run("export", flights, "--format", "otlp", "--endpoint", "http://x:99999/"))
                .isEqualTo(2);
        assertThat(rig.err())
                .isEqualTo("flights: 'http://x:99999/' is no URL of a receiver of OTLP over HTTP; give one like"
                        + " http://localhost:4318/v1/traces\n");
        assertThat(rig.run("export", flights, "--format", "otlp", "--endpoint", "http://x/", "--type", "tool"))
                .isEqualTo(2);
        assertThat(rig.err())
                .isEqualTo("flights: --format otlp sends whole runs: --type and --path are for --format jsonl\n");
    }

    @Test
    void what_is_not_on_the_class_path_is_named() throws Exception {
        rig.settled("claim-1", "u1");
        assertThat(forked("opentelemetry-exporter", "export", flights, "--format", "otlp", "--endpoint", "http://x/"))
                .isEqualTo(
                        "2 flights: --format otlp needs io.opentelemetry:opentelemetry-exporter-otlp on the class path;"
                                + " add it, or start the jar whose name ends with -cli.jar\n");
        assertThat(forked("opentelemetry-", "verify", flights))
                .as("all else does without")
                .isEqualTo("0 1 run, 11 events, 9 contents\nintact\n");
        assertThat(forked("picocli", "list", flights))
                .isEqualTo(
                        "2 flights: info.picocli:picocli is not on the class path; add it, or start the jar whose name"
                                + " ends with -cli.jar\n");
    }

    /** The exit code and what was printed, without some of the libraries. */
    private static String forked(String without, String... args) throws Exception {
        String libraries = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(each -> !Path.of(each).getFileName().toString().startsWith(without))
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                libraries,
                Flights.class.getName()));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() + " " + printed;
    }
}
