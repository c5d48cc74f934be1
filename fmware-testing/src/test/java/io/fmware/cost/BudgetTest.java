package io.fmware.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.output.TokenUsage;
import io.fmware.BudgetExceededException;
import io.fmware.CallOptions;
import io.fmware.DeadlineExceededException;
import io.fmware.FmCall;
import io.fmware.FmChatModel;
import io.fmware.FmPipeline;
import io.fmware.FmReply;
import io.fmware.FmRun;
import io.fmware.Interceptor;
import io.fmware.OverloadedException;
import io.fmware.Phase;
import io.fmware.RejectedException;
import io.fmware.retry.Answered;
import io.fmware.retry.Replies;
import io.fmware.retry.Reprompting;
import io.fmware.retry.Scene;
import io.fmware.retry.Way;
import io.fmware.route.Candidate;
import io.fmware.route.Routing;
import io.fmware.testing.ManualClock;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedEmbeddingModel;
import io.fmware.testing.ScriptedStreamingChatModel;
import java.math.BigDecimal;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class BudgetTest {
    private final ManualClock clock = ManualClock.create();

    /** Every call takes 100 tokens in, and out what it is allowed or 50. */
    private static final TokenEstimator FIXED = new TokenEstimator() {
        @Override
        public long input(FmCall call) {
            return 100;
        }

        @Override
        public long output(FmCall call) {
            Integer most = call.operation() == io.fmware.Operation.CHAT
                    ? call.effectiveRequest().maxOutputTokens()
                    : Integer.valueOf(0);
            return most == null ? 50 : most;
        }
    };

    private static Budget.Builder tokens(long limit) {
        return Budget.ofTokens(limit).estimator(FIXED);
    }

    /** gpt-4o: 100 tokens in and 50 out are $0.00075. */
    private static Budget.Builder dollars(String limit) {
        return Budget.of(Money.usd(limit)).estimator(FIXED);
    }

    private static Reply reply(int in, int out) {
        return Reply.builder().text("yes").usage(in, out).build();
    }

    private Scene scene(Way way, Script script, Interceptor... interceptors) {
        return scene(way, "gpt-4o", script, interceptors);
    }

    private Scene scene(Way way, String model, Script script, Interceptor... interceptors) {
        ChatRequestParameters defaults =
                ChatRequestParameters.builder().modelName(model).build();
        return Scene.of(
                way,
                ScriptedChatModel.builder()
                        .script(script)
                        .timeSource(clock)
                        .provider(ModelProvider.OPEN_AI)
                        .defaultRequestParameters(defaults)
                        .build(),
                ScriptedStreamingChatModel.builder()
                        .script(script)
                        .timeSource(clock)
                        .provider(ModelProvider.OPEN_AI)
                        .defaultRequestParameters(defaults)
                        .build(),
                builder -> {
                    for (Interceptor each : interceptors) {
                        builder.with(each);
                    }
                    return builder.time(clock);
                });
    }

    private void assertBalance(Budget budget, long spent, long reserved) {
        Balance balance = budget.balance("", clock.instant());
        assertThat(balance.spent()).isEqualByComparingTo(BigDecimal.valueOf(spent));
        assertThat(balance.reserved()).isEqualByComparingTo(BigDecimal.valueOf(reserved));
    }

    private static String refusal(Answered answered) {
        return answered.failure(BudgetExceededException.class).getMessage();
    }

    // Reserving and settling

    @ParameterizedTest
    @EnumSource
    void what_a_call_took_is_spent_and_the_rest_given_back(Way way) {
        Budget budget = tokens(1_000).build();
        try (Scene scene = scene(way, Script.of(reply(80, 20)), budget)) {
            assertThat(scene.ask("Hi").text()).isEqualTo("yes");
        }
        assertBalance(budget, 100, 0);
        assertThat(budget.balance()).hasToString("Balance[900 left of 1000, 100 spent, 0 reserved]");
    }

    @ParameterizedTest
    @EnumSource
    void a_call_that_may_take_more_than_is_left_is_refused_before_it_is_sent(Way way) {
        Budget budget = tokens(200).build();
        try (Scene scene = scene(way, Script.of(reply(80, 20)), budget)) {
            scene.ask("Hi");

            assertThat(refusal(scene.ask("Hi again")))
                    .isEqualTo("interceptor 'budget' has 100 tokens left of the budget of 200 tokens (100 tokens spent,"
                            + " 0 tokens reserved by calls under way), but this call to OPEN_AI gpt-4o may take 150 tokens"
                            + " (100 tokens in, 50 out, at most); allow less output with maxOutputTokens or Budget's"
                            + " clampOutput(), or allow more");
            assertThat(scene.requests()).hasSize(1);
            assertThat(scene.actions()).containsExactly("budget: refused");
        }
        assertBalance(budget, 100, 0);
    }

    @ParameterizedTest
    @EnumSource
    void a_call_that_just_fits_is_sent_and_one_token_less_is_too_little(Way way) {
        for (long limit : new long[] {149, 150}) {
            Budget budget = tokens(limit).build();
            try (Scene scene = scene(way, Script.of(reply(100, 50)), budget)) {
                assertThat(scene.ask("Hi").error() == null).isEqualTo(limit == 150);
            }
            assertBalance(budget, limit == 150 ? 150 : 0, 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void money_is_reckoned_at_the_price_of_the_model(Way way) {
        Budget budget = dollars("0.00075").build();
        try (Scene scene = scene(way, Script.of(reply(100, 10)), budget)) {
            assertThat(scene.ask("Hi").text()).isEqualTo("yes");
            assertThat(refusal(scene.ask("Hi")))
                    .isEqualTo("interceptor 'budget' has $0.0004 left of the budget of $0.00075 ($0.00035 spent, $0.00"
                            + " reserved by calls under way), but this call to OPEN_AI gpt-4o may take $0.00075 (100 tokens"
                            + " in, 50 out, at most); allow less output with maxOutputTokens or Budget's clampOutput(), or"
                            + " allow more");
        }
        assertThat(budget.balance().spent()).isEqualByComparingTo("0.00035");
    }

    @ParameterizedTest
    @EnumSource
    void a_model_without_a_price_is_refused_with_the_line_to_add(Way way) {
        Budget budget = dollars("100").build();
        try (Scene scene = scene(way, "gpt-4o-secret", Script.of(), budget)) {
            assertThat(refusal(scene.ask("Hi")))
                    .isEqualTo(
                            "interceptor 'budget' knows no price of OPEN_AI gpt-4o-secret, so that what the call costs"
                                    + " cannot be bounded; add one, prices(PriceTable.standard().toBuilder().add(\"OPEN_AI\","
                                    + " \"gpt-4o-secret\", Price.perMillion(\"<input>\", \"<output>\")).build()), or say what to"
                                    + " reckon with: whenPriceUnknown(..)");
            assertThat(scene.requests()).isEmpty();
        }
        try (Scene scene = Scene.of(way, Script.of(), budget)) {
            assertThat(refusal(scene.ask("Hi")))
                    .endsWith(
                            "; let the model say its name, or say what to reckon with: Budget's whenPriceUnknown(..)");
        }
    }

    @ParameterizedTest
    @EnumSource
    void one_may_say_what_to_reckon_with_where_there_is_no_price(Way way) {
        Budget budget =
                dollars("1").whenPriceUnknown(Price.perMillion("1000", "1000")).build();
        try (Scene scene = scene(way, "gpt-4o-secret", Script.always(reply(100, 10)), budget)) {
            assertThat(scene.ask("Hi").text()).isEqualTo("yes");
        }
        assertThat(budget.balance().spent()).isEqualByComparingTo("0.11");
        Budget free = dollars("0").whenPriceUnknown(Price.free()).build();
        try (Scene scene = scene(way, "gpt-4o-secret", Script.always(reply(100, 10)), free)) {
            assertThat(scene.ask("Hi").text()).isEqualTo("yes");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_budget_of_nothing_refuses_whatever_costs_anything(Way way) {
        Budget budget = dollars("0").build();
        try (Scene scene = scene(way, Script.of(), budget)) {
            assertThat(refusal(scene.ask("Hi")))
                    .startsWith("interceptor 'budget' has $0.00 left of the budget of $0.00 (");
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_answer_without_usage_is_charged_what_was_reserved(Way way) {
        Budget budget = tokens(1_000).build();
        try (Scene scene = scene(way, Script.of(Reply.text("yes")), budget)) {
            scene.ask("Hi");
        }
        assertBalance(budget, 150, 0);
    }

    @ParameterizedTest
    @EnumSource
    void more_than_was_reserved_is_spent_and_counted_as_overdrawn(Way way) {
        Budget budget = tokens(160).build();
        try (Scene scene = scene(way, Script.of(reply(300, 20)), budget)) {
            assertThat(scene.ask("Hi").text()).isEqualTo("yes");
            assertThat(scene.actions()).containsExactly("budget: overdrawn");
            assertThat(refusal(scene.ask("Hi"))).contains("has 0 tokens left");
        }
        assertBalance(budget, 320, 0);
        assertThat(budget.balance().overdrawn()).isEqualByComparingTo("160");
        assertThat(budget.balance().left()).isEqualByComparingTo("0");
    }

    // What fails

    @ParameterizedTest
    @EnumSource
    void what_was_never_sent_or_was_refused_is_given_back(Way way) {
        for (RuntimeException refused : new RuntimeException[] {
            new RateLimitException("slow down"),
            new AuthenticationException("wrong key"),
            new InvalidRequestException("no such parameter"),
            new InternalServerException("down"),
            new HttpException(503, "down"),
            new OverloadedException("no thread is free to ask the model", null),
            new RuntimeException(new ConnectException("refused"))
        }) {
            Budget budget = tokens(1_000).build();
            try (Scene scene = scene(way, Script.of(Reply.error(refused)), budget)) {
                assertThat(scene.ask("Hi").error()).isNotNull();
            }
            assertBalance(budget, 0, 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_the_provider_may_have_worked_on_is_charged(Way way) {
        for (RuntimeException billed : new RuntimeException[] {
            new IllegalStateException("broken"),
            new ContentFilteredException("filtered"),
            new HttpException(504, "gateway timeout"),
            new HttpException(408, "timeout")
        }) {
            Budget budget = tokens(1_000).build();
            try (Scene scene = scene(way, Script.of(Reply.error(billed)), budget)) {
                assertThat(scene.ask("Hi").error()).isNotNull();
            }
            assertBalance(budget, 150, 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_stream_that_breaks_off_is_charged(Way way) {
        Budget budget = tokens(1_000).build();
        Reply broken = Reply.builder()
                .chunks("a", "b", "c")
                .failAfter(2, new IllegalStateException("cut"))
                .build();
        try (Scene scene = scene(way, Script.of(broken), budget)) {
            assertThat(scene.ask("Hi").error()).isNotNull();
        }
        assertBalance(budget, 150, 0);
    }

    @ParameterizedTest
    @EnumSource(names = {"ASYNC", "STREAM"})
    void a_call_that_is_cancelled_is_charged_and_nothing_stays_reserved(Way way) {
        Budget budget = tokens(1_000).build();
        try (Scene scene = scene(way, Script.of(Reply.never()), budget)) {
            CompletableFuture<Answered> asked = scene.start(Scene.request("Hi"), ChatRequestOptions.EMPTY);
            scene.awaitRequests(1);
            assertBalance(budget, 0, 150);
            scene.cancel();
            asked.exceptionally(e -> null).join();
        }
        assertBalance(budget, 150, 0);
    }

    @ParameterizedTest
    @EnumSource
    void a_call_that_ran_out_of_time_is_charged(Way way) {
        Budget budget = tokens(1_000).build();
        try (Scene scene = scene(way, Script.of(Reply.never()), budget)) {
            CompletableFuture<Answered> asked =
                    scene.start(Scene.request("Hi"), CallOptions.deadline(Duration.ofSeconds(5)));
            scene.awaitRequests(1);
            clock.awaitTimers(1);
            clock.advance(Duration.ofSeconds(5));
            assertThat(Scene.await(asked).error()).isInstanceOf(DeadlineExceededException.class);
        }
        assertBalance(budget, 150, 0);
    }

    @ParameterizedTest
    @EnumSource
    void a_call_that_a_second_budget_refuses_costs_the_first_nothing(Way way) {
        Budget wide = tokens(1_000).named("wide").build();
        Budget narrow = tokens(10).named("narrow").build();
        try (Scene scene = scene(way, Script.of(), wide, narrow)) {
            assertThat(refusal(scene.ask("Hi"))).startsWith("interceptor 'narrow' has 10 tokens left");
        }
        assertBalance(wide, 0, 0);
        assertBalance(narrow, 0, 0);
    }

    @ParameterizedTest
    @EnumSource
    void a_call_that_never_reaches_the_model_takes_nothing(Way way) {
        Budget budget = tokens(1_000).build();
        Interceptor slow = Interceptor.of("slow", Phase.ADMIT, (call, next) -> {
            clock.advance(Duration.ofSeconds(9));
            return next.proceed(call);
        });
        try (Scene scene = scene(way, Script.of(), slow, budget)) {
            Answered answered = scene.ask(Scene.request("Hi"), CallOptions.deadline(Duration.ofSeconds(5)));
            assertThat(answered.error()).isInstanceOf(DeadlineExceededException.class);
        }
        assertBalance(budget, 0, 0);
    }

    // Pipelines within pipelines

    @Test
    void what_a_guard_of_a_wrapped_model_rejects_was_asked_and_is_charged() {
        Budget budget = tokens(1_000).build();
        Interceptor guard = Interceptor.of("guard", Phase.VALIDATE, (call, next) -> {
            next.proceed(call);
            throw new RejectedException("guard", "planted");
        });
        try (FmPipeline inner = FmPipeline.builder().with(guard).build();
                FmPipeline outer = FmPipeline.builder().with(budget).build()) {
            ChatModel model = outer.wrap(inner.wrap(ScriptedChatModel.of(Script.of(reply(80, 20)))));
            assertThatThrownBy(() -> model.chat("Hi")).isInstanceOf(RejectedException.class);
        }
        assertBalance(budget, 150, 0);
    }

    @Test
    void no_capacity_after_a_first_attempt_is_charged_and_before_one_is_not() {
        Interceptor full = Interceptor.of("full", Phase.RETRY, (call, next) -> {
            if (call.request().toString().contains("ask first")) {
                next.proceed(call);
            }
            throw new OverloadedException("full", null);
        });
        Budget budget = tokens(1_000).build();
        try (FmPipeline inner = FmPipeline.builder().with(full).build();
                FmPipeline outer = FmPipeline.builder().with(budget).build()) {
            ChatModel model = outer.wrap(inner.wrap(ScriptedChatModel.of(Script.of(reply(80, 20)))));
            assertThatThrownBy(() -> model.chat("Hi")).isInstanceOf(OverloadedException.class);
            assertBalance(budget, 0, 0);
            assertThatThrownBy(() -> model.chat("ask first")).isInstanceOf(OverloadedException.class);
            assertBalance(budget, 150, 0);
        }
    }

    @Test
    void an_answer_from_the_cache_of_a_wrapped_model_costs_nothing() {
        Budget budget = tokens(1_000).build();
        Interceptor cache = Interceptor.of(
                "cache", Phase.CACHE, (call, next) -> FmReply.of(reply(7, 7).response(), FmReply.Source.CACHE));
        try (FmPipeline inner = FmPipeline.builder().with(cache).build();
                FmPipeline outer = FmPipeline.builder().with(budget).build()) {
            outer.wrap(inner.wrap(ScriptedChatModel.of(Script.of()))).chat("Hi");
        }
        assertBalance(budget, 0, 0);
    }

    @ParameterizedTest
    @EnumSource
    void a_call_that_dies_in_a_queue_below_costs_nothing(Way way) {
        Budget budget = tokens(1_000).build();
        Interceptor queue = Interceptor.of("queue", Phase.LIMIT, (call, next) -> {
            call.pause(Duration.ofSeconds(9));
            return next.proceed(call);
        });
        try (Scene scene = scene(way, Script.of(), budget, queue)) {
            Answered answered = scene.ask(Scene.request("Hi"), CallOptions.deadline(Duration.ofSeconds(5)));
            assertThat(answered.error()).isInstanceOf(DeadlineExceededException.class);
        }
        assertBalance(budget, 0, 0);
    }

    @Test
    void one_budget_in_two_pipelines_one_around_the_other_charges_each_attempt_once() {
        Budget budget = tokens(270).build(); // two attempts of 150 do not fit at once
        Reply down = Reply.error(new RateLimitException("slow down"));
        try (FmPipeline inner = FmPipeline.builder().with(budget).build();
                FmPipeline outer = FmPipeline.builder().with(budget).build()) {
            outer.wrap(inner.wrap(ScriptedChatModel.of(Script.of(reply(80, 20)))))
                    .chat("Hi");
            assertBalance(budget, 100, 0);
            ChatModel refused = outer.wrap(inner.wrap(ScriptedChatModel.of(Script.of(down))));
            assertThatThrownBy(() -> refused.chat("Hi")).isInstanceOf(RateLimitException.class);
            assertBalance(budget, 100, 0);
        }
    }

    @Test
    void attempts_in_the_inner_pipeline_are_each_reserved_and_charged_once() {
        Budget budget = tokens(1_000).build();
        Interceptor twice = Interceptor.of("twice", Phase.RETRY, (call, next) -> {
            next.proceed(call);
            return next.proceed(call);
        });
        try (FmPipeline inner = FmPipeline.builder().with(twice).with(budget).build();
                FmPipeline outer = FmPipeline.builder().with(budget).build()) {
            outer.wrap(inner.wrap(ScriptedChatModel.of(Script.of(reply(80, 20), reply(30, 10)))))
                    .chat("Hi");
        }
        assertBalance(budget, 140, 0);
    }

    @Test
    void what_the_inner_pipeline_adds_to_a_request_is_reserved_too() {
        Budget budget =
                Budget.ofTokens(3_000).estimator(TokenEstimator.learning(10)).build();
        Interceptor adding = Interceptor.of(
                "adding",
                Phase.RETRY,
                (call, next) -> next.proceed(call.withRequest(ChatRequest.builder()
                        .messages(UserMessage.from("words ".repeat(8_000)))
                        .build())));
        try (FmPipeline inner = FmPipeline.builder().with(adding).with(budget).build();
                FmPipeline outer = FmPipeline.builder().with(budget).build()) {
            ScriptedChatModel model = ScriptedChatModel.of(Script.of(reply(8_000, 1)));
            ChatModel wrapped = outer.wrap(inner.wrap(model));
            assertThatThrownBy(() -> wrapped.chat("Hi")).isInstanceOf(BudgetExceededException.class);
            assertThat(model.requests()).isEmpty();
        }
        assertBalance(budget, 0, 0);
    }

    @Test
    void what_the_inner_pipeline_adds_is_charged_once_where_there_is_room() {
        Budget budget =
                Budget.ofTokens(300_000).estimator(TokenEstimator.learning(10)).build();
        Interceptor adding = Interceptor.of(
                "adding",
                Phase.RETRY,
                (call, next) -> next.proceed(call.withRequest(ChatRequest.builder()
                        .messages(UserMessage.from("words ".repeat(8_000)))
                        .build())));
        try (FmPipeline inner = FmPipeline.builder().with(adding).with(budget).build();
                FmPipeline outer = FmPipeline.builder().with(budget).build()) {
            outer.wrap(inner.wrap(ScriptedChatModel.of(Script.of(reply(8_000, 1)))))
                    .chat("Hi");
        }
        assertBalance(budget, 8_001, 0);
    }

    /** As langchain4j's client of Gemini reports it. */
    public static final class WithThoughts extends TokenUsage {
        WithThoughts() {
            super(1_000, 200, 6_200);
        }

        public Integer thoughtsTokenCount() {
            return 5_000;
        }
    }

    @Test
    void thoughts_that_are_reported_beside_the_answer_are_charged() {
        assertThat(Usage.of(new WithThoughts())).isEqualTo(new Usage(1_000, 0, 0, 5_200));
        assertThat(Price.perMillion("1.25", "10").cost(new WithThoughts())).contains(Money.usd("0.05325"));
    }

    @Test
    void a_look_through_all_runs_is_taken_now_and_then_where_none_has_ended() {
        Accounts accounts = new Accounts(100, 2_000);
        List<FmRun> open = new ArrayList<>();
        for (int i = 0; i < 2_300; i++) {
            FmRun run = FmRun.builder("run").open();
            open.add(run);
            accounts.reserve(run, true, 0, 1, 1);
        }
        assertThat(accounts.size()).isEqualTo(2_001);
        open.forEach(FmRun::close);
        for (int i = 0; i < 256; i++) {
            try (FmRun run = FmRun.builder("run").open()) {
                accounts.reserve(run, true, 0, 1, 1);
            }
        }
        assertThat(accounts.size()).isLessThanOrEqualTo(257);
    }

    // Estimators of users

    /** Throws or notes when it is to learn. */
    private static final class Learner implements TokenEstimator {
        private final List<TokenUsage> learned = new ArrayList<>();
        private boolean throwing;
        private long input = 100;

        @Override
        public long input(FmCall call) {
            return input;
        }

        @Override
        public long output(FmCall call) {
            return 50;
        }

        @Override
        public void learn(FmCall call, TokenUsage reported) {
            if (throwing) {
                throw new IllegalStateException("planted");
            }
            learned.add(reported);
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_estimator_that_throws_on_learning_fails_no_answer(Way way) {
        Learner learner = new Learner();
        learner.throwing = true;
        Budget budget = Budget.ofTokens(1_000).estimator(learner).build();
        Routing routing = Routing.builder()
                .candidate(Candidate.wrapped("one"))
                .estimator(learner)
                .build();
        try (Scene scene = scene(way, Script.of(reply(80, 20)), routing, budget)) {
            assertThat(scene.ask("Hi").text()).isEqualTo("yes");
        }
        assertBalance(budget, 100, 0);
    }

    @Test
    void sums_of_several_attempts_and_answers_of_caches_teach_nothing() {
        Learner learner = new Learner();
        Budget budget = Budget.ofTokens(1_000).estimator(learner).build();
        Reprompting reprompting = Reprompting.upTo(2).until(Replies.beOneOf(List.of("yes")));
        Interceptor cache = Interceptor.of(
                "cache", Phase.CACHE, (call, next) -> FmReply.of(reply(7, 7).response(), FmReply.Source.CACHE));
        Reply no = Reply.builder().text("no").usage(80, 20).build();
        try (FmPipeline inner = FmPipeline.builder().with(reprompting).build();
                FmPipeline cached = FmPipeline.builder().with(cache).build();
                FmPipeline outer = FmPipeline.builder().with(budget).build()) {
            outer.wrap(inner.wrap(ScriptedChatModel.of(Script.of(no, reply(90, 10)))))
                    .chat("Hi");
            outer.wrap(cached.wrap(ScriptedChatModel.of(Script.of()))).chat("Hi");
            assertThat(learner.learned).isEmpty();
            outer.wrap(inner.wrap(ScriptedChatModel.of(Script.of(reply(60, 10)))))
                    .chat("Hi");
            assertThat(learner.learned).containsExactly(new TokenUsage(60, 10));
        }
    }

    // Clamping

    @ParameterizedTest
    @EnumSource
    void the_output_is_cut_to_what_is_left(Way way) {
        Budget budget = tokens(230).clampOutput().build();
        try (Scene scene = scene(way, Script.of(reply(90, 10), reply(100, 30)), budget)) {
            scene.ask("Hi");
            assertThat(scene.ask("Hi").text()).isEqualTo("yes");
            assertThat(scene.requests().get(0).maxOutputTokens()).isEqualTo(50);
            assertThat(scene.requests().get(1).maxOutputTokens()).isEqualTo(30);
            assertThat(scene.requests().get(1).modelName()).isEqualTo("gpt-4o");
            assertThat(refusal(scene.ask("Hi"))).contains("has 0 tokens left");
            assertThat(scene.actions()).containsExactly("budget: clamped", "budget: refused");
        }
        assertBalance(budget, 230, 0);
    }

    @ParameterizedTest
    @EnumSource
    void an_answer_that_nobody_bounds_is_bounded_by_what_is_reserved(Way way) {
        Budget learning = Budget.ofTokens(1_000_000)
                .estimator(TokenEstimator.learning())
                .clampOutput()
                .build();
        try (Scene scene = scene(way, Script.always(reply(5, 5)), learning)) {
            for (int i = 0; i < 30; i++) {
                scene.ask("Hi").text();
            }
            assertThat(scene.requests())
                    .allSatisfy(each -> assertThat(each.maxOutputTokens()).isEqualTo(4_096));
            assertThat(scene.actions()).isEmpty();
            ChatRequest own = Scene.request("Hi").toBuilder()
                    .parameters(
                            ChatRequestParameters.builder().maxOutputTokens(9).build())
                    .build();
            scene.ask(own, ChatRequestOptions.EMPTY).text();
            assertThat(scene.requests().get(30).maxOutputTokens()).isEqualTo(9);
        }
        Budget money = Budget.of(Money.usd("100"))
                .whenPriceUnknown(Price.perMillion("1", "1").withLimits(8_000, 2_000))
                .estimator(TokenEstimator.learning())
                .clampOutput()
                .build();
        try (Scene scene = scene(way, "gpt-4o-secret", Script.of(reply(5, 5)), money)) {
            scene.ask("Hi").text();
            assertThat(scene.requests().get(0).maxOutputTokens()).isEqualTo(2_000);
        }
    }

    /** Parameters that cannot be changed. */
    private static final class Stubborn extends DefaultChatRequestParameters {
        Stubborn() {
            super(DefaultChatRequestParameters.builder());
        }

        @Override
        public ChatRequestParameters overrideWith(ChatRequestParameters other) {
            throw new IllegalStateException("stubborn");
        }
    }

    @Test
    void where_a_request_cannot_be_clamped_nothing_stays_reserved() {
        Budget budget = tokens(10_000).clampOutput().build();
        ChatRequest request = ChatRequest.builder()
                .messages(UserMessage.from("Hi"))
                .parameters(new Stubborn())
                .build();
        FmPipeline.Builder pipeline = FmPipeline.builder().time(clock).with(budget);
        try (FmPipeline own = pipeline.build()) {
            FmChatModel model = own.wrap(ScriptedChatModel.of(reply(1, 1)));
            assertThatThrownBy(() -> model.chat(request)).hasMessage("stubborn");
        }
        assertBalance(budget, 0, 0);
    }

    @Test
    void estimates_that_cannot_be_neither_refuse_nor_give_anything() {
        Learner learner = new Learner();
        learner.input = -1_000;
        Budget budget = Budget.ofTokens(100).estimator(learner).build();
        try (FmPipeline pipeline = FmPipeline.builder().with(budget).build()) {
            pipeline.wrap(ScriptedChatModel.of(Script.of(Reply.text("without usage"))))
                    .chat("Hi");
        }
        assertBalance(budget, 50, 0);
    }

    @Test
    void where_the_most_of_the_input_passes_a_step_of_the_price_the_dearer_one_is_reserved() {
        Price steps = Price.perMillion("1", "2").above(99, Price.perMillion("10", "20"));
        Learner learner = new Learner();
        Budget budget = Budget.of(Money.usd("0.0015"))
                .whenPriceUnknown(steps)
                .estimator(learner)
                .build();
        try (FmPipeline pipeline = FmPipeline.builder().with(budget).build()) {
            ChatModel model = pipeline.wrap(ScriptedChatModel.of(Script.of(reply(90, 50))));
            assertThatThrownBy(() -> model.chat("Hi")).hasMessageContaining("may take $0.002 (100 tokens in, 50 out");
            learner.input = 99;
            model.chat("Hi");
        }
        assertThat(budget.balance().spent()).isEqualByComparingTo("0.00019");
    }

    @ParameterizedTest
    @EnumSource
    void money_clamps_by_the_price_of_output(Way way) {
        Budget budget = dollars("0.0003").clampOutput().build();
        try (Scene scene = scene(way, Script.of(reply(100, 5)), budget)) {
            ChatRequest request = Scene.request("Hi").toBuilder()
                    .parameters(ChatRequestParameters.builder()
                            .maxOutputTokens(1_000)
                            .build())
                    .build();
            assertThat(scene.ask(request, ChatRequestOptions.EMPTY).text()).isEqualTo("yes");
            assertThat(scene.requests().get(0).maxOutputTokens()).isEqualTo(5);
        }
        assertThat(budget.balance().left()).isEqualByComparingTo("0");
    }

    // Whose, and when

    @ParameterizedTest
    @EnumSource(names = {"ASYNC", "STREAM"}) // a scene blocks a thread of its own, which is in no run
    void tenants_have_budgets_of_their_own(Way way) {
        Budget budget = tokens(200).perTenant().build();
        try (Scene scene = scene(way, Script.always(reply(100, 0)), budget)) {
            for (String tenant : new String[] {"acme", "other"}) {
                try (FmRun run = FmRun.builder("claim").tenant(tenant).open()) {
                    assertThat(scene.ask("Hi").error()).isNull();
                    assertThat(refusal(scene.ask("Hi")))
                            .contains("of the budget of 200 tokens of tenant '" + tenant + "' (100 tokens spent");
                    assertThat(run.findAttribute("tenant")).isEqualTo(tenant);
                }
            }
            assertThat(scene.ask("Hi").error()).isNull();
            assertThat(refusal(scene.ask("Hi"))).contains("of 200 tokens without a tenant (");
        }
        assertThat(budget.balance("acme", clock.instant()).spent()).isEqualByComparingTo("100");
    }

    @ParameterizedTest
    @EnumSource(names = {"ASYNC", "STREAM"}) // a scene blocks a thread of its own, which is in no run
    void runs_have_budgets_of_their_own_which_runs_within_them_share(Way way) {
        Budget budget = tokens(200).perRun().build();
        try (Scene scene = scene(way, Script.always(reply(100, 0)), budget)) {
            for (int i = 0; i < 2; i++) {
                try (FmRun run = FmRun.builder("claim").open()) {
                    assertThat(scene.ask("Hi").error()).isNull();
                    try (FmRun inner = FmRun.builder("inner").open()) {
                        assertThat(refusal(scene.ask("Hi"))).contains("of 200 tokens in run claim (100 tokens spent");
                        assertThat(inner.outer()).isSameAs(run);
                    }
                    assertThat(budget.balance(run).spent()).isEqualByComparingTo("100");
                }
            }
            assertThat(scene.ask("outside of any run").error()).isNull();
            assertThat(scene.ask("outside of any run").error()).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ASYNC", "STREAM"}) // a scene blocks a thread of its own, which is in no run
    void a_budget_begins_anew_at_the_next_full_hour(Way way) {
        clock.advance(Duration.ofMinutes(59));
        Budget budget = tokens(200).perHour().perFeature().build();
        try (Scene scene = scene(way, Script.always(reply(100, 0)), budget);
                FmRun run = FmRun.builder("claim").feature("chat").open()) {
            assertThat(scene.ask("Hi").error()).isNull();
            assertThat(refusal(scene.ask("Hi")))
                    .isEqualTo(
                            "interceptor 'budget' has 100 tokens left of the budget of 200 tokens of feature 'chat' in"
                                    + " each hour (100 tokens spent, 0 tokens reserved by calls under way), but this call to OPEN_AI"
                                    + " gpt-4o may take 150 tokens (100 tokens in, 50 out, at most); allow less output with"
                                    + " maxOutputTokens or Budget's clampOutput(), wait for the next period, which begins at"
                                    + " 2026-01-01T01:00:00Z, or allow more");
            clock.advance(Duration.ofMinutes(1));
            assertThat(scene.ask("Hi").error()).isNull();
            assertThat(run.hasEnded()).isFalse();
        }
        assertThat(budget.balance("chat", clock.instant()).spent()).isEqualByComparingTo("100");
        assertThat(budget.balance("chat", clock.instant().plus(Duration.ofHours(1)))
                        .spent())
                .isEqualByComparingTo("0");
    }

    @Test
    void a_clock_that_jumped_ahead_and_came_back_neither_gives_anew_nor_blocks_beyond_the_period() {
        Accounts accounts = new Accounts(100, 1);
        Accounts.Reservation first = accounts.reserve("a", false, 5_000, 80, 80).granted();
        accounts.settle(first, 80);

        Accounts.Answer back = accounts.reserve("a", false, 10, 30, 30);
        assertThat(back.granted()).isNull();
        assertThat(back.spent()).isEqualTo(80);
        assertThat(back.period()).isEqualTo(10);
        assertThat(accounts.reserve("a", false, 11, 30, 30).granted()).isNotNull();
    }

    @Test
    void a_clock_that_went_back_a_little_is_told_when_the_period_really_ends() {
        Budget budget = tokens(200).perHour().build();
        clock.advance(Duration.ofHours(1));
        ManualClock behind = ManualClock.startingAt(clock.instant().minusSeconds(1));
        try (Scene scene = scene(Way.CHAT, Script.always(reply(100, 0)), budget);
                FmPipeline late = FmPipeline.builder().time(behind).with(budget).build()) {
            scene.ask("Hi").text();
            FmChatModel model = late.wrap(ScriptedChatModel.builder()
                    .script(Script.always(reply(100, 0)))
                    .build());
            assertThatThrownBy(() -> model.chat("Hi"))
                    .isInstanceOf(BudgetExceededException.class)
                    .hasMessageContaining(" wait for the next period, which begins at 2026-01-01T02:00:00Z, or ");
        }
    }

    /** Usage is learned from once, however many tell of it, so that each reply needs its own. */
    private static Script replies(int count, int in, int out) {
        return Script.of(Stream.generate(() -> reply(in, out)).limit(count).toArray(Reply[]::new));
    }

    @Test
    void wrong_reports_lock_no_model_out_for_good() {
        TokenEstimator learning = TokenEstimator.learning(10);
        Budget lavish = Budget.ofTokens(Long.MAX_VALUE).estimator(learning).build();
        Budget tight = Budget.ofTokens(10_000).estimator(learning).build();
        try (Scene scene = scene(Way.CHAT, replies(20, 2, 900_000), lavish)) {
            for (int i = 0; i < 20; i++) {
                scene.ask("Hi").text();
            }
        }
        try (Scene scene = scene(Way.CHAT, replies(1, 2, 3), tight)) {
            for (int i = 0; i < 100; i++) {
                assertThat(refusal(scene.ask("Hi"))).contains("900000 out");
            }
            scene.ask("Hi").text();
        }
    }

    @Test
    void a_budget_that_is_used_up_is_no_reason_to_forget_what_was_learned() {
        TokenEstimator learning = TokenEstimator.learning(1);
        Budget tight = Budget.ofTokens(1_000).estimator(learning).build();
        try (Scene scene = scene(Way.CHAT, replies(20, 10, 40), tight)) {
            for (int i = 0; i < 20; i++) {
                scene.ask("Hi").text();
            }
            for (int i = 0; i < 200; i++) {
                assertThat(refusal(scene.ask("Hi"))).contains(", 40 out, at most)");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void embeddings_are_bounded(Way way) {
        Budget budget = tokens(150).build();
        var model = ScriptedEmbeddingModel.builder()
                .script(Script.always(
                        Reply.builder().vectors(new float[] {1}).usage(90, 0).build()))
                .build();
        try (FmPipeline pipeline = FmPipeline.builder().with(budget).build()) {
            pipeline.wrap(model).embed("text");
            assertThatThrownBy(() -> pipeline.wrap(model).embed("text"))
                    .isExactlyInstanceOf(BudgetExceededException.class)
                    .hasMessageContaining("may take 100 tokens (100 tokens in, 0 out, at most)");
        }
        assertThat(budget.balance().spent()).isEqualByComparingTo("90");
        assertThat(way).isNotNull();
    }

    @ParameterizedTest
    @EnumSource
    void a_replay_is_not_bounded(Way way) {
        Interceptor replay = Interceptor.of("replay", Phase.ADMIT, (call, next) -> next.proceed(call.replayed()));
        Budget budget = tokens(0).build();
        try (Scene scene = scene(way, Script.of(reply(1, 1)), replay, budget)) {
            assertThat(scene.ask("Hi").text()).isEqualTo("yes");
        }
    }

    // Bounds of memory

    @Test
    void keys_are_bounded_old_ones_forgotten_and_further_ones_share_an_account() {
        Accounts accounts = new Accounts(100, 3);
        for (long period = 0; period < 10; period++) {
            for (int key = 0; key < 20; key++) {
                accounts.reserve("tenant " + key, false, period, 30, 30);
                assertThat(accounts.size()).isLessThanOrEqualTo(4);
            }
            assertThat(accounts.reserve("one more", false, period, 30, 30).granted())
                    .as("what the others took is not forgotten")
                    .isNull();
        }
    }

    @Test
    void calls_outside_of_runs_and_runs_that_have_ended_take_no_room() {
        Budget budget =
                Budget.ofTokens(300).perRun().mostKeys(50).estimator(FIXED).build();
        try (FmPipeline pipeline = FmPipeline.builder().with(budget).build()) {
            ChatModel model = pipeline.wrap(ScriptedChatModel.of(Script.always(reply(20, 10))));
            for (int i = 0; i < 2_000; i++) {
                model.chat("outside of any run");
            }
            for (int i = 0; i < 2_000; i++) {
                try (FmRun run = FmRun.builder("run").open()) {
                    model.chat("inside");
                    assertThat(budget.balance(run).spent()).isEqualByComparingTo("30");
                }
            }
        }
    }

    @Test
    void runs_that_have_ended_are_forgotten_before_there_is_no_room() {
        Accounts accounts = new Accounts(100, 10_000);
        for (int i = 0; i < 2_000; i++) {
            FmRun run = FmRun.builder("run").open();
            accounts.reserve(run, true, 0, 30, 30);
            run.close();
            assertThat(accounts.size()).isLessThanOrEqualTo(257);
        }
    }

    @Test
    void no_name_of_a_tenant_is_that_of_those_there_is_no_room_for() {
        Accounts accounts = new Accounts(100, 1);
        accounts.reserve("the others", false, 0, 90, 90);
        assertThat(accounts.reserve("acme", false, 0, 90, 90).granted()).isNotNull();
    }

    @Test
    void what_was_reserved_in_a_period_that_is_over_is_settled_there() {
        Accounts accounts = new Accounts(100, 1);
        Accounts.Reservation old = accounts.reserve("a", false, 1, 80, 80).granted();
        Accounts.Reservation fresh = accounts.reserve("a", false, 2, 80, 80).granted();
        accounts.settle(old, 90);

        assertThat(accounts.read("a", false, 2)).containsExactly(0, 80, 0);
        assertThat(accounts.reserve("a", false, 1, 30, 30).granted())
                .as("a clock that goes back opens no period again")
                .isNull();
        accounts.settle(fresh, 0);
        assertThat(accounts.read("a", false, 2)).containsExactly(0, 0, 0);
        assertThat(accounts.read("a", false, 3)).containsExactly(0, 0, 0);
    }

    @Test
    void what_cannot_be_is_refused_when_it_is_built() {
        assertThatThrownBy(() -> Budget.ofTokens(-1)).hasMessage("a budget of tokens must not be negative, but is -1");
        assertThatThrownBy(() -> Budget.of(Money.usd("-1")))
                .hasMessage("an amount of money must not be negative, but is -1");
        assertThatThrownBy(() -> tokens(1).per(Duration.ofMillis(1500)))
                .hasMessage("the period of a budget must be whole seconds, and 3,660 days at most, but is PT1.5S");
        assertThatThrownBy(() -> tokens(1).per(Duration.ofSeconds(-3)))
                .hasMessage("the period of a budget must be whole seconds, and 3,660 days at most, but is PT-3S");
        assertThatThrownBy(() -> tokens(1).per(Duration.ofSeconds(Long.MAX_VALUE)))
                .hasMessage("the period of a budget must be whole seconds, and 3,660 days at most, but is "
                        + Duration.ofSeconds(Long.MAX_VALUE));
        assertThatThrownBy(() -> tokens(1).mostKeys(0))
                .hasMessage("a budget must keep at least 1 key apart, but is to keep 0");
        assertThatThrownBy(() -> tokens(1).prices(PriceTable.standard()))
                .hasMessage("a budget of tokens needs no prices; leave prices(..) out");
        assertThatThrownBy(() -> tokens(1).whenPriceUnknown(Price.free()))
                .hasMessage("a budget of tokens needs no prices; leave whenPriceUnknown(..) out");
        assertThatThrownBy(() -> tokens(1).perRun().build().balance("a", Instant.EPOCH))
                .hasMessage("interceptor 'budget' has a budget for each run; ask with balance(run)");
        assertThat(dollars("5").perTenant().perDay().named("daily").build())
                .hasToString("Budget[daily, $5.00 for each tenant in each day]");
    }
}
