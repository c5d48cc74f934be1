package io.fmware.observability.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.fmware.event.FmEvent;
import io.fmware.event.Redactor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventJsonTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    Path flights;

    private static FmEvent asked(String text) {
        return new FmEvent.CallStarted(
                Ticks.origin("r1", 1),
                "gpt",
                ChatRequest.builder()
                        .messages(SystemMessage.from("Be brief."), UserMessage.from(text))
                        .build());
    }

    private static FmEvent called(String arguments) {
        return new FmEvent.ToolCalled(
                Ticks.origin("r1", 1),
                ToolExecutionRequest.builder()
                        .id("t1")
                        .name("fees")
                        .arguments(arguments)
                        .build());
    }

    @Test
    void an_event_has_its_contents_in_their_places() throws IOException {
        assertThat(EventJson.redacting(Redactor.standard()).of(asked("What are the fees?")))
                .isEqualTo(JSON.readTree("""
                                {"t":"call.started","r":"r1","p":"tick","n":1,"at":"2026-11-22T12:00:00.000000000Z","model":"gpt","parameters":{},
                                 "messages":[{"text":"Be brief.","type":"SYSTEM"},
                                 {"contents":[{"text":"What are the fees?","type":"TEXT"}],"attributes":{},"type":"USER"}]}"""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"of\": \"card\", \"most\":1.50}",
                "[1,{\"#\":\"a\",\"n\":3}]",
                "\"text\"",
                "7",
                "null",
                "",
                " ",
                "{\"of\":",
                "{} {}",
                "card",
                "{'of':1}",
                "NaN",
                "\"half \ud83d of a character\"",
                "{\"a\":1,\"a\":2}"
            })
    void a_recorded_event_with_its_contents_is_the_same(String arguments) throws IOException {
        List<FmEvent> events =
                List.of(called(arguments), asked(arguments), new FmEvent.Thought(Ticks.origin("r1", 3), arguments));
        assertThat(Restored.whole(events)).hasSize(3);
    }

    @Test
    void arguments_are_json_where_they_are_and_text_else() throws IOException {
        assertThat(Restored.whole(called("{\"of\": \"card\"}")).path("arguments"))
                .isEqualTo(JSON.readTree("{\"of\":\"card\"}"));
        assertThat(Restored.whole(called("card")).path("arguments").textValue()).isEqualTo("card");
        assertThat(Restored.whole(called("[".repeat(5_000) + "]".repeat(5_000)))
                        .path("arguments")
                        .textValue())
                .as("too deep")
                .hasSize(10_000);
    }

    @Test
    void what_was_not_recorded_stays_named() throws IOException {
        List<RecordedEvent> events = new ArrayList<>();
        try (FlightRecorder recorder = FlightRecorder.open(flights)) {
            recorder.event(called("{}"));
        }
        Recording.in(flights).events(events::add, fault -> {});
        JsonNode whole = events.get(0).whole(Map.of());

        assertThat(whole).isEqualTo(events.get(0).json());
        assertThat(EventJson.isWhole(whole)).isFalse();
        assertThat(whole.path("arguments").path("j").booleanValue()).isTrue();
        assertThat(EventJson.isWhole(JSON.readTree("{\"arguments\":{\"#\":\"a\",\"n\":3}}")))
                .as("arguments that look like it")
                .isTrue();
    }

    @Test
    void what_was_redacted_is_seen() {
        EventJson json = EventJson.redacting(Redactor.standard());
        String secret = "my key is sk-proj-a1B2c3D4e5F6g7H8i9J0k1L2m3N4, keep it";

        assertThat(EventJson.isRedacted(json.of(asked("my key is [1] secret")))).isFalse();
        assertThat(EventJson.isRedacted(json.of(asked(secret)))).isTrue();
        assertThat(EventJson.isRedacted(json.of(called("{\"sk-proj-a1B2c3D4e5F6g7H8i9J0k1L2m3N4\":1}"))))
                .isTrue();
    }
}
