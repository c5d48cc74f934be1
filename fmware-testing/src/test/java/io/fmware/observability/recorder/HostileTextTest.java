package io.fmware.observability.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.fmware.event.EventOrigin;
import io.fmware.event.Failure;
import io.fmware.event.FmEvent;
import io.fmware.event.Redactor;
import io.fmware.event.RunPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Text that was made to break what reads it, in every field that takes text. */
@Timeout(60)
class HostileTextTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int LARGE = 10 << 20;

    @TempDir
    Path flights;

    private final List<RecordedEvent> events = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();
    private long number;

    static List<String> texts() {
        return List.of(
                "\u001b]0;owned\u0007\u001b[2J\u001b[31mred\u009b1A\r\nFAKE LOG LINE",
                "<script>alert(1)</script>&amp;<!--\"'><img src=x onerror=alert(1)>",
                "\"},{\"t\":\"run.ended\",\"h\":\"\\\"}\\",
                "nul \u0000 and \u0001 and \u007f",
                "high \ud83d alone",
                "low \ude00 alone, and the pair \ud83d\ude00",
                "\ude00\ud83d",
                "\u202eevil\u2066 bidi \u2069\u200f\u061c",
                "\u2028line\u2029paragraph\ufeff\ufffe\uffff",
                "${jndi:ldap://evil}%n%s{}{}",
                "z\u0351\u036b\u0343".repeat(50),
                "x\u0002\u0000\u0000\u0000".repeat(20),
                "FMFLIGHT\u0001\u0000");
    }

    private EventOrigin origin(String run, String path) {
        return new EventOrigin(run, RunPath.root(path), ++number, Ticks.NOON);
    }

    private List<FmEvent> everywhere(String text) {
        ToolExecutionRequest tool = ToolExecutionRequest.builder()
                .id(text)
                .name(text)
                .arguments(text)
                .build();
        List<ChatMessage> messages = List.of(
                SystemMessage.from(text),
                UserMessage.from(text),
                UserMessage.from(text, text),
                AiMessage.from(text),
                AiMessage.from(tool),
                ToolExecutionResultMessage.from(tool, text));
        return List.of(
                new FmEvent.RunStarted(origin(text, text), text, Map.of(text, text)),
                new FmEvent.AgentStarted(origin(text, text), text, Map.of(text, text), text),
                new FmEvent.AgentEnded(origin(text, text), text, text, new Failure(text, text)),
                new FmEvent.CallStarted(
                        origin(text, text),
                        text,
                        ChatRequest.builder().modelName(text).messages(messages).build()),
                new FmEvent.ToolCalled(origin(text, text), tool),
                new FmEvent.ToolReturned(origin(text, text), tool, text, new Failure(text, text)),
                new FmEvent.Decided(origin(text, text), text, List.of(text), text, text),
                new FmEvent.MessageSent(origin(text, text), text, text, text),
                new FmEvent.Thought(origin(text, text), text),
                new FmEvent.Evaluated(origin(text, text), text, Double.NaN, text, text, text),
                new FmEvent.RunEnded(origin(text, text), 0, new Failure(text, text)));
    }

    private void record(int segment, List<FmEvent> all) throws IOException {
        try (FlightRecorder recorder = FlightRecorder.builder(flights)
                .content(ContentRule.all())
                .segmentBytes(segment)
                .open()) {
            all.forEach(recorder::event);
            assertThat(recorder.lost()).isZero();
        }
        Recording.in(flights).events(events::add, faults::add);
        assertThat(faults).isEmpty();
        assertThat(events).hasSameSizeAs(all);
    }

    private String content(JsonNode named) throws IOException {
        String id = named.path("#").asText();
        return Recording.in(flights).contents(Set.of(id)).getOrDefault(id, "not recorded: " + named);
    }

    /** A text as it has to come back: redacted, and with a mark instead of what no UTF-8 can say. */
    private static String kept(String text) {
        return WellFormed.text(Redactor.standard().redact(text));
    }

    @ParameterizedTest
    @MethodSource("texts")
    void hostile_text_comes_back_as_it_was_from_every_field(String text) throws IOException {
        record(256 << 10, everywhere(text));
        String kept = kept(text);

        for (RecordedEvent each : events) {
            assertThat(each.run()).isEqualTo(kept);
        }
        JsonNode started = events.get(0).json();
        assertThat(started.path("name").asText()).isEqualTo(kept);
        assertThat(started.path("attributes").path(kept).asText()).isEqualTo(kept);
        assertThat(events.get(1).text("agent")).isEqualTo(kept);
        JsonNode failed = events.get(2).json();
        assertThat(failed.path("error").asText()).isEqualTo(kept);
        assertThat(content(failed.path("message"))).isEqualTo(kept);
        assertThat(content(failed.path("output"))).isEqualTo(kept);
        JsonNode messages = events.get(3).json().path("messages");
        assertThat(messages).hasSize(6);
        assertThat(JSON.readTree(content(messages.get(0))).path("text").asText())
                .isEqualTo(kept);
        assertThat(JSON.readTree(content(messages.get(1)))
                        .at("/contents/0/text")
                        .asText())
                .isEqualTo(kept);
        assertThat(JSON.readTree(content(messages.get(2))).path("name").asText())
                .isEqualTo(kept);
        assertThat(JSON.readTree(content(messages.get(3))).path("text").asText())
                .isEqualTo(kept);
        assertThat(JSON.readTree(content(messages.get(4)))
                        .at("/toolExecutionRequests/0/arguments")
                        .asText())
                .isEqualTo(kept);
        assertThat(String.valueOf(JSON.readTree(content(messages.get(5)))
                        .findValue("text")
                        .asText()))
                .isEqualTo(kept);
        JsonNode called = events.get(4).json();
        assertThat(called.path("tool").asText()).isEqualTo(kept);
        assertThat(content(called.path("arguments"))).isEqualTo(kept);
        assertThat(content(events.get(5).json().path("result"))).isEqualTo(kept);
        assertThat(content(events.get(6).json().path("options").get(0))).isEqualTo(kept);
        assertThat(content(events.get(8).json().path("text"))).isEqualTo(kept);
        assertThat(events.get(9).json().path("score").asText()).isEqualTo("NaN");
    }

    @ParameterizedTest
    @MethodSource("texts")
    void no_hostile_text_makes_control_characters_in_a_skeleton(String text) throws IOException {
        record(256 << 10, everywhere(text));

        for (String each : Ticks.records(flights, Kind.EVENT)) {
            assertThat(each.chars().filter(c -> c < ' ')).as(each).isEmpty();
            assertThat(JSON.readTree(each).isObject()).isTrue();
        }
    }

    @Test
    void a_prompt_of_ten_megabytes_is_stored() throws IOException {
        String large = "a long story. ".repeat(LARGE / 14);

        record(16 << 20, List.of(Ticks.thought("run", 1, large), Ticks.thought("run", 2, "behind it")));

        assertThat(content(events.get(0).json().path("text"))).isEqualTo(large);
        assertThat(content(events.get(1).json().path("text"))).isEqualTo("behind it");
    }

    @Test
    void a_prompt_that_is_larger_than_a_segment_is_counted_and_told_and_its_event_is_recorded() throws IOException {
        String large = "a long story. ".repeat(LARGE / 14);
        try (FlightRecorder recorder = FlightRecorder.builder(flights)
                .content(ContentRule.all())
                .segmentBytes(256 << 10)
                .open()) {
            recorder.event(Ticks.thought("run", 1, large));
            assertThat(recorder.lost()).isEqualTo(1);
            recorder.event(Ticks.thought("run", 2, "behind it"));
            assertThat(recorder.lost()).isEqualTo(1);
        }
        Recording.in(flights)
                .events(events::add, fault -> assertThat(fault.kind()).isEqualTo(Fault.Kind.LOST));
        assertThat(events).extracting(RecordedEvent::sequence).containsExactly(1L, 2L);
        assertThat(content(events.get(0).json().path("text"))).startsWith("not recorded");
        assertThat(content(events.get(1).json().path("text"))).isEqualTo("behind it");
        assertThat(Ticks.records(flights, Kind.LOSS))
                .containsExactly("{\"records\":1,\"why\":\"a record of "
                        + (large.getBytes(StandardCharsets.UTF_8).length + BlobId.LENGTH + Blob.OPENER)
                        + " bytes is larger than the 257920 that a segment has room for\"}");
    }

    @Test
    void names_of_ten_megabytes_in_every_field_are_lost_or_recorded_and_break_nothing() throws IOException {
        String large = "n".repeat(LARGE);
        try (FlightRecorder recorder = FlightRecorder.open(flights)) {
            recorder.event(new FmEvent.RunStarted(origin("run", large), large, Map.of()));
            assertThat(recorder.lost()).isZero();
            recorder.event(new FmEvent.RunStarted(origin("run", "x"), large, Map.of(large, large)));
            assertThat(recorder.lost()).isEqualTo(1);
            recorder.event(Ticks.thought("run", ++number, "behind it"));
        }
        Recording.in(flights)
                .events(events::add, fault -> assertThat(fault.kind()).isEqualTo(Fault.Kind.LOST));
        assertThat(events).extracting(RecordedEvent::sequence).containsExactly(1L, 3L);
        assertThat(events.get(0).text("name")).isEqualTo(large);
    }
}
