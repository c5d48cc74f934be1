package io.fmware.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import io.fmware.Activations;
import io.fmware.Chain;
import io.fmware.FmCall;
import io.fmware.FmPipeline;
import io.fmware.FmReply;
import io.fmware.FmRun;
import io.fmware.Interceptor;
import io.fmware.InvalidReplyException;
import io.fmware.Phase;
import io.fmware.TimeSource;
import io.fmware.cache.Asking.Got;
import io.fmware.cache.Asking.Model;
import io.fmware.retry.Reprompting;
import io.fmware.retry.Verdict;
import io.fmware.route.Fallback;
import io.fmware.testing.ManualClock;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class ExactCacheTest {
    private static final String QUESTION = "What is the capital of France?";

    private final ManualClock clock = ManualClock.create();
    private final FmCache cache =
            FmCache.builder().time(clock).random(() -> 0L).readOnlyTools("look").build();

    private FmPipeline pipeline() {
        return FmPipeline.builder().with(cache).build();
    }

    private static Reply paris() {
        return Reply.builder()
                .thinking("hm")
                .chunks("Par", "is")
                .usage(12, 3)
                .finishReason(FinishReason.STOP)
                .build();
    }

    @ParameterizedTest
    @EnumSource
    void the_same_request_is_answered_without_the_model_and_its_usage_is_told_as_saved(Asking asking) {
        try (FmPipeline pipeline = pipeline()) {
            Model model = asking.of(pipeline, Script.of(paris()));
            assertThat(model.ask(QUESTION).text()).isEqualTo("Paris");

            Got second = model.ask(QUESTION);

            assertThat(model.asked()).isEqualTo(1);
            assertThat(second.text()).isEqualTo("Paris");
            assertThat(second.response().aiMessage().thinking()).isEqualTo("hm");
            assertThat(second.response().tokenUsage().totalTokenCount()).isZero();
            assertThat(CacheHit.of(second.response()).orElseThrow().savedUsage())
                    .isEqualTo(new TokenUsage(12, 3));
            assertThat(cache.stats().hits()).isEqualTo(1);
        }
    }

    @Test
    void a_stream_is_served_what_a_chat_has_stored_and_the_other_way_round() {
        try (FmPipeline pipeline = pipeline()) {
            Asking.CHAT.of(pipeline, Script.of(paris())).ask(QUESTION);
            Model streaming = Asking.STREAM.of(pipeline, Script.of());

            Got got = streaming.ask(QUESTION);

            assertThat(got.pieces()).containsExactly("(hm)", "Paris");
            assertThat(got.text()).isEqualTo("Paris");

            Asking.STREAM.of(pipeline, Script.of(paris())).ask("And of Italy?");
            assertThat(Asking.CHAT
                            .of(pipeline, Script.of())
                            .ask("And of Italy?")
                            .text())
                    .isEqualTo("Paris");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_tool_call_is_served_as_it_was(Asking asking) {
        ChatRequest request = ChatRequest.builder()
                .messages(UserMessage.from(QUESTION))
                .toolSpecifications(ToolSpecification.builder().name("look").build())
                .build();
        Reply reply = Reply.builder()
                .toolCall(ToolExecutionRequest.builder()
                        .id("t1")
                        .name("look")
                        .arguments("{}")
                        .build())
                .finishReason(FinishReason.TOOL_EXECUTION)
                .build();
        try (FmPipeline pipeline = pipeline()) {
            Model model = asking.of(pipeline, Script.of(reply));
            AiMessage first = model.ask(request).response().aiMessage();

            Got second = model.ask(request);

            assertThat(second.response().aiMessage()).isEqualTo(first);
            assertThat(second.pieces()).isEqualTo(asking == Asking.STREAM ? List.of("look!") : List.of());
        }
    }

    static List<UnaryOperator<ChatRequest.Builder>> changes() {
        return List.of(
                r -> r.messages(UserMessage.from("another")),
                r -> r.messages(SystemMessage.from("Be brief."), UserMessage.from(QUESTION)),
                r -> r.messages(UserMessage.from("earlier"), AiMessage.from("yes"), UserMessage.from(QUESTION)),
                r -> r.modelName("other"),
                r -> r.temperature(0.1),
                r -> r.topP(0.5),
                r -> r.maxOutputTokens(5),
                r -> r.stopSequences(List.of("x")),
                r -> r.responseFormat(ResponseFormat.JSON),
                r -> r.toolSpecifications(
                        ToolSpecification.builder().name("look").build()),
                r -> r.toolSpecifications(ToolSpecification.builder()
                        .name("look")
                        .parameters(JsonObjectSchema.builder()
                                .addStringProperty("x")
                                .build())
                        .build()));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void whatever_shapes_the_answer_makes_another_request(UnaryOperator<ChatRequest.Builder> change) {
        try (FmPipeline pipeline = pipeline()) {
            Model model = Asking.CHAT.of(pipeline, Script.replying("one", "two", "three"));
            model.ask(QUESTION);
            ChatRequest changed = change.apply(ChatRequest.builder().messages(UserMessage.from(QUESTION)))
                    .build();

            assertThat(model.ask(changed).text()).isEqualTo("two");
            assertThat(model.ask(changed).text()).isEqualTo("two");
            assertThat(model.ask(QUESTION).text()).isEqualTo("one");
        }
    }

    @Test
    void the_defaults_of_a_model_count_and_so_does_its_name() {
        try (FmPipeline pipeline = pipeline()) {
            ChatRequestParameters warm = ChatRequestParameters.builder()
                    .modelName("gpt")
                    .temperature(0.4)
                    .build();
            assertThat(Asking.CHAT
                            .of(pipeline, Script.replying("cold"))
                            .ask(QUESTION)
                            .text())
                    .isEqualTo("cold");
            assertThat(Asking.CHAT
                            .of(pipeline, Script.replying("warm"), warm)
                            .ask(QUESTION)
                            .text())
                    .isEqualTo("warm");
            assertThat(Asking.CHAT.of(pipeline, Script.of()).ask(QUESTION).text())
                    .isEqualTo("cold");
        }
    }

    @Test
    void two_models_without_a_name_are_two() {
        ChatRequestParameters none = ChatRequestParameters.builder().build();
        try (FmPipeline pipeline = pipeline()) {
            assertThat(Asking.CHAT
                            .of(pipeline, Script.replying("one"), none)
                            .ask(QUESTION)
                            .text())
                    .isEqualTo("one");
            assertThat(Asking.CHAT
                            .of(pipeline, Script.replying("two"), none)
                            .ask(QUESTION)
                            .text())
                    .isEqualTo("two");
        }
    }

    private String ask(FmPipeline pipeline, Map<String, String> run, String answer) {
        FmRun.Builder builder = pipeline.run("job");
        run.forEach(builder::attribute);
        try (FmRun open = builder.open()) {
            return Asking.CHAT
                    .of(pipeline, Script.replying(answer))
                    .ask(QUESTION)
                    .text();
        }
    }

    @Test
    void tenants_share_nothing_and_once_there_are_tenants_nobody_goes_without() {
        try (FmPipeline pipeline = pipeline()) {
            assertThat(ask(pipeline, Map.of("tenant", "a"), "for a")).isEqualTo("for a");
            assertThat(ask(pipeline, Map.of("tenant", "b"), "for b")).isEqualTo("for b");
            assertThat(ask(pipeline, Map.of("tenant", "a"), "again")).isEqualTo("for a");
            assertThat(ask(pipeline, Map.of(), "nobody")).isEqualTo("nobody");
            assertThat(ask(pipeline, Map.of(), "nobody again")).isEqualTo("nobody again");
            assertThat(cache.stats().refused()).containsExactly(Map.entry(Refusal.NO_TENANT, 2L));
        }
    }

    @Test
    void a_personal_question_is_kept_for_its_user_and_for_nobody_where_there_is_none() {
        try (FmPipeline pipeline = pipeline()) {
            Model model = Asking.CHAT.of(pipeline, Script.replying("1", "2", "3", "4"));
            String question = "Where is my order?";
            try (FmRun run = pipeline.run("job").user("ada").open()) {
                assertThat(model.ask(question).text()).isEqualTo("1");
                assertThat(model.ask(question).text()).isEqualTo("1");
            }
            try (FmRun run = pipeline.run("job").user("bob").open()) {
                assertThat(model.ask(question).text()).isEqualTo("2");
            }
            assertThat(model.ask(question).text()).isEqualTo("3");
            assertThat(model.ask(question).text()).isEqualTo("4");
            assertThat(cache.stats().refused()).containsExactly(Map.entry(Refusal.PERSONAL, 2L));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "What is the weather in Rome?, TIME_SENSITIVE",
        "Wie ist der aktuelle Kurs?, TIME_SENSITIVE",
        "Who won yesterday?, TIME_SENSITIVE",
        "What are my fees?, PERSONAL",
        "J'ai perdu ma carte, PERSONAL"
    })
    void what_is_true_for_now_or_for_one_alone_is_not_cached(String question, Refusal why) {
        try (FmPipeline pipeline = pipeline()) {
            Model model = Asking.CHAT.of(pipeline, Script.replying("one", "two"));

            model.ask(question);

            assertThat(model.ask(question).text()).isEqualTo("two");
            assertThat(cache.stats().refused()).containsExactly(Map.entry(why, 2L));
        }
    }

    @Test
    void where_a_personal_tool_is_offered_answers_are_kept_for_the_user_of_the_run_alone() {
        FmCache own =
                FmCache.builder().readOnlyTools("look").personalTools("orders").build();
        ChatRequest request = ChatRequest.builder()
                .messages(UserMessage.from(QUESTION))
                .toolSpecifications(
                        ToolSpecification.builder().name("look").build(),
                        ToolSpecification.builder().name("orders").build())
                .build();
        try (FmPipeline pipeline = FmPipeline.builder().with(own).build()) {
            Model model = Asking.CHAT.of(pipeline, Script.replying("1", "2", "3"));

            assertThat(askedBy(pipeline, "ada", model, request)).isEqualTo("1");
            assertThat(askedBy(pipeline, "bob", model, request)).isEqualTo("2");
            assertThat(askedBy(pipeline, "ada", model, request)).isEqualTo("1");
            assertThat(model.ask(request).text()).isEqualTo("3");
            assertThat(own.stats().refused()).containsExactly(Map.entry(Refusal.PERSONAL, 1L));
        }
    }

    private static String askedBy(FmPipeline pipeline, String user, Model model, ChatRequest request) {
        try (FmRun run = pipeline.run("ask").user(user).open()) {
            return model.ask(request).text();
        }
    }

    @Test
    void a_high_temperature_a_tool_that_may_change_something_and_the_application_refuse() {
        FmCache own = FmCache.builder()
                .maxTemperature(0.2)
                .when(call -> !call.request().messages().toString().contains("secret"))
                .build();
        try (FmPipeline pipeline = FmPipeline.builder().with(own).build()) {
            Model model = Asking.CHAT.of(pipeline, Script.always(Reply.text("yes")));
            ChatRequest.Builder request = ChatRequest.builder().messages(UserMessage.from(QUESTION));

            model.ask(request.temperature(0.3).build());
            model.ask(request.temperature(0.2)
                    .toolSpecifications(ToolSpecification.builder().name("pay").build())
                    .build());
            model.ask("a secret");

            assertThat(own.stats().refused())
                    .containsOnly(
                            Map.entry(Refusal.TEMPERATURE, 1L),
                            Map.entry(Refusal.TOOLS, 1L),
                            Map.entry(Refusal.PREDICATE, 1L));
            assertThat(own.stats().stored()).isZero();
        }
    }

    @Test
    void answers_of_a_model_whose_features_are_pinned_are_not_kept() {
        FmCache own = FmCache.builder().build();
        Interceptor pinning = new Interceptor() {
            @Override
            public Phase phase() {
                return Phase.ADMIT;
            }

            @Override
            public FmReply intercept(FmCall call, Chain next) {
                return next.proceed(call.with(Activations.PINNED, Activations.none()));
            }
        };
        try (FmPipeline pipeline = FmPipeline.builder().with(pinning).with(own).build()) {
            Model model = Asking.CHAT.of(pipeline, Script.always(Reply.text("yes")));

            model.ask(QUESTION);
            model.ask(QUESTION);

            assertThat(own.stats().refused()).containsExactly(Map.entry(Refusal.PINNED, 2L));
            assertThat(own.stats().stored()).isZero();
        }
    }

    static List<Reply> notWhole() {
        return List.of(
                Reply.builder().text("cut").finishReason(FinishReason.LENGTH).build(),
                Reply.builder()
                        .text("cut")
                        .finishReason(FinishReason.CONTENT_FILTER)
                        .build(),
                Reply.builder().text("cut").finishReason(FinishReason.OTHER).build());
    }

    @ParameterizedTest
    @MethodSource("notWhole")
    void an_answer_that_is_not_whole_is_not_kept(Reply reply) {
        for (Asking asking : Asking.values()) {
            try (FmPipeline pipeline = pipeline()) {
                Model model = asking.of(pipeline, Script.of(reply, paris()));

                assertThat(model.ask(QUESTION).text()).isEqualTo("cut");
                assertThat(model.ask(QUESTION).text()).isEqualTo("Paris");
                cache.clear();
            }
        }
    }

    @Test
    void only_what_passed_the_validators_is_kept_and_another_validator_makes_another_answer() {
        Reprompting loud = Reprompting.upTo(2)
                .until((request, response) ->
                        response.aiMessage().text().endsWith("!") ? Verdict.valid() : Verdict.invalid("say it louder"));
        try (FmPipeline checked = FmPipeline.builder().with(cache).with(loud).build();
                FmPipeline plain = pipeline()) {
            Model model = Asking.CHAT.of(checked, Script.replying("quiet", "loud!"));
            assertThat(model.ask(QUESTION).text()).isEqualTo("loud!");
            assertThat(model.ask(QUESTION).text()).isEqualTo("loud!");
            assertThat(model.asked()).isEqualTo(2);

            assertThat(Asking.CHAT
                            .of(plain, Script.replying("plain"))
                            .ask(QUESTION)
                            .text())
                    .isEqualTo("plain");

            Model never = Asking.CHAT.of(checked, Script.always(Reply.text("quiet")));
            assertThatThrownBy(() -> never.ask("Another?")).isInstanceOf(InvalidReplyException.class);
            assertThatThrownBy(() -> never.ask("Another?")).isInstanceOf(InvalidReplyException.class);
            assertThat(never.asked()).isEqualTo(4);
        }
    }

    @Test
    void the_answer_of_another_model_is_not_kept_for_this_one() {
        ScriptedChatModel standby = ScriptedChatModel.replying("standby");
        try (FmPipeline pipeline =
                FmPipeline.builder().with(cache).with(Fallback.to(standby)).build()) {
            Model model = Asking.CHAT.of(
                    pipeline, Script.of(Reply.error(new RateLimitException("full")), Reply.text("first")));

            assertThat(model.ask(QUESTION).text()).isEqualTo("standby");
            assertThat(model.ask(QUESTION).text()).isEqualTo("first");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_failure_that_lies_in_the_request_is_remembered_for_a_while_under_a_type_of_its_own(Asking asking) {
        try (FmPipeline pipeline = pipeline()) {
            Model model = asking.of(pipeline, Script.of(Reply.error(new InvalidRequestException("too long")), paris()));
            assertThatThrownBy(() -> model.ask(QUESTION)).isInstanceOf(InvalidRequestException.class);

            assertThatThrownBy(() -> model.ask(QUESTION))
                    .isInstanceOf(CachedFailureException.class)
                    .hasMessage(
                            "the same request failed before with InvalidRequestException, and would fail again; change"
                                    + " the request")
                    .hasRootCauseMessage("too long");
            assertThat(cache.stats().failures()).isEqualTo(1);

            clock.advance(Duration.ofSeconds(31));
            assertThat(model.ask(QUESTION).text()).isEqualTo("Paris");
        }
    }

    @Test
    void a_failure_that_may_pass_is_not_remembered() {
        try (FmPipeline pipeline = pipeline()) {
            Model model = Asking.CHAT.of(pipeline, Script.of(Reply.error(new RateLimitException("full")), paris()));
            assertThatThrownBy(() -> model.ask(QUESTION)).isInstanceOf(RateLimitException.class);

            assertThat(model.ask(QUESTION).text()).isEqualTo("Paris");
        }
    }

    @Test
    void an_answer_lives_as_long_as_it_may_and_a_clock_that_jumps_does_not_matter() {
        FmCache short1 = FmCache.builder()
                .time(clock)
                .random(() -> 0L)
                .refreshAhead(0)
                .timeToLive(Duration.ofMinutes(1))
                .build();
        try (FmPipeline pipeline = FmPipeline.builder().with(short1).build()) {
            Model model = Asking.CHAT.of(pipeline, Script.replying("one", "two"));
            model.ask(QUESTION);
            clock.advance(Duration.ofSeconds(59));
            assertThat(model.ask(QUESTION).text()).isEqualTo("one");

            clock.advance(Duration.ofSeconds(2));
            assertThat(model.ask(QUESTION).text()).isEqualTo("two");
        }
    }

    @Test
    void lives_are_shortened_by_chance() {
        Lifetimes longest = new Lifetimes(Duration.ofSeconds(100), Duration.ofSeconds(10), 0.1, 1, () -> 0L);
        Lifetimes shortest = new Lifetimes(Duration.ofSeconds(100), Duration.ofSeconds(10), 0.1, 1, () -> -1L);

        assertThat(longest.ofAnswer()).isEqualTo(Duration.ofSeconds(100).toNanos());
        assertThat(Duration.ofNanos(shortest.ofAnswer())).isBetween(Duration.ofSeconds(90), Duration.ofMillis(90_001));
        assertThat(Duration.ofNanos(shortest.ofFailure())).isBetween(Duration.ofSeconds(9), Duration.ofMillis(9_001));
    }

    @Test
    void what_is_used_least_goes_where_there_is_too_much() {
        FmCache small = FmCache.builder().maximumBytes(20_000).build();
        try (FmPipeline pipeline = FmPipeline.builder().with(small).build()) {
            Model model = Asking.CHAT.of(pipeline, Script.always(Reply.text("x".repeat(1_000))));
            for (int i = 0; i < 100; i++) {
                model.ask("question " + i);
            }
            assertThat(small.stats().bytes()).isLessThanOrEqualTo(20_000);
            assertThat(small.stats().entries()).isBetween(4L, 8L);
        }
    }

    @Test
    void a_predicate_that_throws_passes_the_cache_by() {
        FmCache broken = FmCache.builder()
                .personal(question -> {
                    throw new IllegalStateException("broken");
                })
                .build();
        try (FmPipeline pipeline = FmPipeline.builder().with(broken).build()) {
            assertThat(Asking.CHAT
                            .of(pipeline, Script.of(paris()))
                            .ask(QUESTION)
                            .text())
                    .isEqualTo("Paris");
            assertThat(broken.stats().bypassed()).isEqualTo(1);
        }
    }

    @Test
    void a_cache_that_fails_hides_neither_an_answer_nor_a_failure_of_the_model() {
        TimeSource broken = new TimeSource() {
            @Override
            public long nanoTime() {
                return clock.nanoTime();
            }

            @Override
            public Instant instant() {
                throw new IllegalStateException("no time");
            }

            @Override
            public void await(Condition condition, Lock lock, long untilNanos) throws InterruptedException {
                clock.await(condition, lock, untilNanos);
            }
        };
        FmCache own = FmCache.builder().time(broken).build();
        try (FmPipeline pipeline = FmPipeline.builder().with(own).build()) {
            Model model =
                    Asking.CHAT.of(pipeline, Script.of(Reply.error(new InvalidRequestException("too long")), paris()));

            assertThatThrownBy(() -> model.ask(QUESTION)).isExactlyInstanceOf(InvalidRequestException.class);
            assertThat(model.ask(QUESTION).text()).isEqualTo("Paris");
            assertThat(own.stats().bypassed()).isEqualTo(2);
        }
    }

    @Test
    void a_question_of_ten_megabytes_is_a_question() {
        try (FmPipeline pipeline = pipeline()) {
            Model model = Asking.CHAT.of(pipeline, Script.replying("one", "two"));
            String huge = "x".repeat(10_000_000);

            model.ask(huge);

            assertThat(model.ask(huge).text()).isEqualTo("one");
            assertThat(model.ask(huge + "y").text()).isEqualTo("two");
        }
    }

    @Test
    void a_hit_says_why_it_was_served() {
        try (FmPipeline pipeline = pipeline()) {
            Model model = Asking.CHAT.of(pipeline, Script.of(paris()));
            assertThat(CacheHit.of(model.ask(QUESTION).response())).isEmpty();
            clock.advance(Duration.ofMinutes(5));

            assertThat(CacheHit.of(model.ask(QUESTION).response())).hasValueSatisfying(hit -> {
                assertThat(hit.how()).isEqualTo(CacheHit.How.EXACT);
                assertThat(hit.storedAt()).isEqualTo(ManualClock.START);
                assertThat(hit.age()).isEqualTo(Duration.ofMinutes(5));
                assertThat(hit.dependencies()).extracting(Dependency::toString).containsExactly("model:OTHER/gpt");
                assertThat(hit.match()).isNull();
            });
        }
    }

    @Test
    void bad_settings_are_refused() {
        FmCache.Builder builder = FmCache.builder();
        assertThatThrownBy(() -> builder.maximumBytes(0)).hasMessage("maximumBytes must be positive, but is 0");
        assertThatThrownBy(() -> builder.timeToLive(Duration.ZERO))
                .hasMessage("timeToLive must be positive, but is PT0S");
        assertThatThrownBy(() -> builder.failureTimeToLive(Duration.ofSeconds(-1)))
                .hasMessage("failureTimeToLive must not be negative, but is PT-1S");
        assertThatThrownBy(() -> builder.refreshAhead(-1))
                .hasMessage("refreshAhead must be 0 or more and finite, but is -1.0");
        assertThatThrownBy(() -> builder.refreshAhead(Double.POSITIVE_INFINITY))
                .hasMessage("refreshAhead must be 0 or more and finite, but is Infinity");
        assertThatThrownBy(() -> builder.maxTemperature(Double.NaN))
                .hasMessage("maxTemperature must be 0 or more, but is NaN");
        assertThatThrownBy(() -> builder.readOnlyTools("look", null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void an_answer_whose_life_is_without_end_is_served() {
        FmCache own =
                FmCache.builder().timeToLive(Duration.ofSeconds(Long.MAX_VALUE)).build();
        try (FmPipeline pipeline = FmPipeline.builder().with(own).build()) {
            Model model = Asking.CHAT.of(pipeline, Script.replying("one", "two"));
            model.ask(QUESTION);

            assertThat(model.ask(QUESTION).text()).isEqualTo("one");
            assertThat(own.stats().bypassed()).isZero();
        }
    }

    @Test
    void where_only_first_questions_are_cached_later_ones_are_not() {
        FmCache own = FmCache.builder().firstTurnOnly().build();
        try (FmPipeline pipeline = FmPipeline.builder().with(own).build()) {
            Model model = Asking.CHAT.of(pipeline, Script.replying("1", "2", "3", "4"));
            ChatRequest later = ChatRequest.builder()
                    .messages(UserMessage.from("hello"), AiMessage.from("hi"), UserMessage.from(QUESTION))
                    .build();
            model.ask(QUESTION);
            assertThat(model.ask(QUESTION).text()).isEqualTo("1");

            model.ask(later);

            assertThat(model.ask(later).text()).isEqualTo("3");
            model.ask(ChatRequest.builder() // the first one failed
                    .messages(UserMessage.from("hello"), UserMessage.from(QUESTION))
                    .build());
            assertThat(own.stats().refused()).containsExactly(Map.entry(Refusal.LATER_TURN, 3L));
        }
    }

    @Test
    void what_went_for_lack_of_room_is_counted_and_so_is_the_part_of_hits() {
        FmCache small = FmCache.builder().maximumBytes(4_000).build();
        try (FmPipeline pipeline = FmPipeline.builder().with(small).build()) {
            Model model = Asking.CHAT.of(pipeline, Script.always(Reply.text("yes")));
            for (int i = 0; i < 20; i++) {
                model.ask("question " + i);
                model.ask("question " + i);
            }

            CacheStats stats = small.stats();
            assertThat(stats.lookups()).isEqualTo(40);
            assertThat(stats.hitRate()).isEqualTo(stats.hits() / 40.0).isPositive();
            assertThat(stats.evicted())
                    .isEqualTo(stats.stored() - stats.entries())
                    .isPositive();
            assertThat(stats.bytes()).isLessThanOrEqualTo(4_000);
            assertThat(new CacheStats(0, 0, 0, 0, Map.of(), 0, 0, 0, 0, 0, 0, 0).hitRate())
                    .isZero();
        }
    }

    @Test
    void an_answer_that_is_disliked_by_its_id_goes() {
        try (FmPipeline pipeline = pipeline()) {
            Model model = Asking.CHAT.of(
                    pipeline,
                    Script.of(
                            Reply.builder().text("one").id("r1").build(),
                            Reply.builder().text("two").id("r2").build()));
            model.ask(QUESTION);

            assertThat(cache.dislike("nobody's")).isZero();
            assertThat(cache.dislike("r1")).isEqualTo(1);
            assertThat(model.ask(QUESTION).text()).isEqualTo("two");
            assertThat(cache.clear()).isEqualTo(1);
            assertThat(cache.clear()).isZero();
        }
    }

    @Test
    void a_failure_of_the_cache_is_logged_once_for_each_kind() {
        AtomicInteger calls = new AtomicInteger();
        FmCache own = FmCache.builder()
                .when(call -> {
                    if (calls.incrementAndGet() < 4) {
                        throw calls.get() == 2
                                ? new UnsupportedOperationException("another defect")
                                : new IllegalStateException("a defect");
                    }
                    return true;
                })
                .build();
        try (FmPipeline pipeline = FmPipeline.builder().with(own).build()) {
            Model model = Asking.CHAT.of(pipeline, Script.always(Reply.text("yes")));

            String log = logOf(() -> {
                for (int i = 0; i < 4; i++) {
                    assertThat(model.ask(QUESTION).text()).isEqualTo("yes");
                }
            });

            assertThat(own.stats().bypassed()).isEqualTo(3);
            assertThat(log.lines().filter(line -> line.contains("the cache failed and was passed by")))
                    .hasSize(2)
                    .first()
                    .asString()
                    .endsWith("this is logged once for java.lang.IllegalStateException");
        }
    }

    private static String logOf(Runnable work) {
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            work.run();
        } finally {
            System.setErr(before);
        }
        return said.toString(StandardCharsets.UTF_8);
    }

    @Test
    void a_failure_of_another_model_that_lies_in_the_request_is_not_remembered_for_this_one() {
        ScriptedChatModel standby = ScriptedChatModel.of(Reply.error(new InvalidRequestException("too long for me")));
        try (FmPipeline pipeline =
                FmPipeline.builder().with(cache).with(Fallback.to(standby)).build()) {
            Model model = Asking.CHAT.of(pipeline, Script.of(Reply.error(new RateLimitException("full")), paris()));

            assertThatThrownBy(() -> model.ask(QUESTION))
                    .isExactlyInstanceOf(InvalidRequestException.class)
                    .hasMessage("too long for me");
            assertThat(model.ask(QUESTION).text()).isEqualTo("Paris");
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_error_of_a_predicate_passes_the_cache_by(Asking asking) {
        FmCache broken = FmCache.builder()
                .when(call -> {
                    throw new NoClassDefFoundError("a class of the application");
                })
                .build();
        try (FmPipeline pipeline = FmPipeline.builder().with(broken).build()) {
            assertThat(asking.of(pipeline, Script.of(paris())).ask(QUESTION).text())
                    .isEqualTo("Paris");
            assertThat(broken.stats().bypassed()).isEqualTo(1);
        }
    }
}
