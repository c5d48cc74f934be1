package io.fmware.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What counts among the bytes of a cache. */
class WeightsTest {
    private static final int LARGE = 1_000_000;
    private static final String LARGE_TEXT = "x".repeat(LARGE);
    private static final CacheKey KEY = new CacheKey("", "", "OTHER", "gpt", "", "digest");

    private final FmCache small = FmCache.builder().maximumBytes(100_000).build();

    private static ChatModel answering(AiMessage message) {
        return new ChatModel() {
            @Override
            public ChatResponse doChat(ChatRequest request) {
                return ChatResponse.builder()
                        .aiMessage(message)
                        .finishReason(FinishReason.STOP)
                        .build();
            }
        };
    }

    private static AiMessage with(String name, Object attribute) {
        return AiMessage.builder()
                .text("here")
                .attributes(Map.of(name, attribute))
                .build();
    }

    static List<AiMessage> large() {
        return List.of(
                AiMessage.from(LARGE_TEXT),
                AiMessage.builder().text("here").thinking(LARGE_TEXT).build(),
                AiMessage.from(ToolExecutionRequest.builder()
                        .name("look")
                        .arguments(LARGE_TEXT)
                        .build()),
                with(
                        AiMessage.GENERATED_IMAGES_KEY,
                        List.of(Image.builder().base64Data(LARGE_TEXT).build())),
                with(
                        AiMessage.GENERATED_IMAGES_KEY,
                        List.of(Image.builder().revisedPrompt(LARGE_TEXT).build())),
                with("audio", new byte[LARGE]),
                with("signatures", Map.of("last", Set.of(LARGE_TEXT))),
                with("signatures", Map.of(LARGE_TEXT, 1)));
    }

    @ParameterizedTest
    @MethodSource("large")
    void whatever_an_answer_holds_counts(AiMessage message) {
        try (FmPipeline pipeline = FmPipeline.builder().with(small).build()) {
            ChatModel model = pipeline.wrap(answering(message));
            model.chat("hello");

            assertThat(small.stats().stored()).isEqualTo(1);
            assertThat(small.stats().evicted()).isEqualTo(1);
            assertThat(small.stats().entries()).isZero();
        }
    }

    @Test
    void a_failure_counts_with_its_causes() {
        try (FmPipeline pipeline = FmPipeline.builder().with(small).build()) {
            ChatModel model = pipeline.wrap((ChatModel) ScriptedChatModel.of(
                    Reply.error(new InvalidRequestException(LARGE_TEXT)),
                    Reply.error(new InvalidRequestException("too long", new IllegalStateException(LARGE_TEXT))),
                    Reply.error(new InvalidRequestException("too long"))));
            for (String question : List.of("one", "two", "three")) {
                assertThatThrownBy(() -> model.chat(question)).isInstanceOf(InvalidRequestException.class);
            }

            assertThat(small.stats().evicted()).isEqualTo(2);
            assertThat(small.stats().entries()).isEqualTo(1);
            assertThat(small.stats().bytes()).isGreaterThan(8_000); // the frames of its stack
        }
    }

    @Test
    void causes_that_go_in_circles_count_for_a_while() {
        IllegalStateException one = new IllegalStateException("one");
        IllegalStateException other = new IllegalStateException("other", one);
        one.initCause(other);

        assertThat(Weights.of(KEY, null, one, Set.of(), 0)).isBetween(8_000, 1_000_000);
    }

    @Test
    void for_whom_an_answer_is_counts() {
        try (FmPipeline pipeline = FmPipeline.builder().with(small).build()) {
            ChatModel model = pipeline.wrap((ChatModel) ScriptedChatModel.of(Script.always(Reply.text("yes"))));
            for (FmRun.Builder each : List.of(
                    pipeline.run("job").tenant(LARGE_TEXT),
                    pipeline.run("job").tenant("acme").user(LARGE_TEXT),
                    pipeline.run("job").tenant("acme").conversation(LARGE_TEXT))) {
                try (FmRun run = each.open()) {
                    model.chat("hello");
                }
            }
            assertThat(small.stats().stored()).isEqualTo(3);
            assertThat(small.stats().evicted()).isEqualTo(3);
        }
    }

    @Test
    void what_an_answer_depends_on_counts() {
        int none = Weights.of(KEY, null, null, Set.of(), 0);

        assertThat(Weights.of(KEY, null, null, Set.of(Dependency.document("handbook", LARGE_TEXT)), 0) - none)
                .isGreaterThan(2 * LARGE);
        assertThat(Weights.of(KEY, null, null, Set.of(Dependency.document(LARGE_TEXT, "fees")), 0) - none)
                .isGreaterThan(2 * LARGE);
        assertThat(Weights.of(KEY, null, null, Set.of(), 5L << 30)).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void the_question_of_an_answer_and_its_vector_count() {
        String question = Desk.question(1, 1);
        try (Desk exact = new Desk(FmCache.exact());
                Desk desk = new Desk(Desk.cache(text -> vector(1_536), m -> m))) {
            exact.ask(question);
            desk.ask(question);

            assertThat(desk.cache.stats().bytes() - exact.cache.stats().bytes())
                    .isEqualTo(KnownQuestions.bytes(question, 1_536))
                    .isGreaterThan(1_536 * Float.BYTES);
        }
    }

    private static float[] vector(int dimension) {
        float[] vector = new float[dimension];
        vector[0] = 1;
        return vector;
    }

    @Test
    void the_parts_of_a_key_count() {
        int none = Weights.of(KEY, null, null, Set.of(), 0);

        assertThat(List.of(
                        new CacheKey(LARGE_TEXT, "", "OTHER", "gpt", "", "digest"),
                        new CacheKey("", LARGE_TEXT, "OTHER", "gpt", "", "digest"),
                        new CacheKey("", "", "OTHER", "gpt" + LARGE_TEXT, "", "digest"),
                        new CacheKey("", "", "OTHER", "gpt", "", "digest" + LARGE_TEXT)))
                .extracting(key -> Weights.of(key, null, null, Set.of(), 0) - none)
                .containsOnly(2 * LARGE);
    }
}
