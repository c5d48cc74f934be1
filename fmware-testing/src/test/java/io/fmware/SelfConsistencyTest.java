package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.output.TokenUsage;
import io.fmware.retry.Agreement;
import io.fmware.retry.Deadlines;
import io.fmware.retry.Replies;
import io.fmware.retry.Reprompting;
import io.fmware.retry.SelfConsistency;
import io.fmware.retry.Vote;
import io.fmware.route.Fallback;
import io.fmware.testing.ManualClock;
import io.fmware.testing.Quirk;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.text.Equivalence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Votes on samples; they arrive in any order, so what is asserted does not depend on that. */
@Timeout(60)
class SelfConsistencyTest {
    private final List<Agreement> agreements = new CopyOnWriteArrayList<>();

    private SelfConsistency.Builder of(int samples) {
        return SelfConsistency.of(samples).telling(agreements::add);
    }

    private static Reply costing(String text, int input, int output) {
        return Reply.builder().text(text).usage(input, output).build();
    }

    // Votes

    @ParameterizedTest
    @EnumSource
    void the_answer_that_is_given_most_often_wins(Caller caller) {
        AtomicReference<FmReply> seen = new AtomicReference<>();
        Interceptor watcher = Interceptor.of("watcher", Phase.ADMIT, (call, next) -> {
            seen.set(next.proceed(call));
            return seen.get();
        });
        Script script = Script.of(costing("right", 10, 1), costing("wrong", 20, 2), costing("right", 30, 3));
        try (Rig rig = Rig.of(caller, script, of(3).build(), watcher)) {
            assertThat(rig.call().text()).isEqualTo("right");

            assertThat(rig.requests()).hasSize(3);
            assertThat(agreements).containsExactly(new Agreement(3, 3, 0, 2, 2));
            assertThat(seen.get().usage()).isEqualTo(new TokenUsage(60, 6));
            assertThat(seen.get().attempts()).isEqualTo(3);
            assertThat(seen.get().source()).isEqualTo(FmReply.Source.MODEL);
            assertThat(rig.metrics().actions()).containsExactly("selfConsistency: decided");
        }
    }

    @ParameterizedTest
    @EnumSource
    void no_more_is_asked_once_nothing_can_overtake_the_leader(Caller caller) {
        try (Rig rig = Rig.of(caller, Script.always(Reply.text("same")), of(5).build())) {
            assertThat(rig.call().text()).isEqualTo("same");

            assertThat(rig.requests()).hasSize(3);
            assertThat(agreements).containsExactly(new Agreement(5, 3, 0, 1, 3));
            assertThat(rig.metrics().actions())
                    .containsExactly("selfConsistency: decided", "selfConsistency: stopped early");
        }
    }

