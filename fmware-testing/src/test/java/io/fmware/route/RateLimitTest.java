package io.fmware.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.output.TokenUsage;
import io.fmware.BudgetExceededException;
import io.fmware.CallOptions;
import io.fmware.DeadlineExceededException;
import io.fmware.FmCall;
import io.fmware.FmEmbeddingModel;
import io.fmware.FmPipeline;
import io.fmware.FmReply;
import io.fmware.Interceptor;
import io.fmware.Operation;
import io.fmware.OverloadedException;
import io.fmware.Phase;
import io.fmware.RejectedException;
import io.fmware.cost.TokenEstimator;
import io.fmware.retry.Answered;
import io.fmware.retry.Scene;
import io.fmware.retry.Way;
import io.fmware.testing.ManualClock;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedEmbeddingModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RateLimitTest {
    private static final int WHOLE = -1;

    private final ManualClock clock = ManualClock.create();

    /** Estimates what the test says. */
    private static final class Fixed implements TokenEstimator {
        private volatile long input = 100;
        private volatile long least; // 0 for as many
        private final List<TokenUsage> learned = new ArrayList<>();

        @Override
        public long input(FmCall call) {
            return input;
        }

        @Override
        public long inputAtLeast(FmCall call) {
            return least == 0 ? input : least;
        }

        @Override
        public long output(FmCall call) {
            return 0;
        }

        @Override
        public void learn(FmCall call, TokenUsage reported) {
            learned.add(reported);
        }
    }

    private Scene scene(Way way, Script script, Interceptor... interceptors) {
        return Scene.of(way, script, builder -> {
            builder.time(clock);
            List.of(interceptors).forEach(builder::with);
            return builder;
        });
    }

    private static Script using(int input, int output) {
        return Script.always(Reply.builder().text("yes").usage(input, output).build());
    }

    private static RateLimit tokens(long perMinute, TokenEstimator estimator) {
        return RateLimit.builder()
                .tokensPerMinute(perMinute)
                .estimator(estimator)
                .build();
    }

    private long available(RateLimit limit, Way way) {
        String model = way == Way.STREAM ? "ScriptedStreamingChatModel" : "ScriptedChatModel";
        return limit.rate(model).buckets(clock).tokens().available();
    }

    // Requests

    @ParameterizedTest
    @EnumSource
    void who_comes_too_early_waits_until_there_is_room(Way way) {
        try (Scene scene = scene(way, using(1, 1), RateLimit.requestsPerMinute(6))) {
            for (int i = 0; i < 6; i++) {
                assertThat(scene.ask("Hi").text()).isEqualTo("yes");
            }
            CompletableFuture<Answered> late = scene.start(Scene.request("Hi"), ChatRequestOptions.EMPTY);
            clock.awaitTimers(1);
            clock.advance(Duration.ofSeconds(9));
            assertThat(scene.requests()).hasSize(6);
            clock.advance(Duration.ofSeconds(1));

            assertThat(Scene.await(late).text()).isEqualTo("yes");
            assertThat(scene.actions()).containsExactly("rateLimit: waited");
        }
    }

    @ParameterizedTest
    @EnumSource
    void who_would_wait_too_long_is_refused_and_told_when_there_will_be_room(Way way) {
        RateLimit limit = RateLimit.builder()
                .requestsPerMinute(1)
                .longestWait(Duration.ofSeconds(5))
                .build();
        String model = way == Way.STREAM ? "ScriptedStreamingChatModel" : "ScriptedChatModel";
        try (Scene scene = scene(way, using(1, 1), limit)) {
            scene.ask("Hi").text();
            OverloadedException refused = scene.ask("Hi").failure(OverloadedException.class);

            assertThat(refused)
                    .hasMessage("interceptor 'rateLimit' refused a call of model " + model
                            + ": of 1 requests a minute the 1"
                            + " that it takes are free in 60000 ms, and the longest wait is 5000 ms; ask later, ask another"
                            + " model, or allow a longer wait");
            assertThat(refused.retryAfter()).contains(Duration.ofMinutes(1));
            assertThat(scene.actions()).containsExactly("rateLimit: refused");
            clock.advance(Duration.ofMinutes(1));
            assertThat(scene.ask("Hi").text()).isEqualTo("yes");
        }
    }

    @ParameterizedTest
    @EnumSource
    void who_cancels_while_waiting_gives_the_reservation_back(Way way) {
        Fixed estimator = new Fixed();
        RateLimit limit = tokens(100, estimator);
        try (Scene scene = scene(way, using(100, 0), limit)) {
            scene.ask("Hi").text();
            estimator.input = 30;
            CompletableFuture<Answered> waiting = scene.start(Scene.request("Hi"), ChatRequestOptions.EMPTY);
            clock.awaitTimers(1);
            assertThat(available(limit, way)).isEqualTo(-30);
            scene.cancel();

            assertThat(Scene.await(waiting).error()).isNotNull();
        }
        assertThat(available(limit, way)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void who_has_less_time_than_the_wait_fails_at_once_and_gives_the_reservation_back(Way way) {
        Fixed estimator = new Fixed();
        RateLimit limit = tokens(100, estimator);
        try (Scene scene = scene(way, using(100, 0), limit)) {
            scene.ask("Hi").text();
            estimator.input = 30;
            DeadlineExceededException failure = scene.ask(
                            Scene.request("Hi"), CallOptions.deadline(Duration.ofSeconds(5)))
                    .failure(DeadlineExceededException.class);

            assertThat(failure)
                    .hasMessage(
                            "the deadline of 5 s passed while a pause of 18 s was due; allow more time with Deadlines, or"
                                    + " ask for less");
            assertThat(available(limit, way)).isZero();
        }
    }

    // Tokens

    @ParameterizedTest
    @EnumSource
    void reported_usage_settles_the_account(Way way) {
        Fixed estimator = new Fixed();
        RateLimit limit = tokens(1_000, estimator);
        try (Scene scene = scene(way, using(20, 10), limit)) {
            scene.ask("Hi").text();
            assertThat(available(limit, way)).isEqualTo(970);
        }
        try (Scene scene = scene(way, using(300, 50), limit)) {
            scene.ask("Hi").text();
            assertThat(available(limit, way)).isEqualTo(620);
        }
        assertThat(estimator.learned).containsExactly(new TokenUsage(20, 10), new TokenUsage(300, 50));
    }

    @ParameterizedTest
    @EnumSource
    void those_that_follow_pay_for_what_was_used_beyond_the_estimate(Way way) {
        Fixed estimator = new Fixed();
        RateLimit limit = tokens(100, estimator);
        try (Scene scene = scene(way, using(120, 0), limit)) {
            scene.ask("Hi").text();
            assertThat(available(limit, way)).isEqualTo(-20);
            estimator.input = 10;
            CompletableFuture<Answered> next = scene.start(Scene.request("Hi"), ChatRequestOptions.EMPTY);
            clock.awaitTimers(1);
            clock.advance(Duration.ofMillis(17_999));
            assertThat(scene.requests()).hasSize(1);
            clock.advance(Duration.ofMillis(1));
            Scene.await(next).text();
        }
    }

    @ParameterizedTest
    @EnumSource
    void unknown_usage_and_failures_leave_the_estimate(Way way) {
        RateLimit limit = tokens(1_000, new Fixed());
        try (Scene scene =
                scene(way, Scene.script(Reply.text("yes"), Reply.error(new RateLimitException("no"))), limit)) {
            scene.ask("Hi").text();
            assertThat(available(limit, way)).isEqualTo(900);
            scene.ask("Hi").failure(RateLimitException.class);
            assertThat(available(limit, way)).isEqualTo(800);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_call_that_is_refused_before_it_is_sent_gives_the_reservation_back(Way way) {
        RateLimit limit = RateLimit.builder()
                .requestsPerMinute(10)
                .tokensPerMinute(1_000)
                .estimator(new Fixed())
                .build();
        Interceptor refusing = Interceptor.of("budget", Phase.LIMIT, (call, next) -> {
            throw new BudgetExceededException("nothing is left");
        });
        try (Scene scene = scene(way, using(1, 1), limit, refusing)) {
            scene.ask("Hi").failure(BudgetExceededException.class);
            String model = way == Way.STREAM ? "ScriptedStreamingChatModel" : "ScriptedChatModel";
            assertThat(available(limit, way)).isEqualTo(1_000);
            assertThat(limit.rate(model).buckets(clock).requests().available()).isEqualTo(10);
        }
    }

    @Test
    void what_a_guard_of_a_wrapped_model_rejects_was_asked_and_an_answer_of_its_cache_was_not() {
        RateLimit limit = tokens(1_000, new Fixed());
        Interceptor guard = Interceptor.of("guard", Phase.VALIDATE, (call, next) -> {
            if (call.request().toString().contains("known")) {
                return FmReply.of(Reply.text("known").response(), FmReply.Source.CACHE);
            }
            next.proceed(call);
            throw new RejectedException("guard", "planted");
        });
        try (FmPipeline inner = FmPipeline.builder().with(guard).build();
                FmPipeline outer = FmPipeline.builder().time(clock).with(limit).build()) {
            ChatModel model = outer.wrap(inner.wrap(ScriptedChatModel.of(Script.always(Reply.text("yes")))));
            model.chat("known");
            assertThat(tokensLeft(limit)).isEqualTo(1_000);
            assertThatThrownBy(() -> model.chat("Hi")).isInstanceOf(RejectedException.class);
            assertThat(tokensLeft(limit)).isEqualTo(900);
        }
    }

    private long tokensLeft(RateLimit limit) {
        return limit.rates().values().iterator().next().buckets(clock).tokens().available();
    }

    @Test
    void a_request_that_finds_no_tokens_takes_no_request_either() {
        RateLimit limit = RateLimit.builder()
                .requestsPerMinute(10)
                .tokensPerMinute(100)
                .longestWait(Duration.ofSeconds(1))
                .estimator(new Fixed())
                .build();
        try (Scene scene = scene(Way.CHAT, using(100, 0), limit)) {
            scene.ask("Hi").text();
            scene.ask("Hi").failure(OverloadedException.class);
            assertThat(limit.rate("ScriptedChatModel").buckets(clock).requests().available())
                    .isEqualTo(9);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_request_surely_larger_than_a_whole_minute_is_refused_whatever_is_left(Way way) {
        Fixed estimator = new Fixed();
        estimator.input = 1_500;
        estimator.least = 1_001;
        String model = way == Way.STREAM ? "ScriptedStreamingChatModel" : "ScriptedChatModel";
        try (Scene scene = scene(way, using(1, 1), tokens(1_000, estimator))) {
            assertThat(scene.ask("Hi").failure(OverloadedException.class))
                    .hasMessage(
                            "interceptor 'rateLimit' refused a call of model " + model
                                    + ": its request takes at least 1001 tokens,"
                                    + " and all that is allowed in a minute is 1000; shorten the request, or raise tokensPerMinute");
            assertThat(scene.actions()).containsExactly("rateLimit: refused");
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_may_take_more_than_a_minute_holds_takes_a_whole_one_and_is_settled(Way way) {
        Fixed estimator = new Fixed();
        estimator.input = Long.MAX_VALUE;
        estimator.least = 1_000;
        RateLimit limit = tokens(1_000, estimator);
        try (Scene scene = scene(way, using(90, 10), limit)) {
            scene.ask("Hi").text();
            assertThat(available(limit, way)).isEqualTo(900);
            CompletableFuture<Answered> next = scene.start(Scene.request("Hi"), ChatRequestOptions.EMPTY);
            clock.awaitTimers(1);
            clock.advance(Duration.ofMillis(5_999));
            assertThat(scene.requests()).hasSize(1);
            clock.advance(Duration.ofMillis(1));
            Scene.await(next).text();
        }
    }

    @Test
    void wrong_reports_lock_no_model_out() {
        RateLimit limit = RateLimit.tokensPerMinute(1_000);
        Script wrong = Script.of(Stream.generate(() ->
                        Reply.builder().text("yes").usage(100_000, 900_000).build())
                .limit(30)
                .toArray(Reply[]::new));
        try (Scene scene = scene(Way.CHAT, wrong, limit)) {
            for (int i = 0; i < 30; i++) {
                clock.advance(Duration.ofDays(1));
                scene.ask("Hi").text();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0})
    void an_estimate_of_nothing_counts_as_one_token(long estimate) {
        Fixed estimator = new Fixed();
        estimator.input = estimate;
        RateLimit limit = tokens(1_000, estimator);
        try (Scene scene = scene(Way.CHAT, Script.replying("yes"), limit)) {
            scene.ask("Hi").text();
            assertThat(available(limit, Way.CHAT)).isEqualTo(999);
        }
    }

    @Test
    void an_estimator_that_throws_on_learning_loses_no_answer() {
        TokenEstimator broken = new TokenEstimator() {
            @Override
            public long input(FmCall call) {
                return 1;
            }

            @Override
            public long output(FmCall call) {
                return 1;
            }

            @Override
            public void learn(FmCall call, TokenUsage reported) {
                throw new IllegalStateException("broken");
            }
        };
        try (Scene scene = scene(Way.CHAT, using(5, 5), tokens(1_000, broken))) {
            assertThat(scene.ask("Hi").text()).isEqualTo("yes");
        }
    }

    @Test
    void without_an_estimator_what_calls_take_is_learned_and_an_answer_is_what_is_allowed_or_500() {
        RateLimit limit = RateLimit.tokensPerMinute(10_000);
        try (Scene scene = scene(Way.CHAT, Script.replying("yes", "yes"), limit)) {
            scene.ask("12345678").text();
            long first = 10_000 - available(limit, Way.CHAT);
            assertThat(first).isBetween(501L, 520L);
            scene.ask(
                            ChatRequest.builder()
                                    .messages(UserMessage.from("12345678"))
                                    .maxOutputTokens(50)
                                    .build(),
                            ChatRequestOptions.EMPTY)
                    .text();
            assertThat(available(limit, Way.CHAT)).isEqualTo(10_000 - 2 * first + 450);
        }
    }

    @Test
    void one_limit_in_two_pipelines_one_around_the_other_reserves_once() {
        RateLimit limit = tokens(1_000, new Fixed());
        try (FmPipeline inner = FmPipeline.builder().time(clock).with(limit).build();
                FmPipeline outer = FmPipeline.builder().time(clock).with(limit).build()) {
            ScriptedChatModel named = ScriptedChatModel.builder()
                    .script(using(60, 0))
                    .defaultRequestParameters(
                            ChatRequestParameters.builder().modelName("m").build())
                    .build();
            outer.wrap((ChatModel) inner.wrap(named)).chat("Hi");
        }
        assertThat(limit.rates().values())
                .singleElement()
                .satisfies(rate ->
                        assertThat(rate.buckets(clock).tokens().available()).isEqualTo(940));
    }

    @Test
    void embeddings_are_limited_too() {
        Fixed estimator = new Fixed();
        estimator.input = 8;
        RateLimit limit = RateLimit.builder()
                .tokensPerMinute(10)
                .longestWait(Duration.ofSeconds(1))
                .estimator(estimator)
                .build();
        assertThat(limit.operations()).contains(Operation.EMBEDDINGS);
        try (FmPipeline pipeline = FmPipeline.builder().time(clock).with(limit).build()) {
            FmEmbeddingModel model = pipeline.wrap(ScriptedEmbeddingModel.ofWords());
            model.embed("twelve chars and 16 more....");
            estimator.input = 4;
            assertThatThrownBy(() -> model.embed("twelve chars"))
                    .isInstanceOf(OverloadedException.class)
                    .hasMessageContaining("of 10 tokens a minute the 4 that it takes are free in 12000 ms");
        }
    }

    // Stress

    @ParameterizedTest
    @EnumSource
    void under_random_usage_cancels_and_errors_the_account_is_exact(Way way) {
        int minute = 60_000;
        RateLimit limit = tokens(minute, new Fixed());
        AtomicLong used = new AtomicLong();
        Interceptor counting = Interceptor.of("counting", Phase.LIMIT, (call, next) -> {
            int kind = kind(call.request());
            if (kind == 0) {
                throw new OverloadedException("not sent", null);
            }
            int before = call.timesAsked();
            long owed = 100; // the reservation
            try {
                FmReply reply = next.proceed(call);
                if (kind == 1) {
                    throw new RateLimitException("sent");
                }
                owed = reply.usage().totalTokenCount();
                return reply;
            } finally {
                used.addAndGet(call.timesAsked() > before ? owed : 0);
            }
        });
        Script script = Script.answering(request -> Reply.builder()
                .text("yes")
                .usage(kind(request) == WHOLE ? minute : kind(request), 0)
                .build());
        List<Thread> users = new ArrayList<>();
        try (Scene scene = scene(way, script, limit, counting)) {
            scene.ask(String.valueOf(WHOLE)).text(); // from now on all have to wait
            for (int user = 0; user < 8; user++) {
                Random random = new Random(user);
                users.add(new Thread(() -> {
                    for (int i = 0; i < 30; i++) {
                        int kind = random.nextInt(3) < 2 ? random.nextInt(2) : random.nextInt(1_000);
                        CompletableFuture<Answered> call =
                                scene.start(Scene.request(String.valueOf(kind)), ChatRequestOptions.EMPTY);
                        if (random.nextInt(3) == 0) {
                            scene.cancel(); // whoever came last
                        }
                        Scene.await(call);
                    }
                }));
            }
            users.forEach(Thread::start);
            Awaitility.await("all users to have had their answers")
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> {
                        clock.advance(Duration.ofMillis(100));
                        return users.stream().noneMatch(Thread::isAlive);
                    });
            assertThat(scene.actions()).contains("rateLimit: waited");
        }
        long refilled = clock.nanoTime() / 1_000_000; // a token each millisecond
        assertThat(available(limit, way)).isEqualTo(refilled + minute - used.get());
    }

    /** What the text of a request says is to become of it: not sent, failed, or answered with so many tokens. */
    private static int kind(ChatRequest request) {
        return Integer.parseInt(((UserMessage) request.messages().get(0)).singleText());
    }

    // Bad input

    @Test
    void a_clock_that_stands_for_years_fills_a_minute_at_most() {
        RateLimit limit = tokens(1_000, new Fixed());
        try (Scene scene = scene(Way.CHAT, using(200, 0), limit)) {
            scene.ask("Hi").text();
            clock.advance(Duration.ofDays(365 * 100));
            assertThat(available(limit, Way.CHAT)).isEqualTo(1_000);
            assertThat(scene.ask("Hi").text()).isEqualTo("yes");
        }
    }

    @Test
    void the_highest_rates_work() {
        RateLimit limit = RateLimit.builder()
                .requestsPerMinute(1_000_000_000)
                .tokensPerMinute(1_000_000_000)
                .longestWait(Duration.ofSeconds(Long.MAX_VALUE))
                .build();
        try (Scene scene = scene(Way.CHAT, using(Integer.MAX_VALUE, 0), limit)) {
            assertThat(scene.ask("Hi").text()).isEqualTo("yes");
            assertThat(available(limit, Way.CHAT)).isEqualTo(1_000_000_000L - Integer.MAX_VALUE);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 1_000_000_001, Long.MAX_VALUE, Long.MIN_VALUE})
    void a_rate_that_makes_no_sense_is_refused(long perMinute) {
        assertThatThrownBy(() -> RateLimit.requestsPerMinute(perMinute))
                .hasMessage("the requests a minute must be from 1 to 1,000,000,000, but are " + perMinute);
        assertThatThrownBy(() -> RateLimit.tokensPerMinute(perMinute))
                .hasMessage("the tokens a minute must be from 1 to 1,000,000,000, but are " + perMinute);
    }

    @Test
    void other_settings_that_make_no_sense_are_refused() {
        assertThatThrownBy(() -> RateLimit.builder().longestWait(Duration.ofSeconds(-1)))
                .hasMessage("the longest wait must be positive, but is PT-1S");
        assertThatThrownBy(() -> RateLimit.builder().build())
                .hasMessage("a rate limit that bounds nothing does nothing; set requestsPerMinute or tokensPerMinute");
    }
}
