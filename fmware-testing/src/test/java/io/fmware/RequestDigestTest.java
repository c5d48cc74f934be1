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
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
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
                .isEqualTo("2:a437a452edcf352ba85b973bf9170d0c992e835907c06a445c5ca377d889deb8");
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

    private static String digest(ChatRequestParameters parameters) {
        return RequestDigest.of(
                request(HELLO).toBuilder().parameters(parameters).build());
    }

    private static String digestHolding(@Nullable Object held) {
        Map<String, Object> custom = new HashMap<>();
        custom.put("held", held);
        return digest(new Typed(1, custom));
    }

    @Test
    void what_is_written_alike_is_told_apart_by_its_type() {
        List<@Nullable Object> different = new ArrayList<>(List.of(
                "1",
                1,
                "false",
                false,
                "",
                "null",
                "~",
                List.of(),
                Map.of(),
                Set.of(),
                List.of("1"),
                List.of(1),
                Set.of("1"),
                Map.of("1", ""),
                ToolChoice.AUTO,
                "AUTO",
                URI.create("AUTO"),
                new byte[] {1},
                new byte[] {1, 0},
                ByteBuffer.wrap(new byte[] {1})));
        different.add(null);
        different.add(Collections.singletonList(null));
        different.add(List.of(""));
        different.add(Collections.singletonMap("1", null));

        assertThat(different.stream().map(RequestDigestTest::digestHolding)).doesNotHaveDuplicates();
        assertThat(digestHolding(1L)).isEqualTo(digestHolding(1));
        assertThat(digestHolding(CharBuffer.wrap("1"))).isEqualTo(digestHolding("1"));
    }

    @Test
    void half_a_character_is_not_a_question_mark() {
        List<String> different = List.of(
                "ok?",
                "ok\ud83d",
                "ok\ude00",
                "ok\ud83d\ude00",
                "ok\ude00\ud83d",
                "\u00e9?",
                "\u00e9\ud83d",
                "\u00e9\ude00");

        assertThat(different.stream().map(text -> RequestDigest.of(request(UserMessage.from(text)))))
                .doesNotHaveDuplicates();
    }

    @Test
    void the_order_of_the_fields_of_a_schema_counts() {
        JsonObjectSchema one = JsonObjectSchema.builder()
                .addStringProperty("reasoning")
                .addStringProperty("answer")
                .build();
        JsonObjectSchema other = JsonObjectSchema.builder()
                .addStringProperty("answer")
                .addStringProperty("reasoning")
                .build();

        assertThat(one).isEqualTo(other);
        assertThat(List.of(
                        RequestDigest.of(answeredIn(one)),
                        RequestDigest.of(answeredIn(other)),
                        RequestDigest.of(answeredIn(
                                JsonObjectSchema.builder().addProperty("a", one).build())),
                        RequestDigest.of(answeredIn(JsonObjectSchema.builder()
                                .addProperty("a", other)
                                .build())),
                        RequestDigest.of(withToolOf(one)),
                        RequestDigest.of(withToolOf(other))))
                .doesNotHaveDuplicates();
    }

    private static ChatRequest answeredIn(JsonObjectSchema schema) {
        return request(HELLO).toBuilder()
                .responseFormat(ResponseFormat.builder()
                        .type(ResponseFormatType.JSON)
                        .jsonSchema(JsonSchema.builder()
                                .name("x")
                                .rootElement(schema)
                                .build())
                        .build())
                .build();
    }

    private static ChatRequest withToolOf(JsonObjectSchema schema) {
        return request(HELLO).toBuilder()
                .toolSpecifications(
                        ToolSpecification.builder().name("t").parameters(schema).build())
                .build();
    }

    @Test
    void a_field_that_hides_another_one_of_its_name_is_not_taken_for_it() {
        assertThat(digest(new Hiding(1, null))).isNotEqualTo(digest(new Hiding(null, 1)));
        assertThat(digest(new Hiding(1, null))).isEqualTo(digest(new Typed(1, null)));
    }

    @Test
    void the_digest_of_a_call_covers_parameters_that_are_lost_when_defaults_are_added() {
        ChatRequestParameters plain =
                ChatRequestParameters.builder().temperature(0.5).build();

        assertThat(digestOfCall(new Typed(1, null))).isNotEqualTo(digestOfCall(new Typed(2, null)));
        assertThat(digestOfCall(new Typed(1, null))).isEqualTo(digestOfCall(new Typed(1, null)));
        assertThat(digestOfCall(plain)).isEqualTo(digest(plain));
    }

    private static String digestOfCall(ChatRequestParameters parameters) {
        AtomicReference<String> digest = new AtomicReference<>("");
        Interceptor reading = Interceptor.of("reading", Phase.CACHE, (call, next) -> {
            digest.set(RequestDigest.of(call));
            return next.proceed(call);
        });
        try (FmPipeline pipeline = FmPipeline.builder().with(reading).build()) {
            pipeline.wrap((ChatModel) ScriptedChatModel.of(Script.always(Reply.text("hello"))))
                    .chat(request(HELLO).toBuilder().parameters(parameters).build());
        }
        return digest.get();
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
    private static class Typed extends DefaultChatRequestParameters {
        @SuppressWarnings({"unused", "FieldCanBeLocal"}) // read by the digest
        private final @Nullable Integer seed;

        @SuppressWarnings({"unused", "FieldCanBeLocal"}) // read by the digest
        private final @Nullable Map<String, ?> metadata;

        Typed(@Nullable Integer seed, @Nullable Map<String, ?> metadata) {
            super(new Builder());
            this.seed = seed;
            this.metadata = metadata;
        }

        private static final class Builder extends DefaultChatRequestParameters.Builder<Builder> {}
    }

    /** Parameters with a field of the name that an inherited one has. */
    private static final class Hiding extends Typed {
        @SuppressWarnings({"unused", "FieldCanBeLocal", "HidingField"}) // read by the digest
        private final @Nullable Integer seed;

        Hiding(@Nullable Integer inherited, @Nullable Integer seed) {
            super(inherited, null);
            this.seed = seed;
        }
    }

    @Test
    void what_a_provider_adds_to_the_parameters_is_read_by_name() {
        assertThat(RequestDigest.ownParameters(new Typed(42, Map.of("b", List.of(1), "a", "x"))))
                .isEqualTo(Map.of("seed", "42", "metadata", "{1\"a:1\"x,1\"b:[1#1,],}"));
        assertThat(RequestDigest.ownParameters(new Typed(null, Map.of()))).isEmpty();
        assertThat(RequestDigest.ownParameters(new Hiding(1, 2)))
                .isEqualTo(Map.of("seed", "2", Typed.class.getName() + ".seed", "1"));
        assertThat(RequestDigest.ownParameters(
                        ChatRequestParameters.builder().temperature(0.5).build()))
                .isEmpty();
    }
}
