package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.CustomMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RequestDigestTest {
    private static final UserMessage HELLO = UserMessage.from("hello");
    private static final ToolSpecification LOOKUP = tool("lookup", "finds an account");
    private static final ToolSpecification BLOCK = tool("block", "blocks a card");

    private static ToolSpecification tool(String name, String description) {
        return ToolSpecification.builder()
                .name(name)
                .description(description)
                .parameters(JsonObjectSchema.builder()
                        .addStringProperty("id")
                        .addIntegerProperty("depth")
                        .required("id")
                        .build())
                .build();
    }

    private static ChatRequest request(ChatMessage... messages) {
        return ChatRequest.builder().messages(messages).build();
    }

    @Test
    void the_digest_of_a_request_is_the_same_in_every_jvm_and_version() {
        ChatRequest request = ChatRequest.builder()
                .messages(SystemMessage.from("Be brief."), HELLO)
                .modelName("gpt-4o")
                .temperature(0.5)
                .toolSpecifications(LOOKUP, BLOCK)
                .build();

        assertThat(RequestDigest.of(request))
                .isEqualTo("1:22b0cb9f387fc6214809b9afbf9373218d260a2e8e599a24806c7d1e2cdd83a8");
    }

    @Test
    void the_order_of_tools_does_not_count_and_that_of_messages_does() {
        ChatRequest one =
                request(HELLO).toBuilder().toolSpecifications(LOOKUP, BLOCK).build();
        ChatRequest other =
                request(HELLO).toBuilder().toolSpecifications(BLOCK, LOOKUP).build();

        assertThat(RequestDigest.of(one)).isEqualTo(RequestDigest.of(other));
        assertThat(RequestDigest.of(request(HELLO, SystemMessage.from("x"))))
                .isNotEqualTo(RequestDigest.of(request(SystemMessage.from("x"), HELLO)));
    }

    @Test
    void everything_that_shapes_an_answer_makes_a_digest_of_its_own() {
        ToolExecutionRequest call = ToolExecutionRequest.builder()
                .id("1")
                .name("lookup")
                .arguments("{}")
                .build();
        List<UnaryOperator<ChatRequest.Builder>> changes = List.of(
                b -> b,
                b -> b.messages(UserMessage.from("hello ")),
                b -> b.messages(SystemMessage.from("hello")),
                b -> b.messages(UserMessage.from("me", "hello")),
                b -> b.messages(HELLO, HELLO),
                b -> b.messages(UserMessage.from(TextContent.from("hel"), TextContent.from("lo"))),
                b -> b.messages(UserMessage.from(TextContent.from("hello"), ImageContent.from("aGk=", "image/png"))),
                b -> b.messages(UserMessage.from(TextContent.from("hello"), ImageContent.from("aGk=", "image/gif"))),
                b -> b.messages(UserMessage.from(
                        TextContent.from("hello"),
                        ImageContent.from(
                                Image.builder().url("https://x.test/a.png").build()))),
                b -> b.messages(AiMessage.from("hello")),
                b -> b.messages(AiMessage.builder().text("hello").thinking("hm").build()),
                b -> b.messages(AiMessage.from(call)),
                b -> b.messages(
                        AiMessage.from(call.toBuilder().arguments("{\"a\":1}").build())),
                b -> b.messages(AiMessage.from(call), ToolExecutionResultMessage.from(call, "ok")),
                b -> b.messages(AiMessage.from(call), ToolExecutionResultMessage.from(call, "no")),
                b -> b.messages(CustomMessage.from(Map.of("hello", 1))),
                b -> b.modelName("gpt-4o"),
                b -> b.temperature(0.0),
                b -> b.temperature(1.0),
                b -> b.topP(1.0),
                b -> b.topK(1),
                b -> b.maxOutputTokens(1),
                b -> b.frequencyPenalty(1.0),
                b -> b.presencePenalty(1.0),
                b -> b.stopSequences(List.of("a", "b")),
                b -> b.stopSequences(List.of("b", "a")),
                b -> b.toolSpecifications(LOOKUP),
                b -> b.toolSpecifications(LOOKUP, BLOCK),
                b -> b.toolSpecifications(LOOKUP, tool("block", "blocks a card for ever")),
                b -> b.toolSpecifications(LOOKUP).toolChoice(ToolChoice.REQUIRED),
                b -> b.responseFormat(ResponseFormat.JSON),
                b -> b.responseFormat(ResponseFormat.builder()
                        .type(ResponseFormatType.JSON)
                        .jsonSchema(JsonSchema.builder()
                                .name("x")
                                .rootElement(JsonObjectSchema.builder().build())
                                .build())
                        .build()),
                b -> b.parameters(new Typed(7, null)),
                b -> b.parameters(new Typed(8, null)),
                b -> b.parameters(new Typed(7, Map.of("user", "u1"))));
        Map<String, Integer> seen = new LinkedHashMap<>();
        for (int i = 0; i < changes.size(); i++) {
            String digest = RequestDigest.of(
                    changes.get(i).apply(request(HELLO).toBuilder()).build());
            Integer other = seen.put(digest, i);
            assertThat(other)
                    .as("change %d has the digest of change %d", i, other)
                    .isNull();
        }
    }

    @Test
    void a_providers_own_type_counts_by_what_it_holds_alone() {
        assertThat(RequestDigest.of(request(HELLO).toBuilder()
                        .parameters(new Typed(null, null))
                        .build()))
                .isEqualTo(RequestDigest.of(request(HELLO)));
    }

    @Test
    void the_order_of_a_map_does_not_count() {
        Map<String, String> one = new LinkedHashMap<>();
        one.put("a", "1");
        one.put("b", "2");
        Map<String, String> other = new LinkedHashMap<>();
        other.put("b", "2");
        other.put("a", "1");

        assertThat(RequestDigest.of(
                        request(HELLO).toBuilder().parameters(new Typed(1, one)).build()))
                .isEqualTo(RequestDigest.of(request(HELLO).toBuilder()
                        .parameters(new Typed(1, other))
                        .build()));
    }

    @Test
    void a_request_that_holds_itself_is_refused() {
        Map<String, Object> loop = new HashMap<>();
        loop.put("self", loop);

        assertThatThrownBy(() -> RequestDigest.of(request(HELLO).toBuilder()
                        .parameters(new Typed(1, loop))
                        .build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a request is nested more than 100 deep; it may hold itself");
    }

    @Test
    void embedding_requests_have_a_digest_too() {
        EmbeddingRequest one = embedding("a", "b");

        assertThat(RequestDigest.of(one)).isEqualTo(RequestDigest.of(embedding("a", "b")));
        assertThat(RequestDigest.of(one)).isNotEqualTo(RequestDigest.of(embedding("b", "a")));
        assertThat(RequestDigest.of(one)).isNotEqualTo(RequestDigest.of(embedding("ab")));
    }

    private static EmbeddingRequest embedding(String... texts) {
        return EmbeddingRequest.builder()
                .textSegments(List.of(texts).stream().map(TextSegment::from).toList())
                .build();
    }

    @Property(tries = 500)
    void no_text_can_look_like_two(
            @ForAll @Size(min = 1, max = 4) List<@NotEmpty String> one,
            @ForAll @Size(min = 1, max = 4) List<@NotEmpty String> other) {
        assertThat(RequestDigest.of(users(one)).equals(RequestDigest.of(users(other))))
                .isEqualTo(one.equals(other));
    }

    private static ChatRequest users(List<String> texts) {
        return request(texts.stream().map(UserMessage::from).toArray(ChatMessage[]::new));
    }

    @Property(tries = 200)
    void tools_in_any_order_have_one_digest(
            @ForAll long seed, @ForAll @Size(min = 2, max = 8) List<@NotEmpty String> names) {
        List<ToolSpecification> tools = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            tools.add(tool("t" + i, names.get(i)));
        }
        List<ToolSpecification> shuffled = new ArrayList<>(tools);
        Collections.shuffle(shuffled, new Random(seed));

        assertThat(RequestDigest.of(
                        request(HELLO).toBuilder().toolSpecifications(shuffled).build()))
                .isEqualTo(RequestDigest.of(
                        request(HELLO).toBuilder().toolSpecifications(tools).build()));
    }

    /** Parameters of a provider's own type. */
    private static final class Typed extends DefaultChatRequestParameters {
        @SuppressWarnings({"unused", "FieldCanBeLocal"}) // read by the digest
        private final Integer seed;

        @SuppressWarnings({"unused", "FieldCanBeLocal"}) // read by the digest
        private final Map<String, ?> metadata;

        Typed(Integer seed, Map<String, ?> metadata) {
            super(new Builder());
            this.seed = seed;
            this.metadata = metadata;
        }

        private static final class Builder extends DefaultChatRequestParameters.Builder<Builder> {}
    }
}
