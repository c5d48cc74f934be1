package io.fmware.observability.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialToolCall;
import io.fmware.Boundary;
import io.fmware.BoundaryInterceptor;
import io.fmware.BoundaryKind;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.StreamEvent;
import io.fmware.event.Redactor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordedStreamTest {
    @TempDir
    Path flights;

    private final AtomicReference<Boundary> boundary = new AtomicReference<>();

    /** Records pieces as if a model had sent them, and reads them again. */
    private List<StreamEvent> recorded(ContentRule rule, List<StreamEvent> pieces) throws IOException {
        try (FlightRecorder recorder =
                        FlightRecorder.builder(flights).pieces().content(rule).open();
                FmPipeline pipeline = FmPipeline.builder()
                        .watch(new BoundaryInterceptor() {
                            @Override
                            public Object opened(Boundary opened) {
                                boundary.set(opened);
                                return "";
                            }
                        })
                        .watch(recorder)
                        .build();
                FmRun run = pipeline.run("claim").open()) {
            FmRun.cross(BoundaryKind.TOOL, "any", () -> "");
            Pieces stream = new Pieces(Redactor.standard());
            pieces.forEach(each -> recorder.chunk(boundary.get(), stream, each));
            recorder.closed(boundary.get(), stream, null, null);
        }
        Map<String, String> contents = new HashMap<>();
        Recording.in(flights).contents(contents::put);
        List<JsonNode> chunks = new ArrayList<>();
        Recording.in(flights)
                .events(
                        event -> {
                            if (event.type().equals("chunk")) {
                                chunks.add(event.whole(contents));
                            }
                        },
                        fault -> assertThat(fault).isNull());
        return RecordedStream.of(chunks);
    }

    private static StreamEvent part(int index, String arguments) {
        return new StreamEvent.ToolCallPart(PartialToolCall.builder()
                .index(index)
                .id("t" + index)
                .name("fees")
                .partialArguments(arguments)
                .build());
    }

    private static StreamEvent call(int index, String arguments) {
        return new StreamEvent.ToolCall(new CompleteToolCall(
                index,
                ToolExecutionRequest.builder()
                        .id("t" + index)
                        .name("fees")
                        .arguments(arguments)
                        .build()));
    }

    @Test
    void pieces_are_made_again_as_the_model_has_cut_them() throws IOException {
        List<StreamEvent> pieces = List.of(
                new StreamEvent.Thinking(new PartialThinking("The card ")),
                new StreamEvent.Thinking(new PartialThinking("it is.")),
                new StreamEvent.Text("They"),
                new StreamEvent.Text(" are \ud83d"),
                new StreamEvent.Text("\ude00 low, say 4"),
                new StreamEvent.Text("11"),
                part(0, "{\"of\":"),
                part(1, "{\"of\": 1"),
                part(0, "\"card\"}"),
                call(0, "{\"of\":\"card\"}"),
                part(1, "}"),
                call(1, "{\"of\": 1}"),
                new StreamEvent.Text("."));

        assertThat(recorded(ContentRule.all(), pieces)).isEqualTo(pieces);
    }

    @Test
    void what_was_redacted_comes_when_it_could_be_told() throws IOException {
        List<StreamEvent> pieces = recorded(
                ContentRule.all(),
                List.of(
                        new StreamEvent.Text("It is sk-proj-a1B2c3D4"),
                        new StreamEvent.Text("e5F6g7H8i9J0k1L2m3N4, "),
                        new StreamEvent.Text("keep it well.")));
        StringBuilder text = new StringBuilder();
        pieces.forEach(each -> text.append(((StreamEvent.Text) each).text()));

        assertThat(text.toString()).matches("It is \\[openai-key:[0-9a-f]{8}], keep it well\\.");
    }

    @Test
    void pieces_whose_text_was_not_recorded_are_refused() {
        assertThatThrownBy(() -> recorded(ContentRule.none(), List.of(call(0, "{}"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("the content [0-9a-f]{32} was not recorded");
    }
}
