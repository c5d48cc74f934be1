package io.fmware.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;
import io.fmware.BoundaryInterceptor;
import io.fmware.BudgetExceededException;
import io.fmware.FmPipeline;
import io.fmware.FmReply;
import io.fmware.FmRun;
import io.fmware.ForkedCall;
import io.fmware.Interceptor;
import io.fmware.Logged;
import io.fmware.Phase;
import io.fmware.Target;
import io.fmware.TokenSink;
import io.fmware.retry.Replies;
import io.fmware.retry.Reprompting;
import io.fmware.retry.Scene;
import io.fmware.retry.Way;
import io.fmware.route.Fallback;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedEmbeddingModel;
import io.fmware.testing.ScriptedStreamingChatModel;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CostMeterTest {
    private static final ChatRequestParameters GPT_4O =
            ChatRequestParameters.builder().modelName("gpt-4o").build();

    private static Reply reply(String text, int in, int out) {
        return Reply.builder().text(text).usage(in, out).build();
    }

    private static Scene scene(Way way, Script script, UnaryOperator<FmPipeline.Builder> setUp) {
        return Scene.of(
                way,
                ScriptedChatModel.builder()
                        .script(script)
                        .provider(ModelProvider.OPEN_AI)
                        .defaultRequestParameters(GPT_4O)
                        .build(),
                ScriptedStreamingChatModel.builder()
                        .script(script)
                        .provider(ModelProvider.OPEN_AI)
                        .defaultRequestParameters(GPT_4O)
                        .build(),
                setUp);
    }

    @ParameterizedTest
    @EnumSource
    void each_attempt_is_accounted_the_rejected_ones_too(Way way) {
        CostMeter meter = CostMeter.create();
        Script script = Script.of(reply("no", 100, 10), reply("yes", 150, 10));
        Reprompting reprompting = Reprompting.upTo(2).bufferStreams().until(Replies.beOneOf(List.of("yes")));
        try (Scene scene = scene(way, script, b -> b.watch(meter).metrics(meter).with(reprompting))) {
            assertThat(scene.ask("Sure?").text()).isEqualTo("yes");
        }

        CostSummary sum = meter.summary();
        assertThat(sum.calls()).isEqualTo(1);
        assertThat(sum.attempts()).isEqualTo(2);
        assertThat(sum.failedAttempts()).isZero();
        assertThat(sum.tokensIn()).isEqualTo(250);
        assertThat(sum.tokensOut()).isEqualTo(20);
        assertThat(sum.charactersOut()).isEqualTo(5);
        assertThat(sum.charactersIn()).isGreaterThan(10);
        assertThat(sum.cost()).hasToString("$0.000825");
        assertThat(sum.actions()).isEqualTo(Map.of("reprompting: reprompted", 1L));
        assertThat(sum.byModel()).containsOnlyKeys("OPEN_AI gpt-4o");
    }

    @ParameterizedTest
    @EnumSource
    void what_the_provider_refused_costs_nothing_and_what_it_may_have_worked_on_is_unknown(Way way) {
        CostMeter meter = CostMeter.create();
        Script script = Script.of(
                Reply.error(new RateLimitException("slow down")),
                Reply.error(new IllegalStateException("broken")),
                Reply.text("without usage"));
        try (Scene scene = scene(way, script, b -> b.watch(meter))) {
            assertThat(scene.ask("a").error()).isNotNull();
            assertThat(meter.summary().cost()).isEqualTo(Cost.NONE);
            assertThat(scene.ask("b").error()).isNotNull();
            assertThat(meter.summary().cost()).hasToString("$0.00 and 1 call of unknown cost");
            assertThat(scene.ask("c").text()).isEqualTo("without usage");
        }

        assertThat(meter.summary().attempts()).isEqualTo(3);
        assertThat(meter.summary().failedAttempts()).isEqualTo(2);
        assertThat(meter.summary().cost()).hasToString("$0.00 and 2 calls of unknown cost");
        assertThat(meter.summary().cost().isComplete()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void a_model_without_a_price_is_of_unknown_cost_never_free(Way way) {
        CostMeter meter = CostMeter.create();
        try (Scene scene = Scene.of(way, Script.of(reply("yes", 100, 10)), b -> b.watch(meter))) {
            scene.ask("Hi");
        }

        assertThat(meter.summary().tokensIn()).isEqualTo(100);
        assertThat(meter.summary().cost()).hasToString("$0.00 and 1 call of unknown cost");
    }

    @ParameterizedTest
    @EnumSource(names = {"ASYNC", "STREAM"}) // a scene blocks a thread of its own, which is in no run
    void sums_are_kept_by_run_tenant_feature_and_model(Way way) {
        List<CostSummary> told = new CopyOnWriteArrayList<>();
        CostMeter meter = CostMeter.builder().onRunEnded(told::add).keepRuns(1).build();
        Script script = Script.always(reply("yes", 1_000_000, 0));
        try (Scene scene = scene(way, script, b -> b.watch(meter).metrics(meter))) {
            for (String tenant : List.of("acme", "acme", "other")) {
                try (FmRun run = scene.pipeline()
                        .run("claim")
                        .tenant(tenant)
                        .feature("chat")
                        .open()) {
                    scene.ask("Hi");
                    try (FmRun inner = scene.pipeline().run("inner").open()) {
                        scene.ask("Hi");
                        assertThat(inner.outer()).isSameAs(run);
                    }
                    assertThat(meter.summary(run).orElseThrow().calls()).isEqualTo(2);
                }
            }
            scene.ask("outside of any run");
        }

        CostSummary sum = meter.summary();
        assertThat(sum.calls()).isEqualTo(7);
        assertThat(sum.cost()).hasToString("$17.50");
        assertThat(sum.byTenant()).containsOnlyKeys("acme", "other");
        assertThat(sum.byTenant().get("acme").cost()).hasToString("$10.00");
        assertThat(sum.byFeature().get("chat").cost()).hasToString("$15.00");
        assertThat(told).extracting(CostSummary::of).contains("claim", "inner").hasSize(6);
        assertThat(told.stream().filter(each -> each.of().equals("claim")))
                .allSatisfy(each -> assertThat(each.cost()).hasToString("$5.00"));
        assertThat(meter.endedRuns()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void what_a_cache_saved_is_priced(Way way) {
        CostMeter meter = CostMeter.create();
        Interceptor cache = Interceptor.of(
                "cache",
                Phase.CACHE,
                (call, next) -> FmReply.of(
                        ChatResponse.builder()
                                .aiMessage(AiMessage.from("known"))
                                .tokenUsage(new TokenUsage(1_000, 100))
                                .build(),
                        FmReply.Source.CACHE));
        try (Scene scene = scene(way, Script.of(), b -> b.watch(meter).with(cache))) {
            assertThat(scene.ask("Hi").text()).isEqualTo("known");
        }

        assertThat(meter.summary().calls()).isEqualTo(1);
        assertThat(meter.summary().attempts()).isZero();
        assertThat(meter.summary().cost()).isEqualTo(Cost.NONE);
        assertThat(meter.summary().answersSaved()).isEqualTo(1);
        assertThat(meter.summary().saved()).hasToString("$0.0035");
    }

    @Test
    void a_model_that_is_itself_wrapped_is_accounted_once() {
        CostMeter meter = CostMeter.create();
        ChatModel model = ScriptedChatModel.builder()
                .script(Script.always(reply("yes", 100, 10)))
                .provider(ModelProvider.OPEN_AI)
                .defaultRequestParameters(GPT_4O)
                .build();
        try (FmPipeline inner = FmPipeline.builder().watch(meter).build();
                FmPipeline outer = FmPipeline.builder().watch(meter).build()) {
            outer.wrap(inner.wrap(model)).chat("Hi");
        }

        assertThat(meter.summary().calls()).isEqualTo(1);
        assertThat(meter.summary().attempts()).isEqualTo(1);
        assertThat(meter.summary().tokensIn()).isEqualTo(100);
    }

    @Test
    void a_wrapped_model_that_is_asked_on_other_threads_is_accounted_once() {
        CostMeter meter = CostMeter.create();
        Interceptor aside = Interceptor.of("aside", Phase.HEDGE, (call, next) -> {
            ForkedCall forked = call.proceedAside(next, TokenSink.none());
            call.await(forked.reply(), "waiting for a fork");
            return forked.reply().toCompletableFuture().join();
        });
        ChatModel model = ScriptedChatModel.of(Script.always(reply("yes", 100, 10)));
        try (FmPipeline inner = FmPipeline.builder().watch(meter).with(aside).build();
                FmPipeline outer = FmPipeline.builder().watch(meter).build()) {
            outer.wrap(inner.wrap(model)).chat("Hi");
        }

        assertThat(meter.summary().calls()).isEqualTo(1);
        assertThat(meter.summary().attempts()).isEqualTo(1);
        assertThat(meter.summary().tokensIn()).isEqualTo(100);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void an_answer_from_the_cache_of_a_wrapped_model_is_saved_and_no_attempt(boolean watched) {
        CostMeter meter = CostMeter.create();
        Interceptor cache = Interceptor.of(
                "cache",
                Phase.CACHE,
                (call, next) -> FmReply.of(reply("known", 100, 10).response(), FmReply.Source.CACHE));
        FmPipeline.Builder cached = FmPipeline.builder().with(cache);
        try (FmPipeline inner = watched ? cached.watch(meter).build() : cached.build();
                FmPipeline outer = FmPipeline.builder().watch(meter).build()) {
            outer.wrap(inner.wrap(ScriptedChatModel.of(Script.of()))).chat("Hi");
        }

        assertThat(meter.summary().calls()).isEqualTo(1);
        assertThat(meter.summary().attempts()).isZero();
        assertThat(meter.summary().tokensIn()).isZero();
        assertThat(meter.summary().answersSaved()).isEqualTo(1);
    }

    @Test
    void a_wrapped_model_whose_pipeline_is_not_watched_is_accounted_as_one_attempt() {
        CostMeter meter = CostMeter.create();
        try (FmPipeline inner = FmPipeline.builder().build();
                FmPipeline outer = FmPipeline.builder().watch(meter).build()) {
            outer.wrap(inner.wrap(ScriptedChatModel.of(Script.always(reply("yes", 100, 10)))))
                    .chat("Hi");
        }

        assertThat(meter.summary().attempts()).isEqualTo(1);
        assertThat(meter.summary().tokensIn()).isEqualTo(100);
    }

    @ParameterizedTest
    @EnumSource
    void a_fallback_is_accounted_to_the_model_that_was_asked(Way way) {
        CostMeter meter = CostMeter.create();
        ChatModel other = ScriptedChatModel.builder()
                .script(Script.always(reply("yes", 100, 10)))
                .provider(ModelProvider.ANTHROPIC)
                .defaultRequestParameters(ChatRequestParameters.builder()
                        .modelName("claude-haiku-4-5")
                        .build())
                .build();
        Script down = Script.always(Reply.error(new RateLimitException("slow down")));
        try (Scene scene = scene(way, down, b -> b.watch(meter).metrics(meter).with(Fallback.to(other)))) {
            assertThat(scene.ask("Hi").text()).isEqualTo("yes");
        }

        CostSummary sum = meter.summary();
        assertThat(sum.attempts()).isEqualTo(2);
        assertThat(sum.byModel().get("ANTHROPIC claude-haiku-4-5").cost()).hasToString("$0.00015");
        assertThat(sum.byModel().get("OPEN_AI gpt-4o").cost()).isEqualTo(Cost.NONE);
        assertThat(sum.actions()).isEqualTo(Map.of("fallback: fell back", 1L));
    }

    @ParameterizedTest
    @EnumSource
    void what_was_refused_before_it_was_sent_is_told_by_interceptor_with_what_it_would_have_cost(Way way) {
        CostMeter meter =
                CostMeter.builder().estimator(TokenEstimator.learning(1_000)).build();
        Budget nothing = Budget.of(Money.ZERO).named("pennies").build();
        try (Scene scene = scene(
                way,
                Script.always(reply("yes", 100, 10)),
                b -> b.watch(meter).metrics(meter).with(nothing))) {
            scene.ask("Hi").failure(BudgetExceededException.class);
            scene.ask("Hi").failure(BudgetExceededException.class);
        }

        CostSummary sum = meter.summary();
        assertThat(sum.attempts()).isZero();
        assertThat(sum.actions()).isEqualTo(Map.of("pennies: refused", 2L));
        Cost kept = sum.notSent().get("pennies");
        assertThat(kept.known().toBigDecimal())
                .as("1,000 tokens out, twice, at $10")
                .isBetween(new BigDecimal("0.02"), new BigDecimal("0.021"));
        assertThat(kept.unknown()).isZero();
        assertThat(sum.toString()).endsWith("pennies kept back at most " + kept);
    }

    @Test
    void embeddings_are_accounted() {
        CostMeter meter = CostMeter.create();
        var model = ScriptedEmbeddingModel.builder()
                .script(Script.always(Reply.builder()
                        .vectors(new float[] {1, 0})
                        .usage(1_000_000, 0)
                        .build()))
                .provider(ModelProvider.OPEN_AI)
                .modelName("text-embedding-3-small")
                .build();
        try (FmPipeline pipeline = FmPipeline.builder().watch(meter).build()) {
            pipeline.wrap(model).embed("some text");
        }

        assertThat(meter.summary().cost()).hasToString("$0.02");
        assertThat(meter.summary().charactersIn()).isEqualTo(9);
        assertThat(meter.summary().calls()).isEqualTo(1);
    }

    @Test
    void an_answer_of_a_recording_costs_nothing() {
        CostMeter meter = CostMeter.create();
        Interceptor replay = Interceptor.of("replay", Phase.ADMIT, (call, next) -> next.proceed(call.replayed()));
        try (Scene scene = scene(
                Way.CHAT, Script.of(reply("yes", 100, 10)), b -> b.watch(meter).with(replay))) {
            scene.ask("Hi");
        }

        assertThat(meter.summary().attempts()).isZero();
    }

    @Test
    void a_request_is_estimated_before_there_is_a_call() {
        CostMeter meter =
                CostMeter.builder().estimator(TokenEstimator.openAi("gpt-4o")).build();
        ScriptedChatModel model = ScriptedChatModel.builder()
                .script(Script.of())
                .provider(ModelProvider.OPEN_AI)
                .defaultRequestParameters(GPT_4O)
                .build();
        ChatRequest request = ChatRequest.builder()
                .messages(UserMessage.from("hello world"))
                .parameters(ChatRequestParameters.builder().maxOutputTokens(100).build())
                .build();

        assertThat(meter.estimate(Target.of(model), request))
                .hasToString("Estimate[9 tokens in, at most 9, at most 100 out, at most $0.0010225]");
        assertThat(CostMeter.create()
                        .estimate(Target.of(ScriptedChatModel.replying("a")), request)
                        .costAtMost())
                .isEmpty();
        assertThatThrownBy(() -> CostMeter.builder().keepRuns(-1))
                .hasMessage("the number of runs to keep must not be negative, but is -1");
    }

    @Test
    void a_model_has_the_same_key_before_there_is_a_call() {
        Target named = Target.of(ScriptedChatModel.builder()
                        .script(Script.of())
                        .provider(ModelProvider.OPEN_AI)
                        .defaultRequestParameters(GPT_4O)
                        .build())
                .named("mine");
        ChatRequest request =
                ChatRequest.builder().messages(UserMessage.from("Hi")).build();

        assertThat(Asked.of(named, request).model()).isEqualTo("mine").isEqualTo(named.key(null));
    }

    @Test
    void runs_that_ended_are_forgotten_but_for_the_last() {
        CostMeter meter = CostMeter.builder().keepRuns(3).build();
        try (Scene scene = scene(Way.ASYNC, Script.always(reply("yes", 1, 1)), b -> b.watch(meter))) {
            for (int i = 0; i < 50; i++) {
                FmRun run = scene.pipeline().run("run " + i).open();
                scene.ask("Hi");
                run.close();
                assertThat(meter.summary(run)).isEmpty();
            }
        }

        assertThat(meter.endedRuns()).extracting(CostSummary::of).containsExactly("run 49", "run 48", "run 47");
    }

    @Test
    void runs_that_nobody_tells_the_end_of_are_forgotten_too() {
        CostMeter meter = CostMeter.create();
        try (Scene scene = scene(Way.ASYNC, Script.always(reply("yes", 1, 1)), b -> b.watch(meter))) {
            FmRun first = FmRun.builder("first").open();
            scene.ask("Hi");
            first.close();
            assertThat(meter.summary(first)).isPresent();
            for (int i = 0; i < 300; i++) {
                try (FmRun run = FmRun.builder("run").open()) {
                    scene.ask("Hi");
                    assertThat(meter.summary(run)).isPresent();
                }
            }
            assertThat(meter.summary(first)).isEmpty();
        }
    }

    @Test
    void a_meter_that_watches_a_pipeline_and_a_run_counts_once() {
        CostMeter meter = CostMeter.create();
        try (Scene scene = scene(Way.ASYNC, Script.of(reply("yes", 1, 1)), b -> b.watch(meter));
                FmRun run = FmRun.builder("run").watch(meter).open()) {
            scene.ask("Hi");
            assertThat(meter.summary(run).orElseThrow().attempts()).isEqualTo(1);
        }
        assertThat(meter.summary().calls()).isEqualTo(1);
        assertThat(meter.endedRuns()).hasSize(1);
    }

    @Test
    void those_there_is_no_room_for_are_summed_apart_from_a_tenant_of_that_name() {
        Ledger ledger = new Ledger();
        ledger.call(new Whose("m", "others", null));
        for (int i = 0; i < 1_000; i++) {
            ledger.call(new Whose("m", "tenant " + i, null));
        }

        Map<String, CostSummary> tenants = ledger.summary("all").byTenant();
        assertThat(tenants).hasSize(1_000);
        assertThat(tenants.get("others").calls()).isEqualTo(1);
        assertThat(tenants.get("all others").calls()).isEqualTo(2);
    }

    /** An exception of which nothing but the class can be had. */
    private static final class Unreadable extends Error {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw this;
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ASYNC", "STREAM"}) // a scene blocks a thread of its own, which is in no run
    void a_listener_that_throws_breaks_no_end_of_a_run_and_is_logged_once(Way way) {
        for (Throwable thrown : List.of(new IllegalStateException("no queue"), new Unreadable())) {
            List<String> told = new CopyOnWriteArrayList<>();
            Consumer<CostSummary> listener = summary -> {
                told.add("listener: " + summary.of());
                throw CostMeterTest.<RuntimeException>asIs(thrown);
            };
            CostMeter meter = CostMeter.builder().onRunEnded(listener).build();
            BoundaryInterceptor other = new BoundaryInterceptor() {
                @Override
                public void ended(FmRun run) {
                    told.add("other: " + run.name());
                }
            };
            String said;
            try (Scene scene = scene(
                    way,
                    Script.always(reply("yes", 100, 10)),
                    b -> b.watch(meter).watch(other).metrics(meter))) {
                said = Logged.during(() -> {
                    for (String name : List.of("one", "two")) {
                        try (FmRun run = scene.pipeline().run(name).open()) {
                            assertThat(scene.ask("Hi").text()).isEqualTo("yes");
                        }
                        assertThat(FmRun.current()).isNull();
                    }
                });
            }

            assertThat(told).containsExactly("listener: one", "other: one", "listener: two", "other: two");
            assertThat(meter.endedRuns()).extracting(CostSummary::of).containsExactly("two", "one");
            assertThat(said)
                    .containsOnlyOnce(listener.getClass().getName()
                            + " threw as it was told what a run took; runs end without it being told, and this is logged once"
                            + (thrown instanceof Unreadable ? ": " + Unreadable.class.getName() : ""))
                    .contains(thrown.getClass().getName());
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> E asIs(Throwable thrown) throws E {
        throw (E) thrown;
    }

    @Test
    void a_summary_is_a_table_for_people() {
        CostMeter meter = CostMeter.create();
        Reprompting reprompting = Reprompting.upTo(2).until(Replies.beOneOf(List.of("yes")));
        try (Scene scene = scene(
                        Way.ASYNC,
                        Script.of(reply("no", 100, 10), reply("yes", 150, 10)),
                        b -> b.watch(meter).metrics(meter).with(reprompting));
                FmRun run = scene.pipeline().run("claim").tenant("acme").open()) {
            scene.ask("Sure?");
            assertThat(meter.summary(run).orElseThrow().toString().lines().map(String::strip))
                    .hasSize(5)
                    .first()
                    .asString()
                    .matches(
                            "calls +attempts +failed +tokens in +cached +tokens out +chars in +chars out +cost +unknown +saved");
            assertThat(meter.summary(run).orElseThrow().toString())
                    .containsPattern("claim +1 +2 +0 +250 +0 +20 +\\d+ +5 +\\$0.000825 +0 +\\$0.000000")
                    .containsPattern("model OPEN_AI gpt-4o +1 +2")
                    .containsPattern("tenant acme +1 +2")
                    .endsWith("reprompting: reprompted (1)");
        }
    }
}