    @ParameterizedTest
    @EnumSource
    void more_is_asked_as_long_as_it_can_change_what_wins(Caller caller) {
        try (Rig rig = Rig.of(caller, Script.replying("x", "y", "x", "x", "unused"), of(5).build())) {
            assertThat(rig.call().text()).isEqualTo("x");

            assertThat(rig.requests()).hasSize(4);
            assertThat(agreements).containsExactly(new Agreement(5, 4, 0, 2, 3));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_leader_who_is_probable_enough_wins_earlier_where_the_user_says_so(Caller caller) {
        SelfConsistency adaptive = of(20).confidence(0.95).build();
        try (Rig rig = Rig.of(caller, Script.always(Reply.text("same")), adaptive)) {
            assertThat(rig.call().text()).isEqualTo("same");
            assertThat(rig.requests()).as("1 - 0.5^5 is the first above 0.95").hasSize(4);
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_is_a_vote_for_one_answer_is_for_the_user_to_say(Caller caller) {
        Script script = Script.replying("It is 1,000 EUR.", "Therefore 1000", "= 900");
        try (Rig rig = Rig.of(caller, script, of(3).vote(Vote.numeric()).build())) {
            assertThat(rig.call().text()).isIn("It is 1,000 EUR.", "Therefore 1000");
        }
        Script same = Script.replying("Not 12.", "not **12**", "13");
        try (Rig rig = Rig.of(
                caller,
                same,
                of(3).vote(Vote.equivalence(Equivalence.cautious())).build())) {
            assertThat(rig.call().text()).isIn("Not 12.", "not **12**");
        }
    }

    @ParameterizedTest
    @EnumSource
    void too_little_agreement_fails_the_call_with_all_samples_where_the_user_says_so(Caller caller) {
        try (Rig rig = Rig.of(
                caller,
                Script.replying("secret a", "secret b", "secret c"),
                of(3).atLeast(0.6).build())) {
            InvalidReplyException failure = rig.call().error(InvalidReplyException.class);

            assertThat(failure)
                    .hasMessage("no valid reply after 3 attempts; last reason: Only 1 of 3 samples agree, but 2 of 3"
                            + " must.");
            assertThat(failure.attempts())
                    .extracting(each -> each.response().aiMessage().text())
                    .containsExactlyInAnyOrder("secret a", "secret b", "secret c");
            assertThat(agreements).extracting(Agreement::share).containsExactly(1.0 / 3);
            assertThat(rig.metrics().actions()).containsExactly("selfConsistency: disagreed");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_share_that_cannot_be_reached_any_more_is_not_waited_for(Caller caller) {
        Reply late = Reply.builder().text("late").quirks(Quirk.BLOCKS).build();
        Script script = Script.of(Reply.text("a"), Reply.text("b"), Reply.text("c"), late, late);
        try (Rig rig = Rig.of(caller, script, of(5).atLeast(0.8).build())) {
            assertThat(rig.call().error(InvalidReplyException.class))
                    .hasMessageMatching(".* Only 1 of [345] samples agree, but 4 of 5 must\\.");
        }
    }

    @ParameterizedTest
    @EnumSource
    void another_model_is_asked_where_the_samples_do_not_agree(Caller caller) {
        ScriptedChatModel other = ScriptedChatModel.of(Script.always(Reply.text("sure")));
        try (Rig rig = Rig.of(
                caller, Script.replying("a", "b", "c"), of(3).atLeast(0.5).build(), Fallback.to(other))) {
            assertThat(rig.call().text()).isEqualTo("sure");
            assertThat(other.requests()).hasSize(2);
        }
    }

    // What is no vote

    @ParameterizedTest
    @EnumSource
    void an_answer_that_calls_tools_ends_the_vote(Caller caller) {
        Script script = Script.of(
                Reply.toolCall("lookUp", "{}"),
                Reply.builder().text("text").quirks(Quirk.BLOCKS).build());
        try (Rig rig = Rig.of(caller, script, of(3).build())) {
            assertThat(rig.call().response().aiMessage().hasToolExecutionRequests())
                    .isTrue();
            assertThat(rig.metrics().actions()).containsExactly("selfConsistency: tools called");
            assertThat(agreements).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_sample_that_fails_has_no_vote_and_the_others_decide(Caller caller) {
        Script script = Script.builder()
                .reply(Reply.error(new RateLimitException("slow down")))
                .otherwise(costing("fine", 1, 1))
                .build();
        AtomicReference<FmReply> seen = new AtomicReference<>();
        Interceptor watcher = Interceptor.of("watcher", Phase.ADMIT, (call, next) -> {
            seen.set(next.proceed(call));
            return seen.get();
        });
        try (Rig rig = Rig.of(caller, script, watcher, of(5).build())) {
            assertThat(rig.call().text()).isEqualTo("fine");
            assertThat(seen.get().attempts()).isEqualTo(rig.requests().size());
            assertThat(rig.metrics().actions())
                    .containsExactly(
                            "selfConsistency: sample failed",
                            "selfConsistency: decided",
                            "selfConsistency: stopped early");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_sample_that_is_refused_before_it_reaches_the_model_is_no_attempt(Caller caller) {
        AtomicInteger number = new AtomicInteger();
        Interceptor full = Interceptor.of("full", Phase.LIMIT, (call, next) -> {
            if (number.incrementAndGet() == 1) {
                throw new OverloadedException("no room", null);
            }
            return next.proceed(call);
        });
        AtomicReference<FmReply> seen = new AtomicReference<>();
        Interceptor watcher = Interceptor.of("watcher", Phase.ADMIT, (call, next) -> {
            seen.set(next.proceed(call));
            return seen.get();
        });
        try (Rig rig = Rig.of(caller, Script.always(Reply.text("fine")), watcher, of(3).build(), full)) {
            assertThat(rig.call().text()).isEqualTo("fine");
            assertThat(rig.requests()).hasSize(1);
            assertThat(seen.get().attempts()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void when_all_samples_fail_the_first_failure_is_thrown_with_the_others(Caller caller) {
        AtomicInteger number = new AtomicInteger();
        Script script =
                Script.answering(request -> Reply.error(new RateLimitException("failure " + number.incrementAndGet())));
        try (Rig rig = Rig.of(caller, script, of(3).build())) {
            RateLimitException failure = rig.call().error(RateLimitException.class);

            List<String> all = new ArrayList<>(List.of(failure.getMessage()));
            for (Throwable each : failure.getSuppressed()) {
                all.add(each.getMessage());
            }
            assertThat(all).containsExactlyInAnyOrder("failure 1", "failure 2", "failure 3");
        }
    }

    @ParameterizedTest
    @EnumSource
    void one_exception_thrown_by_all_samples_is_not_attached_to_itself(Caller caller) {
        RateLimitException same = new RateLimitException("down");
        try (Rig rig = Rig.of(caller, Script.always(Reply.error(same)), of(3).build())) {
            assertThat(rig.call().error()).isSameAs(same).hasNoSuppressedExceptions();
        }
    }

    @Test
    void an_equivalence_that_throws_fails_the_call_and_leaves_nothing_behind() {
        Vote broken = Vote.equivalence((first, second) -> {
            throw new IllegalStateException("broken judge");
        });
        try (Rig rig = Rig.of(
                Caller.CHAT, Script.always(Reply.text("a")), of(3).vote(broken).build())) {
            assertThat(rig.call().error(IllegalStateException.class)).hasMessage("broken judge");
        }
    }

    // Order with validation

    @ParameterizedTest
    @EnumSource
    void written_before_reprompting_each_sample_is_validated(Caller caller) {
        Script script = Script.answering(
                request -> request.messages().size() == 1 ? costing("nonsense", 1, 1) : costing("yes", 10, 10));
        Reprompting reprompting = Reprompting.upTo(2).until(Replies.beOneOf(List.of("yes")));
        try (Rig rig = Rig.of(caller, script, of(3).build(), reprompting)) {
            Outcome outcome = rig.call();
            assertThat(outcome.text()).isEqualTo("yes");
            assertThat(rig.requests()).as("two samples of two attempts").hasSize(4);
            assertThat(outcome.response().tokenUsage()).isEqualTo(new TokenUsage(22, 22));
            if (caller.isStream()) {
                assertThat(outcome.events()).containsExactly("text:yes", "complete");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_samples_without_a_valid_answer_took_is_counted_too(Caller caller) {
        AtomicReference<FmReply> seen = new AtomicReference<>();
        Interceptor watcher = Interceptor.of("watcher", Phase.ADMIT, (call, next) -> {
            seen.set(next.proceed(call));
            return seen.get();
        });
        Script script = Script.of(costing("no", 1, 1), costing("yes", 10, 10));
        Reprompting reprompting = Reprompting.upTo(1).until(Replies.beOneOf(List.of("yes")));
        try (Rig rig = Rig.of(caller, script, watcher, of(3).build(), reprompting)) {
            assertThat(rig.call().text()).isEqualTo("yes");
            assertThat(seen.get().usage()).isEqualTo(new TokenUsage(11, 11));
            assertThat(seen.get().attempts()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void written_after_reprompting_the_winner_is_validated(Caller caller) {
        Script script = Script.answering(
                request -> request.messages().size() == 1 ? Reply.text("nonsense") : Reply.text("yes"));
        Reprompting reprompting = Reprompting.upTo(2).bufferStreams().until(Replies.beOneOf(List.of("yes")));
        try (Rig rig = Rig.of(caller, script, reprompting, of(3).build())) {
            assertThat(rig.call().text()).isEqualTo("yes");
            assertThat(rig.requests()).as("two votes of two samples").hasSize(4);
        }
    }

    // Streams

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void the_pieces_of_the_winner_alone_are_shown_and_only_once_it_has_won(Caller caller) {
        CountDownLatch decided = new CountDownLatch(1);
        Script script = Script.of(
                Reply.text("a b"),
                Reply.text("a b"),
                Reply.builder().text("c d").quirks(Quirk.BLOCKS).build());
        SelfConsistency vote = SelfConsistency.of(3)
                .atOnce(3)
                .telling(each -> decided.countDown())
                .build();
        Interceptor watching = Interceptor.of(
                "watching",
                Phase.ADMIT,
                (call, next) -> next.proceed(call.withSink(new TokenSink() {
                    @Override
                    public void emit(StreamEvent event) {
                        assertThat(decided.getCount()).isZero();
                        call.sink().emit(event);
                    }

                    @Override
                    public boolean restart() {
                        return call.sink().restart();
                    }
                })));
        try (Rig rig = Rig.of(caller, script, vote, watching)) {
            Outcome outcome = rig.call();
            assertThat(outcome.text()).isEqualTo("a b");
            assertThat(outcome.events()).containsExactly("text:a ", "text:b", "complete");
        }
    }

    // Ends

    @ParameterizedTest
    @EnumSource
    void a_sample_that_is_not_needed_any_more_is_cancelled(Caller caller) {
        Script script = Script.of(
                Reply.text("a"),
                Reply.text("a"),
                Reply.builder().text("late").quirks(Quirk.BLOCKS).build());
        List<Throwable> ends = new CopyOnWriteArrayList<>();
        Interceptor watching = Interceptor.of("watching", Phase.RETRY, (call, next) -> {
            try {
                return next.proceed(call);
            } catch (RuntimeException e) {
                ends.add(e);
                throw e;
            }
        });
        try (Rig rig = Rig.of(caller, script, of(3).atOnce(3).build(), watching)) {
            assertThat(rig.call().text()).isEqualTo("a");
            rig.threads().awaitIdle();
            assertThat(ends)
                    .allSatisfy(each -> assertThat(each)
                            .isExactlyInstanceOf(CancelledException.class)
                            .hasMessage("the vote was decided without this sample"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_deadline_ends_the_vote(Caller caller) {
        ManualClock clock = ManualClock.create();
        try (Rig rig = Rig.of(
                caller,
                Script.always(Reply.never()),
                builder -> builder.time(clock)
                        .with(Deadlines.of(Duration.ofSeconds(1)))
                        .with(of(5).build()))) {
            Rig.Running running = rig.start();
            rig.awaitRequests(3);
            clock.awaitTimers(1);
            clock.advance(Duration.ofSeconds(1));

            running.await().error(DeadlineExceededException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_caller_who_gives_up_ends_all_samples(Caller caller) {
        Script script =
                Script.always(Reply.builder().text("x").quirks(Quirk.BLOCKS).build());
        try (Rig rig = Rig.of(caller, script, of(5).build())) {
            Rig.Running running = rig.start();
            rig.awaitRequests(3);
            running.cancel();
            assertThat(running.await().error()).isNotNull();
            rig.threads().awaitIdle();
            assertThat(rig.requests()).hasSize(3);
        }
    }

    @Test
    void where_no_thread_is_free_samples_are_taken_on_that_of_the_call() {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        Script script = Script.answering(request -> {
            threads.add(Thread.currentThread());
            return Reply.text("same");
        });
        try (Rig rig = Rig.of(
                Caller.CHAT,
                script,
                builder -> builder.with(of(5).build()).executor(task -> {
                    throw new RejectedExecutionException("none is free");
                }))) {
            assertThat(rig.call().text()).isEqualTo("same");
            assertThat(rig.requests()).hasSize(3);
            assertThat(threads).containsExactly(Thread.currentThread());
        }
    }

    /** Samples hold threads that others need for their models; whoever finds none is refused, and nobody waits. */
    @ParameterizedTest
    @EnumSource(names = {"CHAT", "CHAT_WITH_A_DEADLINE"})
    void an_executor_that_rejects_ends_every_vote_whatever_its_size(Caller caller) {
        for (int size = 1; size <= 10; size++) {
            ThreadPoolExecutor small = new ThreadPoolExecutor(0, size, 1, TimeUnit.SECONDS, new SynchronousQueue<>());
            FmPipeline.Builder builder =
                    FmPipeline.builder().with(of(5).build()).executor(small);
            try (FmPipeline pipeline = builder.build()) {
                FmChatModel chat = pipeline.wrap(ScriptedChatModel.of(Script.always(Reply.text("same"))));
                int answered = 0;
                for (int round = 0; round < 50; round++) {
                    try {
                        assertThat(chat.chat(
                                                Rig.request("?"),
                                                caller == Caller.CHAT
                                                        ? ChatRequestOptions.EMPTY
                                                        : CallOptions.deadline(Duration.ofHours(1)))
                                        .aiMessage()
                                        .text())
                                .isEqualTo("same");
                        answered++;
                    } catch (OverloadedException e) {
                        assertThat(e).hasMessageContaining("thread");
                    }
                }
                assertThat(answered)
                        .as("votes that came off with %s threads", size)
                        .isGreaterThanOrEqualTo(size == 10 ? 1 : 0);
            } finally {
                small.shutdownNow();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void in_a_replay_samples_are_taken_one_after_the_other_on_one_thread(Caller caller) {
        AtomicInteger atOnce = new AtomicInteger();
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        Interceptor watching = Interceptor.of("watching", Phase.RETRY, (call, next) -> {
            threads.add(Thread.currentThread());
            assertThat(atOnce.incrementAndGet()).isEqualTo(1);
            try {
                return next.proceed(call);
            } finally {
                atOnce.decrementAndGet();
            }
        });
        try (Rig rig = Rig.of(
                caller,
                Script.always(Reply.text("same")),
                builder -> builder.with(of(5).build()).with(watching).watch(ReplayedCallTest.REPLAY))) {
            assertThat(rig.call().text()).isEqualTo("same");
            assertThat(threads).hasSize(1);
            assertThat(rig.requests()).hasSize(3);
        }
    }

    @Test
    void the_decision_is_noted_without_what_was_answered() {
        Decisions decisions = new Decisions();
        try (Rig rig = Rig.of(
                Caller.CHAT,
                Script.always(Reply.text("same")),
                builder -> builder.with(of(5).build()).watch(decisions))) {
            rig.call();
            assertThat(decisions.seen()).singleElement().satisfies(each -> {
                assertThat(each.question()).isEqualTo("which sample of selfConsistency answers");
                assertThat(each.options()).containsExactly("sample 1", "sample 2", "sample 3");
                assertThat(each.choice()).isEqualTo("sample 1");
                assertThat(each.reason()).isEqualTo("3 of 3 samples agree");
                assertThat(each.origin().path().toString()).endsWith("call:ScriptedChatModel#1");
            });
        }
    }

    // Settings

    @ParameterizedTest
    @EnumSource
    void samples_have_the_temperature_that_is_set(Caller caller) {
        try (Rig rig = Rig.of(
                caller, Script.always(Reply.text("x")), of(3).temperature(0.7).build())) {
            rig.call(ChatRequest.builder()
                    .messages(UserMessage.from("hello"))
                    .temperature(0.0)
                    .maxOutputTokens(7)
                    .build());
            assertThat(rig.requests()).allSatisfy(each -> {
                assertThat(each.temperature()).isEqualTo(0.7);
                assertThat(each.maxOutputTokens()).isEqualTo(7);
            });
        }
    }

    @Test
    void samples_at_temperature_zero_are_warned_of_once() {
        try (Rig rig = Rig.of(Caller.CHAT, Script.always(Reply.text("x")), of(3).build())) {
            ChatRequest cold = ChatRequest.builder()
                    .messages(UserMessage.from("hello"))
                    .temperature(0.0)
                    .build();
            assertThat(Logged.during(() -> {
                        rig.call(cold);
                        rig.call(cold);
                    }))
                    .containsOnlyOnce(
                            "interceptor 'selfConsistency' takes samples at temperature 0, which are all alike;"
                                    + " give them one with temperature(..)");
        }
    }

    @Test
    void what_cannot_be_a_vote_is_refused() {
        assertThatThrownBy(() -> SelfConsistency.of(2))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "the number of samples must be from 3 to 100, but is 2; of two samples the first would always"
                                + " win");
        assertThatThrownBy(() -> SelfConsistency.of(3).atLeast(0))
                .hasMessage(
                        "the samples that must agree must be a share from 0.001 to 1, such as 0.5 for a half, but is 0.0");
        assertThatThrownBy(() -> SelfConsistency.of(3).atOnce(0))
                .hasMessage("at least 1 sample must be under way, not 0");
        assertThatThrownBy(() -> SelfConsistency.of(3).confidence(1))
                .hasMessage("the confidence must be above 0.5 and below 1, but is 1.0");
        assertThatThrownBy(() -> SelfConsistency.of(3).temperature(0))
                .hasMessage("the temperature of samples must be above 0, but is 0.0; at 0 all samples are alike");
    }

    // Under stress

    @ParameterizedTest
    @EnumSource
    void whatever_the_samples_do_nothing_is_left_behind(Caller caller) {
        Random random = new Random(17);
        Script script = Script.answering(request -> {
            int kind;
            synchronized (random) {
                kind = random.nextInt(10);
            }
            return kind == 0
                    ? Reply.error(new RateLimitException("slow down"))
                    : kind == 1 ? Reply.toolCall("lookUp", "{}") : Reply.text("answer " + kind % 3);
        });
        SelfConsistency vote = SelfConsistency.of(7).atOnce(3).build();
        try (Rig rig = Rig.of(caller, script, vote)) {
            for (int i = 0; i < 300; i++) {
                Rig.Running running = rig.start(Rig.request("hello"), ChatRequestOptions.EMPTY, new RecordingHandler());
                if (i % 7 == 0) {
                    running.cancel();
                }
                running.await();
            }
            rig.threads().awaitIdle();
        }
    }
}
