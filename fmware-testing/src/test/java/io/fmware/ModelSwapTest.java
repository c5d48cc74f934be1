package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.fmware.retry.Replies;
import io.fmware.route.ModelSwap;
import io.fmware.route.SwapReport;
import io.fmware.testing.ManualClock;
import io.fmware.testing.Quirk;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedStreamingChatModel;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class ModelSwapTest {
    private static final Duration NO_WAIT = Duration.ZERO;

    private static Target saying(String name) {
        return target(name, Script.always(Reply.text(name)));
    }

    private static Target target(String name, Script script) {
        return Target.of(ScriptedChatModel.of(script)).named(name);
    }

    private static ModelSwap startingWith(String name) {
        return ModelSwap.startingWith(saying(name)).build();
    }

    private static Rig rig(Caller caller, ModelSwap swap, Interceptor... others) {
        return Rig.of(caller, Script.always(Reply.text("wrapped")), builder -> {
            List.of(others).forEach(builder::with);
            return builder.with(swap);
        });
    }

    private static Rig rig(Caller caller, ModelSwap swap, ManualClock clock) {
        return Rig.of(
                caller,
                Script.always(Reply.text("wrapped")),
                builder -> builder.time(clock).with(swap));
    }

    // Swaps

    @ParameterizedTest
    @EnumSource
    void a_model_that_passes_takes_the_place_of_the_other_and_can_be_taken_back(Caller caller) {
        ModelSwap swap = startingWith("old");
        try (Rig rig = rig(caller, swap)) {
            assertThat(rig.call().text()).isEqualTo("old");

            SwapReport report = swap.to(saying("new"))
                    .warmUp(Rig.request("wake up"))
                    .check("says its name", Rig.request("Who?"), Replies.beOneOf(List.of("new")))
                    .now();

            assertThat(report).hasToString("old -> new: SWAPPED, 1 of 1 cases passed");
            assertThat(report.isDrained()).isTrue();
            assertThat(report.orThrow()).isSameAs(report);
            assertThat(rig.call().text()).isEqualTo("new");
            assertThat(swap.current()).isEqualTo("new");
            assertThat(swap.rollBack(NO_WAIT)).hasToString("new -> old: ROLLED_BACK");
            assertThat(rig.call().text()).isEqualTo("old");
            swap.rollBack(NO_WAIT);
            assertThat(rig.call().text()).as("back, and forth again").isEqualTo("new");
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_wrapped_model_can_be_the_first_one_and_streaming_models_swap_in(Caller caller) {
        ModelSwap swap = ModelSwap.startingWithTheWrapped("first").build();
        Target streaming = Target.of(ScriptedStreamingChatModel.of(Script.always(Reply.text("a b"))))
                .named("streaming");
        try (Rig rig = rig(caller, swap)) {
            assertThat(rig.call().text()).isEqualTo("wrapped");
            swap.to(streaming)
                    .check("answers", Rig.request("?"), Replies.haveLength(1, 9))
                    .now()
                    .orThrow();
            Outcome outcome = rig.call();
            assertThat(outcome.text()).isEqualTo("a b");
            if (caller.isStream()) {
                assertThat(outcome.events()).containsExactly("text:a ", "text:b", "complete");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_model_that_does_not_pass_is_refused_case_by_case(Caller caller) {
        Script script = Script.builder()
                .when("down", Reply.error(new RateLimitException("secret of the provider")))
                .otherwise(Reply.text("new"))
                .build();
        ModelSwap swap = startingWith("old");
        try (Rig rig = rig(caller, swap)) {
            SwapReport report = swap.to(target("new", script))
                    .check("is polite", Rig.request("hello"), Replies.beOneOf(List.of("please")))
                    .check("is there", Rig.request("down"), Replies.haveLength(1, 9))
                    .check("is short", Rig.request("hello"), Replies.haveLength(1, 9))
                    .now();

            assertThat(report.outcome()).isEqualTo(SwapReport.Outcome.REFUSED);
            assertThat(report.passed()).isEqualTo(1.0 / 3);
            assertThat(report)
                    .hasToString("old -> new: REFUSED, 1 of 3 cases passed; \"is polite\" failed: The answer must be"
                            + " exactly one of: please.; \"is there\" failed:"
                            + " dev.langchain4j.exception.RateLimitException");
            assertThatThrownBy(report::orThrow)
                    .isExactlyInstanceOf(IllegalStateException.class)
                    .hasMessage(report.toString());
            assertThat(rig.call().text()).isEqualTo("old");
        }
    }

    @Test
    void a_wait_for_ever_is_a_long_one_and_none_at_all_is_refused_before_anything_is_replaced() {
        Duration forever = ChronoUnit.FOREVER.getDuration();
        ModelSwap swap = startingWith("old");
        assertThat(swap.to(saying("new")).unchecked().draining(forever).now()).hasToString("old -> new: SWAPPED");
        assertThat(swap.rollBack(forever)).hasToString("new -> old: ROLLED_BACK");
        assertThatThrownBy(() -> swap.rollBack(null))
                .isExactlyInstanceOf(NullPointerException.class)
                .hasMessage("drain");
        assertThat(swap.current()).isEqualTo("old");
        swap.to(saying("newer")).unchecked().trial(0.5);
        assertThatThrownBy(() -> swap.promote(null))
                .isExactlyInstanceOf(NullPointerException.class)
                .hasMessage("drain");
        assertThat(swap.current()).isEqualTo("old");
        assertThat(swap.promote(forever)).hasToString("old -> newer: SWAPPED");
    }

    @Test
    void some_cases_may_fail_where_the_user_says_so() {
        ModelSwap swap = startingWith("old");
        for (String name : List.of("new", "newer")) {
            ModelSwap.Plan plan = swap.to(saying(name))
                    .check("a", Rig.request("?"), Replies.haveLength(1, 9))
                    .check("b", Rig.request("?"), Replies.beOneOf(List.of("new")));
            assertThat(plan.atLeast(name.equals("new") ? 1 : 0.5).now().outcome())
                    .isEqualTo(SwapReport.Outcome.SWAPPED);
        }
        assertThat(swap.to(saying("newest"))
                        .check("a", Rig.request("?"), Replies.haveLength(1, 9))
                        .check("b", Rig.request("?"), Replies.beOneOf(List.of("new")))
                        .atLeast(0.6)
                        .now()
                        .outcome())
                .isEqualTo(SwapReport.Outcome.REFUSED);
    }

    @Test
    void a_model_that_does_not_warm_up_is_refused_whatever_share_of_cases_must_pass() {
        ModelSwap swap = startingWith("old");
        SwapReport report = swap.to(target("new", Script.always(Reply.error(new RateLimitException("down")))))
                .warmUp(Rig.request("wake up"))
                .check("answers", Rig.request("?"), Replies.haveLength(1, 9))
                .atLeast(0.01)
                .now();
        assertThat(report)
                .hasToString("old -> new: REFUSED, 0 of 1 cases passed; \"warm-up\" failed:"
                        + " dev.langchain4j.exception.RateLimitException");
        assertThat(swap.current()).isEqualTo("old");
    }

    @Test
    void a_case_of_the_users_may_be_named_as_the_warm_up_is() {
        ModelSwap swap = startingWith("old");
        SwapReport report = swap.to(saying("new"))
                .check("warm-up", Rig.request("?"), Replies.beOneOf(List.of("warm")))
                .check("answers", Rig.request("?"), Replies.haveLength(1, 9))
                .atLeast(0.5)
                .now();
        assertThat(report)
                .hasToString(
                        "old -> new: SWAPPED, 1 of 2 cases passed; \"warm-up\" failed: The answer must be exactly one"
                                + " of: warm.");
    }

    @Test
    void a_model_that_nobody_checks_is_not_used_unless_the_plan_says_so() {
        ModelSwap swap = startingWith("old");
        String message =
                "nothing says what new must be able to answer before it is used in modelSwap; add a case of yours"
                        + " with check(..), or say unchecked() to use it without one";
        ModelSwap.Plan plan = swap.to(saying("new")).warmUp(Rig.request("wake up"));
        assertThatThrownBy(plan::now)
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> plan.trial(0.5))
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessage(message);
        assertThatThrownBy(() -> plan.check(List.of()).now()).hasMessage(message);
        assertThat(swap.current()).isEqualTo("old");

        assertThat(plan.unchecked().now()).hasToString("old -> new: SWAPPED");
    }

    @Test
    void what_is_used_without_a_case_must_warm_up_and_pass_the_cases_that_there_are() {
        ModelSwap swap = startingWith("old");
        Target down = target("new", Script.always(Reply.error(new RateLimitException("down"))));
        assertThat(swap.to(down)
                        .warmUp(Rig.request("wake up"))
                        .unchecked()
                        .now()
                        .outcome())
                .isEqualTo(SwapReport.Outcome.REFUSED);
        assertThat(swap.to(down)
                        .check("answers", Rig.request("?"), Replies.haveLength(1, 9))
                        .unchecked()
                        .now()
                        .outcome())
                .isEqualTo(SwapReport.Outcome.REFUSED);
    }

    @Test
    void a_case_that_takes_too_long_has_failed() throws Exception {
        ManualClock clock = ManualClock.create();
        ModelSwap swap = startingWith("old");
        try (Rig rig = rig(Caller.CHAT, swap, clock)) {
            rig.call(); // from then on its time is that of the pipeline
            CompletableFuture<SwapReport> report =
                    CompletableFuture.supplyAsync(() -> swap.to(target("new", Script.always(Reply.never())))
                            .check("answers", Rig.request("?"), Replies.haveLength(1, 9))
                            .eachWithin(Duration.ofSeconds(5))
                            .now());
            clock.awaitTimers(1);
            clock.advance(Duration.ofSeconds(5));
            assertThat(report.get(10, TimeUnit.SECONDS).cases().get(0).reason())
                    .startsWith("io.fmware.DeadlineExceededException: ");
        }
    }

    // Drain

    @ParameterizedTest
    @EnumSource
    void the_calls_of_the_old_model_are_waited_for(Caller caller) throws Exception {
        ManualClock clock = ManualClock.create();
        ScriptedChatModel old = ScriptedChatModel.of(
                Script.always(Reply.builder().text("old").quirks(Quirk.BLOCKS).build()));
        ModelSwap swap = ModelSwap.startingWith(Target.of(old).named("old")).build();
        try (Rig rig = rig(caller, swap, clock)) {
            Rig.Running before = rig.start();
            old.awaitRequests(1);
            CompletableFuture<SwapReport> report = CompletableFuture.supplyAsync(() -> swap.to(saying("new"))
                    .unchecked()
                    .draining(Duration.ofHours(1))
                    .now());
            clock.awaitTimers(caller == Caller.CHAT_WITH_A_DEADLINE ? 2 : 1);
            assertThat(rig.call().text()).as("the switch does not wait").isEqualTo("new");
            assertThat(report).isNotDone();
            old.release();
            assertThat(before.await().text()).isEqualTo("old");
            assertThat(report.get(10, TimeUnit.SECONDS).isDrained()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_wait_is_bounded_and_says_what_is_left(Caller caller) throws Exception {
        ManualClock clock = ManualClock.create();
        ScriptedChatModel old = ScriptedChatModel.of(
                Script.always(Reply.builder().text("old").quirks(Quirk.BLOCKS).build()));
        ModelSwap swap = ModelSwap.startingWith(Target.of(old).named("old")).build();
        try (Rig rig = rig(caller, swap, clock)) {
            Rig.Running before = rig.start();
            old.awaitRequests(1);
            CompletableFuture<SwapReport> report = CompletableFuture.supplyAsync(() -> swap.to(saying("new"))
                    .unchecked()
                    .draining(Duration.ofSeconds(5))
                    .now());
            clock.awaitTimers(caller == Caller.CHAT_WITH_A_DEADLINE ? 2 : 1);
            clock.advance(Duration.ofSeconds(5));
            assertThat(report.get(10, TimeUnit.SECONDS))
                    .hasToString("old -> new: SWAPPED; 1 calls are still under way");
            old.release();
            assertThat(before.await().text()).isEqualTo("old");
        }
    }

    // Trials

    @ParameterizedTest
    @EnumSource
    void a_model_on_trial_gets_its_share_and_is_promoted_or_taken_back(Caller caller) {
        ModelSwap swap = startingWith("old");
        try (Rig rig = rig(caller, swap)) {
            assertThat(swap.to(saying("new")).unchecked().trial(1)).hasToString("old -> new: ON_TRIAL");
            assertThat(rig.call().text()).isEqualTo("new");
            swap.share(0);
            assertThat(rig.call().text()).isEqualTo("old");
            swap.share(0.5);
            assertThat(swap).hasToString("ModelSwap[modelSwap, old, new on trial with a share of 0.5]");
            assertThat(swap.rollBack(NO_WAIT)).hasToString("new -> old: ROLLED_BACK");
            assertThat(rig.call().text()).isEqualTo("old");

            swap.to(saying("newer")).unchecked().trial(0.5);
            assertThat(swap.promote(NO_WAIT)).hasToString("old -> newer: SWAPPED");
            assertThat(rig.call().text()).isEqualTo("newer");
            swap.rollBack(NO_WAIT);
            assertThat(rig.call().text()).isEqualTo("old");
            assertThat(rig.metrics().actions()).containsExactly("modelSwap: tried");
        }
    }

    @Test
    void a_share_is_about_that_part_of_the_calls() {
        ModelSwap swap = startingWith("old");
        swap.to(saying("new")).unchecked().trial(0.3);
        try (Rig rig = rig(Caller.CHAT, swap)) {
            int tried = 0;
            for (int i = 0; i < 2_000; i++) {
                tried += rig.call().text().equals("new") ? 1 : 0;
            }
            assertThat(tried).as("within six deviations").isBetween(477, 723);
        }
    }

    @Test
    void what_cannot_be_swapped_is_refused() {
        ModelSwap swap = startingWith("old");
        assertThatThrownBy(() -> swap.to(saying("old")).unchecked().now())
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("the new model has the name of the current one, old; give it another one with"
                        + " Target.of(..).named(..)");
        assertThatThrownBy(() -> swap.rollBack(NO_WAIT))
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessage("there is nothing to go back to in modelSwap: old is its first model");
        assertThatThrownBy(() -> swap.promote(NO_WAIT))
                .hasMessage(
                        "no model is on trial in modelSwap; start one with to(..).trial(share), or swap with now()");
        assertThatThrownBy(() -> swap.share(0.5))
                .hasMessage("no model is on trial in modelSwap; start one with to(..).trial(share)");
        assertThatThrownBy(() -> swap.to(saying("new")).unchecked().trial(2))
                .hasMessage(
                        "the calls of the model on trial must be a share from 0 to 1, such as 0.5 for a half, but is"
                                + " 2.0");
        swap.to(saying("new")).unchecked().trial(0.5);
        assertThatThrownBy(() -> swap.to(saying("newer")).unchecked().now())
                .hasMessage("new is on trial in modelSwap; promote it or roll it back before another swap");
    }

    @Test
    void caches_see_the_model_that_was_swapped_in() {
        List<String> keys = new CopyOnWriteArrayList<>();
        Interceptor cache = Interceptor.of("cache", Phase.CACHE, (call, next) -> {
            keys.add(call.model());
            return next.proceed(call);
        });
        ModelSwap swap = startingWith("old");
        try (Rig rig = rig(Caller.CHAT, swap, cache)) {
            rig.call();
            swap.to(saying("new")).unchecked().now();
            rig.call();
            assertThat(keys).containsExactly("old", "new");
        }
    }

    // Under stress

    /** A model that knows whether it was closed. */
    private static final class Closeable implements ChatModel {
        private final String name;
        private final AtomicInteger underWay = new AtomicInteger();
        private final AtomicBoolean closed = new AtomicBoolean();
        private final AtomicInteger late;

        Closeable(String name, AtomicInteger late) {
            this.name = name;
            this.late = late;
        }

        @Override
        @SuppressWarnings("ThreadPriorityCheck") // gives others the time between begin and end
        public ChatResponse doChat(ChatRequest request) {
            underWay.incrementAndGet();
            if (closed.get()) {
                late.incrementAndGet();
            }
            Thread.yield();
            if (closed.get()) {
                late.incrementAndGet();
            }
            underWay.decrementAndGet();
            return ChatResponse.builder().aiMessage(AiMessage.from(name)).build();
        }
    }

    @ParameterizedTest
    @EnumSource
    void no_call_is_lost_or_served_by_a_model_that_was_drained(Caller caller) throws Exception {
        AtomicInteger late = new AtomicInteger();
        Closeable first = new Closeable("model 0", late);
        ModelSwap swap =
                ModelSwap.startingWith(Target.of(first).named("model 0")).build();
        ExecutorService users = Executors.newFixedThreadPool(3);
        AtomicBoolean done = new AtomicBoolean();
        CountDownLatch started = new CountDownLatch(30);
        try (FmPipeline pipeline = FmPipeline.builder().with(swap).build()) {
            FmChatModel chat = pipeline.wrap(ScriptedChatModel.replying());
            FmStreamingChatModel stream = pipeline.wrap(ScriptedStreamingChatModel.replying());
            List<Future<Integer>> asking = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                asking.add(users.submit(() -> {
                    int answered = 0;
                    while (!done.get()) {
                        ask(caller, chat, stream);
                        started.countDown();
                        answered++;
                    }
                    return answered;
                }));
            }
            assertThat(started.await(10, TimeUnit.SECONDS)).isTrue();
            Closeable current = first;
            for (int round = 1; round <= 150; round++) {
                Closeable next = new Closeable("model " + round, late);
                ModelSwap.Plan plan =
                        swap.to(Target.of(next).named(next.name)).unchecked().draining(Duration.ofSeconds(10));
                if (round % 3 == 0) {
                    plan.trial(0.5);
                    assertThat(swap.promote(Duration.ofSeconds(10)).isDrained()).isTrue();
                } else {
                    assertThat(plan.now().isDrained()).isTrue();
                }
                assertThat(current.underWay).hasValue(0);
                current.closed.set(true);
                current = next;
            }
            done.set(true);
            for (Future<Integer> each : asking) {
                assertThat(each.get(10, TimeUnit.SECONDS)).isPositive();
            }
        } finally {
            done.set(true);
            users.shutdownNow();
        }
        assertThat(late).hasValue(0);
    }

    private static void ask(Caller caller, FmChatModel chat, FmStreamingChatModel stream) throws Exception {
        ChatResponse response;
        switch (caller) {
            case CHAT -> response = chat.chat(Rig.request("?"));
            case CHAT_WITH_A_DEADLINE ->
                response = chat.chat(Rig.request("?"), CallOptions.deadline(Duration.ofMinutes(1)));
            case ASYNC ->
                response = chat.chatAsync(Rig.request("?"), ChatRequestOptions.EMPTY)
                        .get(10, TimeUnit.SECONDS);
            default -> {
                RecordingHandler handler = new RecordingHandler();
                stream.stream(Rig.request("?"), ChatRequestOptions.EMPTY, handler);
                response = handler.awaitEnd().response();
            }
        }
        assertThat(response.aiMessage().text()).startsWith("model ");
    }
}
