package io.fmware.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.output.TokenUsage;
import io.fmware.FmCall;
import io.fmware.FmPipeline;
import io.fmware.Interceptor;
import io.fmware.Phase;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenEstimatorTest {
    private static final int TEN_MEGABYTES = 10_000_000;

    private static FmCall call(String model, ChatMessage... messages) {
        return call(ChatRequest.builder()
                .messages(messages)
                .parameters(ChatRequestParameters.builder().modelName(model).build())
                .build());
    }

    /** A call as an interceptor gets it. */
    private static FmCall call(ChatRequest request) {
        AtomicReference<FmCall> seen = new AtomicReference<>();
        Interceptor looking = Interceptor.of("looking", Phase.ADMIT, (call, next) -> {
            seen.set(call);
            return next.proceed(call);
        });
        ScriptedChatModel model = ScriptedChatModel.builder()
                .provider(ModelProvider.OPEN_AI)
                .script(Script.always(Reply.text("yes")))
                .build();
        try (FmPipeline pipeline = FmPipeline.builder()
                .maxRequestCharacters(Long.MAX_VALUE)
                .with(looking)
                .build()) {
            pipeline.wrap(model).chat(request);
        }
        return seen.get();
    }

    // Exact

    /** The example of OpenAI's cookbook, "How to count tokens with tiktoken". */
    private static ChatMessage[] cookbook() {
        return new ChatMessage[] {
            SystemMessage.from(
                    "You are a helpful, pattern-following assistant that translates corporate jargon into plain English."),
            UserMessage.from("example_user", "New synergies will help drive top-line growth."),
            UserMessage.from("example_assistant", "Things working well together will increase revenue."),
            UserMessage.from(
                    "example_user",
                    "Let's circle back when we have more bandwidth to touch base on opportunities for increased leverage."),
            UserMessage.from("example_assistant", "Let's talk later when we're less busy about how to do better."),
            UserMessage.from("This late pivot means we don't have time to boil the ocean for the client deliverable.")
        };
    }

    @ParameterizedTest
    @CsvSource({"gpt-4-0613, 129", "gpt-3.5-turbo-0613, 129", "gpt-4o, 124", "gpt-4o-mini-2024-07-18, 124"})
    void a_request_is_counted_as_in_the_cookbook_of_openai(String model, long tokens) {
        FmCall call = call(model, cookbook());
        TokenEstimator estimator = TokenEstimator.openAi(model);

        assertThat(estimator.input(call)).isEqualTo(tokens);
        assertThat(estimator.inputAtMost(call)).isEqualTo(tokens);
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-4o, o200k_base",
        "gpt-4o-mini-2031-01-01, o200k_base",
        "gpt-4.1-nano, o200k_base",
        "gpt-4, cl100k_base",
        "gpt-4-turbo, cl100k_base",
        "gpt-3.5-turbo, cl100k_base",
        "gpt-35-turbo, cl100k_base",
        "text-embedding-3-small, cl100k_base",
        "gpt-5.6-sol, o200k_base",
        "gpt-9, o200k_base",
        "o1, o200k_base",
        "o3-mini, o200k_base",
        "chatgpt-4o-latest, o200k_base",
        "ft:gpt-3.5-turbo:me::1, cl100k_base",
        "ollama, ",
        "o, ",
        "claude-haiku-4-5, ",
        "deepseek-chat, "
    })
    void the_vocabulary_goes_by_the_beginning_of_the_name(String model, String encoding) {
        assertThat(OpenAiEncodings.nameFor(model)).isEqualTo(encoding);
    }

    @Test
    void what_is_no_model_of_openai_is_refused() {
        assertThatThrownBy(() -> TokenEstimator.openAi("claude-haiku-4-5"))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "no vocabulary is known for the model 'claude-haiku-4-5'; name one of OpenAI's, such as gpt-4o,"
                                + " or take TokenEstimator.learning()");
    }

    @Test
    void special_tokens_in_a_text_are_text() {
        FmCall call = call("gpt-4o", UserMessage.from("<|endoftext|>"));

        assertThat(TokenEstimator.openAi("gpt-4o").input(call)).isGreaterThan(3 + 4 + 3);
    }

    @Test
    void tools_and_images_are_estimated_and_bounded() {
        ChatRequest request = ChatRequest.builder()
                .messages(UserMessage.from(TextContent.from("hi"), ImageContent.from("https://example.com/a.png")))
                .toolSpecifications(ToolSpecification.builder()
                        .name("weather")
                        .description("tells the weather")
                        .build())
                .build();
        TokenEstimator estimator = TokenEstimator.openAi("gpt-4o");
        FmCall call = call(request);

        assertThat(estimator.input(call)).isBetween(1_015L, 1_100L);
        assertThat(estimator.inputAtMost(call)).isBetween(1_640L, 1_700L);
    }

    @Test
    void the_standard_one_counts_as_soon_as_the_vocabulary_is_there_and_only_for_openai() {
        TokenEstimator estimator = TokenEstimator.standard();
        FmCall call = call("gpt-4o", cookbook());
        Awaitility.await()
                .atMost(30, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(estimator.input(call)).isEqualTo(124));

        FmCall other = call("deepseek-chat", cookbook());
        assertThat(estimator.input(other)).isEqualTo(TokenEstimator.learning().input(other));
    }

    /** Hides jtokkit from a copy of these classes. */
    private static final class WithoutJtokkit extends URLClassLoader {
        WithoutJtokkit() {
            super(classPath(), TokenEstimatorTest.class.getClassLoader());
        }

        private static URL[] classPath() {
            URL core =
                    TokenEstimator.class.getProtectionDomain().getCodeSource().getLocation();
            return new URL[] {core};
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("com.knuddels.")) {
                throw new ClassNotFoundException(name);
            }
            if (name.startsWith("io.fmware.cost.")) {
                Class<?> known = findLoadedClass(name);
                return known != null ? known : findClass(name);
            }
            return super.loadClass(name, resolve);
        }
    }

    @Test
    void without_jtokkit_an_error_names_what_to_add_and_the_standard_one_learns() throws Exception {
        try (WithoutJtokkit loader = new WithoutJtokkit()) {
            Class<?> type = loader.loadClass("io.fmware.cost.TokenEstimator");
            FmCall call = call("gpt-4o", cookbook());

            assertThatThrownBy(() -> type.getMethod("openAi", String.class).invoke(null, "gpt-4o"))
                    .hasRootCauseInstanceOf(IllegalStateException.class)
                    .hasRootCauseMessage("jtokkit is not on the class path; add com.knuddels:jtokkit:1.1.0 to count the"
                            + " tokens of OpenAI's models, or take TokenEstimator.learning()");
            Object standard = type.getMethod("standard").invoke(null);
            assertThat((long) type.getMethod("input", FmCall.class).invoke(standard, call))
                    .isEqualTo(TokenEstimator.learning().input(call));
        }
    }

    // Output

    @Test
    void the_output_is_what_is_allowed_or_what_is_usual() {
        TokenEstimator estimator = TokenEstimator.learning();
        FmCall open = call("some-1", UserMessage.from("hi"));
        FmCall bounded = call(ChatRequest.builder()
                .messages(UserMessage.from("hi"))
                .parameters(ChatRequestParameters.builder()
                        .modelName("some-1")
                        .maxOutputTokens(77)
                        .build())
                .build());

        assertThat(estimator.output(bounded)).isEqualTo(77);
        assertThat(estimator.output(open)).isEqualTo(4_096);
        for (int i = 1; i <= 100; i++) {
            estimator.learn(open, new TokenUsage(10, i));
        }
        assertThat(estimator.output(open)).isEqualTo(96);
        assertThat(estimator.output(bounded)).isEqualTo(77);
    }

    @Test
    void the_usual_output_is_not_learned_from_answers_that_were_bounded() {
        TokenEstimator estimator = TokenEstimator.learning();
        FmCall bounded = call(ChatRequest.builder()
                .messages(UserMessage.from("hi"))
                .parameters(ChatRequestParameters.builder()
                        .modelName("some-1")
                        .maxOutputTokens(5)
                        .build())
                .build());
        for (int i = 1; i <= 100; i++) {
            estimator.learn(bounded, new TokenUsage(10, 5));
        }
        assertThat(estimator.output(call("some-1", UserMessage.from("hi")))).isEqualTo(4_096);
    }

    // Learning

    private static String sentence(Random random) {
        List<String> words = List.of(
                "the",
                "account",
                "card",
                "was",
                "blocked",
                "yesterday",
                "payment",
                "of",
                "42.50",
                "EUR",
                "why?",
                "please,");
        StringBuilder text = new StringBuilder();
        for (int i = 0, n = 3 + random.nextInt(60); i < n; i++) {
            text.append(words.get(random.nextInt(words.size()))).append(' ');
        }
        return text.toString();
    }

    /** A tokenizer that nobody knows: so many letters are a token, and each request has some more. */
    private static TokenUsage reported(FmCall call, double perCharacter, int hidden) {
        String text = ((UserMessage) call.request().messages().get(0)).singleText();
        return new TokenUsage((int) Math.ceil(text.length() * perCharacter) + hidden, 10);
    }

    @Test
    void an_estimate_comes_close_after_some_calls_says_how_close_and_is_bounded() {
        TokenEstimator estimator = TokenEstimator.learning();
        Random random = new Random(1);
        int exceeded = 0;
        for (int i = 0; i < 250; i++) {
            FmCall call = call("some-1", UserMessage.from(sentence(random)));
            TokenUsage usage = reported(call, .6, 300); // a system prompt of the provider's own
            if (i >= 50) {
                assertThat((double) estimator.input(call)).isCloseTo(usage.inputTokenCount(), within(5));
                exceeded += usage.inputTokenCount() > estimator.inputAtMost(call) ? 1 : 0;
            }
            estimator.learn(call, usage);
        }

        assertThat(exceeded).isZero();
        assertThat(estimator.error("OPEN_AI some-1").samples()).isEqualTo(128);
        assertThat(estimator.error("OPEN_AI some-1").medianPercent()).isLessThan(3);
        assertThat(estimator.error("OPEN_AI some-1").upperPercent()).isLessThan(10);
        assertThat(estimator.error("OPEN_AI other").samples()).isZero();
        assertThat(estimator.error("OPEN_AI other")).hasToString("EstimateError[unknown]");
    }

    private static org.assertj.core.data.Percentage within(double percent) {
        return org.assertj.core.data.Percentage.withPercentage(percent);
    }

    @Test
    void models_are_learned_apart() {
        TokenEstimator estimator = TokenEstimator.learning();
        FmCall other = call("other-1", UserMessage.from("the account was blocked"));
        long before = estimator.input(other);
        Random random = new Random(2);
        for (int i = 0; i < 50; i++) {
            FmCall call = call("some-1", UserMessage.from(sentence(random)));
            estimator.learn(call, reported(call, 2, 0));
        }

        assertThat(estimator.input(other)).isEqualTo(before);
    }

    @Test
    void absurd_usage_teaches_nothing_and_single_lies_little() {
        TokenEstimator estimator = TokenEstimator.learning();
        Random random = new Random(3);
        FmCall asked = call("some-1", UserMessage.from(sentence(random)));
        for (int i = 0; i < 100; i++) {
            FmCall call = call("some-1", UserMessage.from(sentence(random)));
            estimator.learn(call, reported(call, .3, 5));
        }
        long truth = estimator.input(asked);
        estimator.learn(asked, new TokenUsage(Integer.MAX_VALUE, Integer.MAX_VALUE));
        estimator.learn(asked, new TokenUsage(-7, -7, -14));
        estimator.learn(asked, new TokenUsage(0, 0));
        estimator.learn(asked, new TokenUsage(null, null));

        assertThat(estimator.input(asked)).isEqualTo(truth);
        estimator.learn(asked, new TokenUsage(90_000, 5));
        assertThat((double) estimator.input(asked)).isCloseTo((double) truth, within(15));
    }

    @Test
    void the_most_of_a_request_is_no_more_than_its_bytes_though_single_reports_say_so() {
        TokenEstimator estimator = TokenEstimator.learning();
        Random random = new Random(5);
        FmCall asked = call("some-1", UserMessage.from(sentence(random)));
        long bytes = estimator.inputAtMost(asked);
        for (int i = 0; i < 30; i++) {
            FmCall call = call("some-1", UserMessage.from(sentence(random)));
            estimator.learn(call, i % 10 == 9 ? new TokenUsage(90_000, 5) : reported(call, .3, 5));
        }

        assertThat(estimator.inputAtMost(asked)).isLessThanOrEqualTo(bytes);
        assertThat(estimator.inputAtLeast(asked)).isLessThan(estimator.input(asked));
    }

    @Test
    void what_is_settled_is_learned_from_now_and_then_until_a_report_is_far_off() {
        ModelTokens tokens = new ModelTokens(1);
        Random random = new Random(6);
        for (int i = 0; i < 256; i++) {
            learn(tokens, random, .3, 10);
        }
        for (int i = 0; i < 8 * 8; i++) {
            learn(tokens, random, .3, 50);
        }
        assertThat(tokens.output()).as("eight of 128 are 6 %").isEqualTo(50);
        for (int i = 0; i < 8 * 64; i++) {
            learn(tokens, random, .3, 10);
        }
        for (int i = 0; i < 64; i++) {
            learn(tokens, random, .9, 70);
        }
        assertThat(tokens.output()).as("each one counts from the first one on").isEqualTo(70);
        assertThat(tokens.error().upperPercent()).isGreaterThan(100);
    }

    private static void learn(ModelTokens tokens, Random random, double perCharacter, int output) {
        String sentence = sentence(random);
        Features features = new Features();
        features.message();
        features.text(sentence);
        TokenUsage usage = new TokenUsage((int) Math.ceil(sentence.length() * perCharacter), output);
        tokens.learn(features, tokens.input(features), false, usage);
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 400})
    void a_model_that_counts_otherwise_from_now_on_is_learned_anew(int settled) {
        TokenEstimator estimator = TokenEstimator.learning();
        Random random = new Random(4);
        FmCall asked = call("some-1", UserMessage.from(sentence(random)));
        for (double perCharacter : new double[] {.25, .7}) {
            for (int i = 0; i < settled; i++) {
                FmCall call = call("some-1", UserMessage.from(sentence(random)));
                estimator.learn(call, reported(call, perCharacter, 5));
            }
            assertThat((double) estimator.input(asked))
                    .isCloseTo(reported(asked, perCharacter, 5).inputTokenCount(), within(10));
        }
    }

    // Hostile texts

    @Provide
    Arbitrary<String> hostile() {
        return Arbitraries.strings()
                .withChars("aA1 \n\t.,\u00e9\u4e2d\u3042\uac00\u0431\ud83d\ude00\ud800\udc00\u0000\ufffe\u202e")
                .ofMaxLength(200);
    }

    @Property(tries = 500)
    void an_estimate_is_positive_and_bounded_by_bytes_whatever_the_text_and_the_reports(
            @ForAll("hostile") String text, @ForAll int in, @ForAll int out) {
        Estimating estimator = new LearningEstimator(100);
        FmCall call = call("some-1", UserMessage.from(text.isBlank() ? text + "x" : text));
        for (int i = 0; i < 30; i++) {
            long input = estimator.input(call);
            assertThat(input).isPositive().isLessThan(Integer.MAX_VALUE * 100L);
            assertThat(estimator.inputAtMost(call)).isGreaterThanOrEqualTo(input);
            assertThat(estimator.output(call)).isNotNegative();
            estimator.learn(call, new TokenUsage(in + i, out, null));
        }
        EstimateError error = estimator.error("OPEN_AI some-1");
        assertThat(error.samples() == 0 || Double.isFinite(error.medianPercent()))
                .isTrue();
    }

    @Property(tries = 300)
    void the_bound_of_one_that_has_learned_nothing_holds_for_byte_level_vocabularies(@ForAll("hostile") String text) {
        FmCall call = call("gpt-4o", UserMessage.from(text.isBlank() ? text + "x" : text));

        assertThat(TokenEstimator.learning().inputAtMost(call))
                .isGreaterThanOrEqualTo(TokenEstimator.openAi("gpt-4o").input(call));
    }

    @Test
    void ten_megabytes_are_estimated_and_counted() {
        char[] text = new char[TEN_MEGABYTES];
        Arrays.fill(text, 'a');
        for (int i = 0; i < text.length; i += 7) {
            text[i] = i % 2 == 0 ? ' ' : '\ud800';
        }
        FmCall call = call("some-1", UserMessage.from(new String(text)));

        assertThat(TokenEstimator.learning().input(call)).isBetween(100_000L, 20_000_000L);
        assertThat(TokenEstimator.openAi("gpt-4o").input(call)).isBetween(100_000L, 20_000_000L);
    }

    @Test
    void the_usual_length_of_answers_can_be_said_and_is_at_least_a_token() {
        assertThatThrownBy(() -> TokenEstimator.learning(0))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("the usual length of an answer must be at least 1 token, but is 0");
    }
}
