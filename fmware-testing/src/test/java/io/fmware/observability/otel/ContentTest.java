package io.fmware.observability.otel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.rag.content.ContentMetadata;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.service.tool.ToolExecutionResult;
import io.fmware.BoundaryKind;
import io.fmware.FmRun;
import io.fmware.event.Redactor;
import io.fmware.testing.Reply;
import io.fmware.testing.ScriptedChatModel;
import io.opentelemetry.api.OpenTelemetry;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ContentTest {
    private static String withoutCards(String text) {
        return text.replaceAll("4111\\d{12}", "[card]");
    }

    private static String input(UnaryOperator<FmTelemetry.Builder> setUp, List<ChatMessage> messages) {
        try (OtelRig rig = OtelRig.with(setUp)) {
            rig.pipeline()
                    .wrap((ChatModel) ScriptedChatModel.replying("yes"))
                    .chat(ChatRequest.builder().messages(messages).build());
            return (String) OtelRig.attributes(rig.span("chat")).get("gen_ai.input.messages");
        }
    }

    @Test
    void nothing_of_what_is_said_is_recorded_without_leave() {
        try (OtelRig rig = OtelRig.plain()) {
            rig.pipeline()
                    .wrap((ChatModel) ScriptedChatModel.of(
                            Reply.builder().thinking("secret").text("secret").build()))
                    .chat(ChatRequest.builder()
                            .messages(SystemMessage.from("secret"), UserMessage.from("secret"))
                            .build());

            assertThat(rig.spans().toString()).doesNotContain("secret");
            assertThat(rig.telemetry().toString()).isEqualTo("FmTelemetry[semantic conventions 1.41.1, content off]");
        }
    }

    @Test
    void content_is_redacted_json_of_the_conventions() {
        try (OtelRig rig = OtelRig.with(t -> t.captureContent(ContentTest::withoutCards))) {
            rig.pipeline()
                    .wrap((ChatModel) ScriptedChatModel.replying("Card 4111222233334444 is blocked."))
                    .chat(ChatRequest.builder()
                            .messages(
                                    SystemMessage.from("Be brief."),
                                    UserMessage.from(
                                            TextContent.from("Block 4111222233334444"),
                                            ImageContent.from("https://example.com/card.png"),
                                            ImageContent.from("AAAA", "image/png")),
                                    AiMessage.from("Sure?"),
                                    ToolExecutionResultMessage.from("t-1", "block", "done"))
                            .build());

            assertThat(OtelRig.attributes(rig.span("chat")))
                    .containsEntry("gen_ai.system_instructions", "[{\"type\":\"text\",\"content\":\"Be brief.\"}]")
                    .containsEntry(
                            "gen_ai.input.messages",
                            "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"Block [card]\"},"
                                    + "{\"type\":\"uri\",\"modality\":\"image\",\"uri\":\"https://example.com/card.png\"},"
                                    + "{\"type\":\"blob\",\"modality\":\"image\",\"content\":\"\",\"mime_type\":\"image/png\"}]},"
                                    + "{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"Sure?\"}]},"
                                    + "{\"role\":\"tool\",\"parts\":[{\"type\":\"tool_call_response\",\"id\":\"t-1\",\"response\":\"done\"}]}]")
                    .containsEntry(
                            "gen_ai.output.messages",
                            "[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"Card [card] is blocked.\"}],"
                                    + "\"finish_reason\":\"stop\"}]");
        }
    }

    private static String arguments(String json) {
        try (OtelRig rig = OtelRig.with(t -> t.captureContent(Redactor.standard()::redact))) {
            ToolExecutionRequest request =
                    ToolExecutionRequest.builder().name("t").arguments(json).build();
            try (FmRun run = rig.pipeline().run("job").open()) {
                FmRun.cross(BoundaryKind.TOOL, "t", request, asked -> "done");
            }
            return (String) OtelRig.attributes(rig.span("execute_tool t")).get("gen_ai.tool.call.arguments");
        }
    }

    @Test
    void a_secret_behind_the_escapes_of_json_is_redacted() {
        String key = "sk-proj-a1B2c3D4e5F6g7H8i9J0k1L2m3N4";
        assertThat(arguments("{\"to\":\"jane\\u0040mail.example\",\"n\":1.10,\"all\":[\"\\u0073" + key.substring(1)
                        + "\"]}"))
                .doesNotContain("jane")
                .doesNotContain(key)
                .contains("\"n\":1.10");
        assertThat(arguments("{\"pass\\u0077ord\":\"hunter2hunter2\"}")).doesNotContain("hunter2");
        assertThat(arguments("{\"inner\":\"{\\\"password\\\":\\\"hunter2hunter2\\\"}\"}"))
                .doesNotContain("hunter2");
        String called = input(
                t -> t.captureContent(Redactor.standard()::redact),
                List.of(AiMessage.from(ToolExecutionRequest.builder()
                        .name("t")
                        .arguments("{\"to\":\"jane\\u0040mail.example\"}")
                        .build())));
        assertThat(called).contains("\"arguments\":{\"to\":").doesNotContain("jane");
    }

    @Test
    void arguments_that_only_begin_as_json_are_kept_as_text() {
        assertThat(arguments("12 apples and 3 pears")).isEqualTo("\"12 apples and 3 pears\"");
        assertThat(arguments("{\"n\":0.10000000000000000001}")).isEqualTo("{\"n\":0.10000000000000000001}");
    }

    @Test
    void no_bytes_of_images_are_recorded_wherever_they_are() {
        String bytes = "QUJD".repeat(1000);
        ImageContent image = ImageContent.from(bytes, "image/png");
        List<Content> seen = List.of(TextContent.from("see"), image);
        String messages = input(
                t -> t.captureContent(UnaryOperator.identity()),
                List.of(
                        UserMessage.from(
                                TextContent.from("what is it?"),
                                ImageContent.from(URI.create("data:image/png;base64," + bytes))),
                        ToolExecutionResultMessage.builder()
                                .id("1")
                                .toolName("t")
                                .contents(seen)
                                .build()));
        assertThat(messages)
                .contains("what is it?", "\"response\":[{\"type\":\"text\",\"content\":\"see\"},{\"type\":\"blob\"")
                .doesNotContain("QUJDQUJD");

        try (OtelRig rig = OtelRig.with(t -> t.captureContent(UnaryOperator.identity()))) {
            try (FmRun run = rig.pipeline().run("job").open()) {
                FmRun.cross(
                        BoundaryKind.TOOL,
                        "look",
                        () -> ToolExecutionResult.builder().resultContents(seen).build());
                FmRun.cross(
                        BoundaryKind.AGENT,
                        "clerk",
                        Map.of("letter", UserMessage.from(seen), "scan", List.of(image.image())),
                        asked -> seen);
            }

            assertThat(OtelRig.attributes(rig.span("execute_tool look")))
                    .containsEntry(
                            "gen_ai.tool.call.result",
                            "[{\"type\":\"text\",\"content\":\"see\"},"
                                    + "{\"type\":\"blob\",\"modality\":\"image\",\"content\":\"\",\"mime_type\":\"image/png\"}]");
            assertThat(OtelRig.attributes(rig.span("invoke_agent clerk")).toString())
                    .contains("[see, [image]]")
                    .doesNotContain("QUJDQUJD");
        }
    }

    @Test
    void the_id_of_a_document_is_bounded_and_redacted() {
        try (OtelRig rig = OtelRig.with(t -> t.captureContent(Redactor.standard()::redact))) {
            String id = "jane@mail.example " + "x".repeat(10_000_000);
            try (FmRun run = rig.pipeline().run("job").open()) {
                FmRun.cross(
                        BoundaryKind.RETRIEVAL,
                        "r",
                        Query.from("q"),
                        query -> List.of(dev.langchain4j.rag.content.Content.from(
                                TextSegment.from("x"), Map.of(ContentMetadata.EMBEDDING_ID, id))));
            }

            assertThat((String) OtelRig.attributes(rig.span("retrieval r")).get("gen_ai.retrieval.documents"))
                    .doesNotContain("jane")
                    .hasSizeLessThan(1000);
        }
    }

    @Test
    void the_message_of_an_error_is_content() {
        try (OtelRig rig = OtelRig.with(t -> t.captureContent(ContentTest::withoutCards))) {
            ChatModel model = rig.pipeline()
                    .wrap((ChatModel) ScriptedChatModel.of(Reply.error(new RateLimitException("4111222233334444"))));
            assertThatThrownBy(() -> model.chat("hello")).isInstanceOf(RateLimitException.class);

            assertThat(rig.span("chat").getStatus().getDescription()).isEqualTo("[card]");
        }
    }

    @Test
    void ten_megabytes_are_cut_before_they_are_redacted() throws Exception {
        List<Integer> seen = new ArrayList<>();
        String written = input(
                t -> t.captureContent(text -> {
                            seen.add(text.length());
                            return text;
                        })
                        .maxContentLength(1000),
                List.of(UserMessage.from("a".repeat(10_000_000))));

        assertThat(seen).allMatch(length -> length <= 1000 + 1024);
        JsonNode part = new ObjectMapper().readTree(written).get(0).get("parts").get(0);
        assertThat(part.get("content").textValue())
                .startsWith("aaa")
                .endsWith("a\u2026 [cut: 10000000 characters in all]")
                .hasSizeLessThan(1050);
    }

    @Test
    void a_secret_across_the_cut_is_not_left_in_halves() {
        for (int shift = 0; shift <= 20; shift++) {
            String text = "a".repeat(990 - shift) + "4111222233334444" + "b".repeat(5000);
            String edge = "c".repeat(2020 - shift) + "4111222233334444" + "d".repeat(5000);
            assertThat(input(
                            t -> t.captureContent(ContentTest::withoutCards).maxContentLength(1000),
                            List.of(UserMessage.from(text))))
                    .doesNotContain("4111");
            assertThat(input(
                            t -> t.captureContent(ContentTest::withoutCards).maxContentLength(1000),
                            List.of(UserMessage.from(edge))))
                    .doesNotContain("411");
        }
    }

    @Test
    void of_many_messages_the_newest_are_kept() throws Exception {
        List<ChatMessage> messages = IntStream.rangeClosed(1, 1000)
                .<ChatMessage>mapToObj(i -> UserMessage.from("message " + i))
                .toList();
        JsonNode json = new ObjectMapper()
                .readTree(input(t -> t.captureContent(ContentTest::withoutCards).maxContentLength(1000), messages));

        assertThat(json.get(0).toString()).isEqualTo("{\"type\":\"fmware.cut\",\"left_out\":992}");
        assertThat(json).hasSize(9);
        assertThat(json.get(8).at("/parts/0/content").textValue()).isEqualTo("message 1000");
    }

    @Test
    void a_redactor_that_throws_lets_nothing_through() {
        try (OtelRig rig = OtelRig.with(t -> t.captureContent(text -> {
            throw new IllegalStateException("secret");
        }))) {
            rig.pipeline()
                    .wrap((ChatModel) ScriptedChatModel.replying("secret"))
                    .chat("secret");

            assertThat(OtelRig.attributes(rig.span("chat")))
                    .containsEntry(
                            "gen_ai.input.messages",
                            "[{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"[not recorded: the redactor failed]\"}]}]");
            assertThat(rig.spans().toString()).doesNotContain("secret");
            assertThat(rig.count("fmware.dropped", "fmware.reason", "redactor")).isEqualTo(2);
        }
    }

    @Test
    void a_limit_that_leaves_no_room_is_refused() {
        assertThatThrownBy(() -> FmTelemetry.builder(OpenTelemetry.noop()).maxContentLength(10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("maxContentLength must be at least 64, but is 10; leave captureContent(..) out to record no"
                        + " content");
    }
}
