package io.fmware.observability.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.embedding.request.EmbeddingInput;
import dev.langchain4j.model.embedding.request.EmbeddingInputType;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.openai.OpenAiChatRequestParameters;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import io.fmware.event.Failure;
import io.fmware.event.FmEvent;
import io.fmware.event.Redactor;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecordedAnswerTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static JsonNode asked(Object request) throws IOException {
        return Restored.whole(new FmEvent.CallStarted(Ticks.origin("r1", 1), "gpt", request));
    }

    private static JsonNode answered(Object response) throws IOException {
        return Restored.whole(new FmEvent.AttemptEnded(Ticks.origin("r1", 1), "gpt", response, null));
    }

    static List<ChatResponse> answers() {
        AiMessage text = AiMessage.from("They are low.");
        AiMessage rich = AiMessage.builder()
                .text("They are low.")
                .thinking("hm")
                .attributes(Map.of("signature", "abc", "parts", List.of(1, "a", true)))
                .toolExecutionRequests(List.of(
                        ToolExecutionRequest.builder()
                                .id("t1")
                                .name("fees")
                                .arguments("{ \"of\": 1.50}")
                                .build(),
                        ToolExecutionRequest.builder().name("clock").build()))
                .build();
        return List.of(
                ChatResponse.builder().aiMessage(text).build(),
                ChatResponse.builder().aiMessage(rich).build(),
                ChatResponse.builder()
                        .aiMessage(text)
                        .id("chatcmpl-1")
                        .modelName("gpt-5")
                        .finishReason(FinishReason.LENGTH)
                        .tokenUsage(new TokenUsage(12, 3))
                        .build(),
                ChatResponse.builder()
                        .aiMessage(text)
                        .tokenUsage(new TokenUsage(12, 3, 20))
                        .build(),
                ChatResponse.builder()
                        .aiMessage(text)
                        .tokenUsage(new TokenUsage(12))
                        .build(),
                ChatResponse.builder()
                        .aiMessage(text)
                        .tokenUsage(new TokenUsage(null, null, 20))
                        .build());
    }

    @ParameterizedTest
    @MethodSource("answers")
    void an_answer_of_a_chat_model_is_made_again_as_it_was(ChatResponse answer) throws IOException {
        assertThat(RecordedAnswer.chat(answered(answer))).isEqualTo(answer);
    }

    @Test
    void images_in_an_answer_come_back_as_langchain4j_reads_them() throws IOException {
        Image image = Image.builder().url("https://example.com/a.png").build();
        AiMessage message = AiMessage.builder()
                .text("Here.")
                .attributes(Map.of(AiMessage.GENERATED_IMAGES_KEY, List.of(image)))
                .build();
        AiMessage restored = RecordedAnswer.chat(
                        answered(ChatResponse.builder().aiMessage(message).build()))
                .aiMessage();

        assertThat(restored.text()).isEqualTo("Here.");
        assertThat(restored.attributes().get(AiMessage.GENERATED_IMAGES_KEY))
                .asString()
                .contains("https://example.com/a.png");
    }

    @Test
    void vectors_are_made_again_as_they_were() throws IOException {
        EmbeddingResponse response = EmbeddingResponse.builder()
                .embeddings(
                        List.of(Embedding.from(new float[] {0.1f, -2.5e-10f}), Embedding.from(new float[] {1, 2, 3})))
                .modelName("minilm")
                .tokenUsage(new TokenUsage(7))
                .build();
        JsonNode event = answered(response);

        assertThat(event.path("vectors").asInt()).isEqualTo(2);
        assertThat(RecordedAnswer.embeddings(event)).isEqualTo(response);
    }

    @Test
    void vectors_that_take_too_much_are_counted_only() throws IOException {
        List<Embedding> many = Collections.nCopies(65, Embedding.from(new float[1024]));
        JsonNode event = answered(EmbeddingResponse.builder().embeddings(many).build());

        assertThat(event.path("vectors").asInt()).isEqualTo(65);
        assertThat(event.path("tooLong").asBoolean()).isTrue();
        assertThatThrownBy(() -> RecordedAnswer.embeddings(event))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "the vectors of an event of type attempt.ended were not recorded, since they take more than 256"
                                + " KiB");
        assertThatThrownBy(() -> RecordedAnswer.chat(event))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an event of type attempt.ended has no answer");
        assertThatThrownBy(() -> RecordedAnswer.chat(JsonNodeFactory.instance.objectNode()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the event has no answer");
    }

    @Test
    void texts_that_were_to_be_embedded_are_there() throws IOException {
        JsonNode event = asked(EmbeddingRequest.builder()
                .input("What are the fees?")
                .input(EmbeddingInput.from(TextContent.from("a"), ImageContent.from("https://example.com/a.png")))
                .modelName("minilm")
                .dimensions(384)
                .inputType(EmbeddingInputType.QUERY)
                .build());

        assertThat(event.path("inputs").asInt()).isEqualTo(2);
        assertThat(event.path("parameters"))
                .isEqualTo(JSON.readTree("{\"model\":\"minilm\",\"dimensions\":384,\"inputType\":\"QUERY\"}"));
        assertThat(event.path("texts").path(0).textValue()).isEqualTo("What are the fees?");
        assertThat(((UserMessage) RecordedValue.message(event.path("texts").path(1))).contents())
                .containsExactly(TextContent.from("a"), ImageContent.from("https://example.com/a.png"));
    }

    private static ToolSpecification tool(String name) {
        return ToolSpecification.builder()
                .name(name)
                .description("finds " + name)
                .parameters(JsonObjectSchema.builder()
                        .addStringProperty("of", "which")
                        .required("of")
                        .build())
                .build();
    }

    @Test
    void all_that_a_request_asks_for_is_there() throws IOException {
        JsonSchema schema = JsonSchema.builder()
                .name("Verdict")
                .rootElement(JsonEnumSchema.builder().enumValues("yes", "no").build())
                .build();
        JsonNode parameters = asked(ChatRequest.builder()
                        .messages(UserMessage.from("Is it?"))
                        .parameters(OpenAiChatRequestParameters.builder()
                                .modelName("gpt-5")
                                .temperature(0.5)
                                .stopSequences("END", "STOP")
                                .toolSpecifications(tool("policies"), tool("fees"))
                                .toolChoice(ToolChoice.REQUIRED)
                                .responseFormat(ResponseFormat.builder()
                                        .type(ResponseFormatType.JSON)
                                        .jsonSchema(schema)
                                        .build())
                                .seed(42)
                                .reasoningEffort("low")
                                .logitBias(Map.of("7", 1))
                                .build())
                        .build())
                .path("parameters");

        assertThat(parameters).isEqualTo(JSON.readTree("""
                                {"model":"gpt-5","temperature":0.5,"stop":["END","STOP"],"toolChoice":"REQUIRED","format":"JSON",
                                 "schema":[{"name":"Verdict","parameters":{"type":"object","properties":{"root":
                                   {"type":"string","enum":["yes","no"]}}}}],
                                 "tools":["fees","policies"],
                                 "specs":[
                                  {"name":"fees","description":"finds fees","parameters":{"type":"object",
                                   "properties":{"of":{"type":"string","description":"which"}},"required":["of"]}},
                                  {"name":"policies","description":"finds policies","parameters":{"type":"object",
                                   "properties":{"of":{"type":"string","description":"which"}},"required":["of"]}}],
                                 "own":{"logitBias":"{1\\"7:1#1,}","reasoningEffort":"low","seed":"42"}}"""));
        assertThat(ToolSpecification.fromJson(parameters.path("specs").path(0).toString()))
                .isEqualTo(tool("fees"));
    }

    @Test
    void tools_that_come_again_are_the_very_same_content() {
        SpecJson<Blob> specs = new SpecJson<>(Redactor.standard(), new NamedContents(new ContentIds(new byte[16])));
        ToolSpecification fees = tool("fees");
        ToolSpecification policies = tool("policies");

        assertThat(specs.of(List.of(fees, policies))).isSameAs(specs.of(List.of(fees, policies)));
        assertThat(specs.of(List.of(fees)).id())
                .isNotEqualTo(specs.of(List.of(policies)).id());
        assertThat(specs.of(List.of(tool("fees"))).id())
                .isEqualTo(specs.of(List.of(fees)).id());
    }

    @Test
    void a_failure_tells_its_causes_and_its_status() throws IOException {
        Failure failure =
                Failure.of(new RateLimitException("slow down", new HttpException(429, "{\"error\":\"slow down\"}")));
        JsonNode event = Restored.whole(new FmEvent.AttemptEnded(Ticks.origin("r1", 1), "gpt", null, failure));

        assertThat(event.path("error").asText()).isEqualTo("dev.langchain4j.exception.RateLimitException");
        assertThat(event.path("message").asText()).isEqualTo("slow down");
        assertThat(event.path("causes"))
                .isEqualTo(JSON.readTree("[{\"error\":\"dev.langchain4j.exception.HttpException\","
                        + "\"message\":\"{\\\"error\\\":\\\"slow down\\\"}\",\"status\":429}]"));
    }
}
