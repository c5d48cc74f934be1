package io.fmware.observability.otel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.fmware.BoundaryKind;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.event.FmEvent;
import io.fmware.observability.recorder.FlightRecorder;
import io.fmware.observability.recorder.RecordedEvent;
import io.fmware.observability.recorder.RecordedSpan;
import io.fmware.observability.recorder.Recording;
import io.fmware.testing.Reply;
import io.fmware.testing.ScriptedChatModel;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The spans of a run that was recorded, beside those of the same run as it was watched. */
class RecordedSpansTest {
    @TempDir
    Path flights;

    private final List<SpanData> watched = new ArrayList<>();

    private void run() throws IOException {
        InMemorySpanExporter exporter = InMemorySpanExporter.create();
        try (OpenTelemetrySdk sdk = OpenTelemetrySdk.builder()
                        .setTracerProvider(SdkTracerProvider.builder()
                                .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                                .build())
                        .build();
                FlightRecorder recorder = FlightRecorder.open(flights);
                FmPipeline pipeline = FmPipeline.builder()
                        .watch(FmTelemetry.of(sdk))
                        .watch(recorder)
                        .build()) {
            ChatModel model = pipeline.wrap((ChatModel) ScriptedChatModel.of(Reply.builder()
                    .text("yes")
                    .id("answer-1")
                    .modelName("gpt-4o-2026")
                    .usage(12, 3)
                    .build()));
            try (FmRun run = pipeline.run("claim")
                            .user("u1")
                            .conversation("c1")
                            .attribute("region", "north")
                            .open();
                    FmRun.Scope agent = run.agent("fraud/check")) {
                FmRun.note(at -> new FmEvent.VerdictGiven(at, "schema", true, null));
                model.chat(ChatRequest.builder()
                        .messages(UserMessage.from("how?"))
                        .modelName("gpt-4o")
                        .temperature(0.2)
                        .maxOutputTokens(100)
                        .build());
                ToolExecutionRequest request = ToolExecutionRequest.builder()
                        .id("call-1")
                        .name("lookUp")
                        .arguments("{}")
                        .build();
                try {
                    FmRun.cross(BoundaryKind.TOOL, "lookUp", request, asked -> {
                        throw new IllegalStateException("gone");
                    });
                } catch (IllegalStateException e) {
                    agent.output("nothing");
                }
            }
            watched.addAll(exporter.getFinishedSpanItems()); // which it forgets when it is closed
        }
    }

    private List<SpanData> recorded() throws IOException {
        List<RecordedEvent> events = new ArrayList<>();
        Recording.in(flights).events(events::add, fault -> {});
        return RecordedSpans.of(RecordedSpan.of(events));
    }

    private static Map<String, SpanData> byName(List<SpanData> spans) {
        return spans.stream()
                .collect(Collectors.toMap(SpanData::getName, Function.identity(), (one, other) -> one, TreeMap::new));
    }

    @Test
    void the_spans_of_a_recorded_run_are_those_of_the_run_as_it_was_watched() throws IOException {
        run();
        Map<String, SpanData> live = byName(watched);
        Map<String, SpanData> told = byName(recorded());

        assertThat(told.keySet())
                .isEqualTo(live.keySet())
                .containsExactly(
                        "attempt gpt-4o",
                        "chat gpt-4o",
                        "execute_tool lookUp",
                        "invoke_agent fraud/check",
                        "invoke_workflow claim");
        told.forEach((name, span) -> {
            SpanData same = live.get(name);
            assertThat(span.getKind()).as(name).isEqualTo(same.getKind());
            assertThat(span.getStatus().getStatusCode())
                    .as(name)
                    .isEqualTo(same.getStatus().getStatusCode());
            assertThat(parent(span, told)).as(name).isEqualTo(parent(same, live));
            assertThat(attributes(span)).as(name).isEqualTo(attributes(same));
            assertThat(span.getEvents().stream().map(EventData::getName).toList())
                    .as(name)
                    .isEqualTo(same.getEvents().stream().map(EventData::getName).toList());
            assertThat(span.getInstrumentationScopeInfo().getName())
                    .isEqualTo(same.getInstrumentationScopeInfo().getName());
        });
    }

    /** What a recording cannot know is left out: the provider, and what an agent has from its calls. */
    private static Map<String, Object> attributes(SpanData span) {
        Set<String> unknown = Set.of("gen_ai.provider.name");
        Set<String> ofCalls = Set.of(
                "gen_ai.request.model",
                "gen_ai.request.temperature",
                "gen_ai.request.max_tokens",
                "gen_ai.response.finish_reasons");
        Map<String, Object> all = new TreeMap<>();
        span.getAttributes().forEach((AttributeKey<?> key, Object value) -> {
            boolean left = unknown.contains(key.getKey())
                    || (span.getName().startsWith("invoke_agent") && ofCalls.contains(key.getKey()));
            if (!left) {
                all.put(key.getKey(), value);
            }
        });
        return all;
    }

    private static String parent(SpanData span, Map<String, SpanData> all) {
        return all.values().stream()
                .filter(each -> each.getSpanId().equals(span.getParentSpanId()))
                .map(SpanData::getName)
                .findFirst()
                .orElse("-");
    }

    @Test
    void ids_are_the_same_each_time_and_valid() throws IOException {
        run();

        List<SpanData> once = recorded();
        List<SpanData> again = recorded();

        assertThat(again).isEqualTo(once);
        assertThat(once).allMatch(span -> span.getSpanContext().isValid());
        assertThat(once.stream().map(SpanData::getSpanId).distinct()).hasSize(5);
        assertThat(once.stream().map(SpanData::getTraceId).distinct()).hasSize(1);
    }

    @Test
    void spans_are_exported_and_a_run_in_another_one_has_a_link_to_it() throws IOException {
        List<RecordedEvent> events = new ArrayList<>();
        try (FlightRecorder recorder = FlightRecorder.open(flights);
                FmPipeline pipeline = FmPipeline.builder().watch(recorder).build();
                FmRun outer = pipeline.run("batch").open()) {
            try (FmRun inner = pipeline.run("claim").open()) {
                assertThat(inner.outer()).isSameAs(outer);
            }
        }
        Recording.in(flights).events(events::add, fault -> {});
        InMemorySpanExporter exporter = InMemorySpanExporter.create();
        events.stream()
                .collect(Collectors.groupingBy(RecordedEvent::run))
                .values()
                .forEach(each -> assertThat(RecordedSpans.export(RecordedSpan.of(each), exporter)
                                .isSuccess())
                        .isTrue());

        Map<String, SpanData> spans = byName(exporter.getFinishedSpanItems());
        assertThat(spans.get("invoke_workflow claim").getLinks())
                .singleElement()
                .satisfies(link -> assertThat(link.getSpanContext())
                        .isEqualTo(spans.get("invoke_workflow batch").getSpanContext()));
        assertThat(spans.get("invoke_workflow batch").getLinks()).isEmpty();
    }

    @Test
    void what_never_ended_says_so_and_ends_with_the_last_that_is_known() throws IOException {
        run();
        List<RecordedEvent> events = new ArrayList<>();
        Recording.in(flights).events(events::add, fault -> {});

        List<SpanData> spans = RecordedSpans.of(RecordedSpan.of(events.subList(0, events.size() - 3)));

        SpanData root = spans.get(0);
        assertThat(root.getAttributes().get(AttributeKey.booleanKey("fmware.unclosed")))
                .isTrue();
        assertThat(root.getEndEpochNanos() - root.getStartEpochNanos())
                .isEqualTo(events.get(events.size() - 4).nanos() - events.get(0).nanos());
    }
}
