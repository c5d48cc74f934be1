package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.embedding.EmbeddingModel;
import io.fmware.retry.Deadlines;
import io.fmware.retry.Replies;
import io.fmware.retry.Reprompting;
import io.fmware.retry.RetryBudget;
import io.fmware.retry.Retrying;
import io.fmware.route.Fallback;
import io.fmware.testing.ManualClock;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedEmbeddingModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class RetryingTest {
    private static final String STOPPED = "interceptor 'retrying' stopped after attempt 1 of 3: ";

    private final ManualClock clock = ManualClock.create();
    private final AtomicInteger draws = new AtomicInteger();

    /** Gives the largest number below any bound, and counts how often it was asked. */
    private final RandomGenerator longest = () -> {
        draws.incrementAndGet();
        return -1;
    };

    private static Retrying.Builder atOnce(int attempts) {
        return Retrying.upTo(attempts).random(() -> 0);
    }

    private static Reply down(String message) {
        return Reply.error(new InternalServerException(message));
    }

    /** A refusal of a server that tells a wait in the text, as one sees it through any client. */
    private static Reply wait(String howLong) {
        return Reply.error(new RateLimitException(
                new HttpException(429, "Rate limit reached. Please try again in " + howLong + ".")));
    }

    /** What is waited through then is the pause: the exchange with the model is over when chance is asked. */
    private void awaitPause(int number) {
        Awaitility.await("pause " + number)
                .pollInterval(Duration.ofMillis(1))
                .atMost(Duration.ofSeconds(Rig.BOUND_SECONDS))
                .until(() -> draws.get() == number && clock.waiters() == 1);
    }

    @ParameterizedTest
    @EnumSource
    void an_attempt_that_fails_is_made_again_and_counted(Caller caller) {
        Script script = Script.of(
                down("first"),
                Reply.error(new TimeoutException("second")),
                Reply.builder().text("yes").usage(3, 1).build());
        try (Rig rig = Rig.of(caller, script, atOnce(3).build())) {
            Outcome outcome = rig.call();

            assertThat(outcome.text()).isEqualTo("yes");
            assertThat(outcome.response().tokenUsage().totalTokenCount()).isEqualTo(4);
            assertThat(rig.requests()).hasSize(3);
            assertThat(rig.metrics().actions()).containsExactly("retrying: retried", "retrying: retried");
            rig.pipeline().close();
            assertThat(rig.metrics().calls().get(0).attempts()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void when_all_attempts_fail_the_last_failure_is_thrown_with_the_earlier_ones(Caller caller) {
        Script script = Script.of(down("first"), down("second"), down("third"));
        try (Rig rig = Rig.of(caller, script, atOnce(3).build())) {
            InternalServerException failure = rig.call().error(InternalServerException.class);

            assertThat(failure).hasMessage("third");
            assertThat(failure.getSuppressed())
                    .extracting(Throwable::getMessage)
                    .containsExactly("first", "second");
            assertThat(failure.getSuppressed()[1].getSuppressed()).isEmpty();
            assertThat(rig.metrics().actions())
                    .containsExactly("retrying: retried", "retrying: retried", "retrying: gave up");
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_does_not_go_away_by_itself_is_not_tried_again(Caller caller) {
        Script script = Script.of(Reply.error(new AuthenticationException("wrong key")));
        try (Rig rig = Rig.of(caller, script, atOnce(3).build())) {
            assertThat(rig.call().error(AuthenticationException.class)).hasNoSuppressedExceptions();
            assertThat(rig.requests()).hasSize(1);
            assertThat(rig.metrics().actions()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_later_failure_of_another_kind_is_thrown_with_the_earlier_one(Caller caller) {
        Script script = Script.of(down("first"), Reply.error(new AuthenticationException("wrong key")));
        try (Rig rig = Rig.of(caller, script, atOnce(3).build())) {
            assertThat(rig.call().error(AuthenticationException.class).getSuppressed())
                    .extracting(Throwable::getMessage)
                    .containsExactly("first");
        }
    }

    @ParameterizedTest
    @EnumSource
    void waits_grow_by_the_factor(Caller caller) {
        Script script = Script.of(down("first"), down("second"), Reply.text("yes"));
        Retrying retrying = Retrying.upTo(3)
                .firstDelay(Duration.ofSeconds(2))
                .factor(3)
                .random(longest)
                .build();
        try (Rig rig = Rig.of(caller, script, b -> b.time(clock).with(retrying))) {
            Rig.Running running = rig.start();
            awaitPause(1);
            clock.advance(Duration.ofMillis(1_999));
            awaitPause(1);
            assertThat(rig.requests()).hasSize(1);
            clock.advance(Duration.ofMillis(1));
            awaitPause(2);
            assertThat(rig.requests()).hasSize(2);
            clock.advance(Duration.ofSeconds(6));

            assertThat(running.await().text()).isEqualTo("yes");
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_wait_that_the_server_asks_for_is_waited_and_a_tenth_on_top(Caller caller) {
        Script script = Script.of(wait("20s"), Reply.text("yes"));
        try (Rig rig = Rig.of(
                caller,
                script,
                b -> b.time(clock).with(Retrying.upTo(2).random(longest).build()))) {
            Rig.Running running = rig.start();
            awaitPause(1);
            clock.advance(Duration.ofMillis(21_999));
            awaitPause(1);
            assertThat(rig.requests()).hasSize(1);
            clock.advance(Duration.ofMillis(1));

            assertThat(running.await().text()).isEqualTo("yes");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_wait_that_would_outlast_the_deadline_fails_at_once_with_the_failure_of_the_model(Caller caller) {
        Script script = Script.of(wait("20s"));
        try (Rig rig = Rig.of(
                caller,
                script,
                b -> b.time(clock)
                        .with(Deadlines.of(Duration.ofSeconds(20)))
                        .with(atOnce(3).build()))) {
            RateLimitException failure = rig.call().error(RateLimitException.class);

            assertThat(failure.getSuppressed())
                    .extracting(Throwable::getMessage)
                    .containsExactly(STOPPED + "the server asks for a wait of 20 s, and the deadline leaves 20 s; allow"
                            + " more time, or turn to another model with Fallback");
            assertThat(rig.metrics().actions()).containsExactly("retrying: wait refused");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_wait_of_its_own_that_would_outlast_the_deadline_is_not_begun(Caller caller) {
        Retrying retrying = Retrying.upTo(3)
                .firstDelay(Duration.ofMillis(1_500))
                .random(longest)
                .build();
        try (Rig rig = Rig.of(
                caller,
                Script.of(down("first")),
                b -> b.time(clock).with(Deadlines.of(Duration.ofSeconds(1))).with(retrying))) {
            assertThat(rig.call().error(InternalServerException.class).getSuppressed())
                    .extracting(Throwable::getMessage)
                    .containsExactly(
                            STOPPED + "a wait of 1500 ms is due, and the deadline leaves 1 s; allow more time, or"
                                    + " turn to another model with Fallback");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_longer_wait_than_allowed_fails_at_once(Caller caller) {
        try (Rig rig = Rig.of(
                caller,
                Script.of(wait("1m0.5s")),
                b -> b.time(clock).with(atOnce(3).build()))) {
            assertThat(rig.call().error(RateLimitException.class).getSuppressed())
                    .extracting(Throwable::getMessage)
                    .containsExactly(STOPPED
                            + "the server asks for a wait of 60500 ms, and the longest wait is 60 s; raise that,"
                            + " or turn to another model with Fallback");
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_budget_stops_retries_and_says_so(Caller caller) {
        RetryBudget budget = RetryBudget.of(2, 0.1);
        try (Rig rig = Rig.of(
                caller, Script.of(down("first")), atOnce(3).budget(budget).build())) {
            String model = rig.modelName();
            assertThat(rig.call().error(InternalServerException.class).getSuppressed())
                    .extracting(Throwable::getMessage)
                    .containsExactly(STOPPED + "the retry budget of " + model + " is used up, because too many of its"
                            + " calls fail; wait until it answers again, or turn to another model with Fallback");
            assertThat(rig.metrics().actions()).containsExactly("retrying: budget refused");
            assertThat(budget.tokens(model)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_call_of_a_replay_neither_waits_nor_touches_the_budget(Caller caller) {
        RetryBudget budget = RetryBudget.of(2, 0.1);
        Interceptor replay = Interceptor.of("replay", Phase.ADMIT, (call, next) -> next.proceed(call.replayed()));
        Retrying retrying = Retrying.upTo(3)
                .firstDelay(Duration.ofSeconds(2))
                .random(longest)
                .budget(budget)
                .build();
        try (Rig rig = Rig.of(
                caller,
                Script.of(down("first"), down("second"), Reply.text("yes")),
                b -> b.time(clock)
                        .with(Deadlines.of(Duration.ofSeconds(1)))
                        .with(replay)
                        .with(retrying))) {
            assertThat(rig.call().text()).isEqualTo("yes");
            assertThat(budget.tokens(rig.modelName())).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_attempt_that_ran_into_its_own_deadline_is_made_again(Caller caller) {
        Script script = Script.of(Reply.never(), Reply.text("yes"));
        try (Rig rig = Rig.of(
                caller,
                script,
                b -> b.time(clock).with(atOnce(3).build()).with(Deadlines.ofEachAttempt(Duration.ofSeconds(5))))) {
            Rig.Running running = rig.start();
            rig.awaitRequests(1);
            clock.awaitTimers(1);
            clock.advance(Duration.ofSeconds(5));

            assertThat(running.await().text()).isEqualTo("yes");
            assertThat(rig.requests()).hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_call_whose_own_time_is_over_is_not_tried_again(Caller caller) {
        try (Rig rig = Rig.of(
                caller,
                Script.of(Reply.never()),
                b -> b.time(clock)
                        .with(Deadlines.of(Duration.ofSeconds(5)))
                        .with(atOnce(3).build()))) {
            Rig.Running running = rig.start();
            rig.awaitRequests(1);
            clock.awaitTimers(1);
            clock.advance(Duration.ofSeconds(5));

            assertThat(running.await().error(DeadlineExceededException.class)).hasNoSuppressedExceptions();
            assertThat(rig.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_call_that_is_cancelled_while_it_waits_is_not_tried_again(Caller caller) {
        try (Rig rig = Rig.of(
                caller,
                Script.of(wait("20s")),
                b -> b.time(clock).with(Retrying.upTo(3).random(longest).build()))) {
            Rig.Running running = rig.start();
            awaitPause(1);
            running.cancel();

            assertThat(running.await().error()).isInstanceOf(RuntimeException.class);
            rig.pipeline().close();
            assertThat(rig.requests()).hasSize(1);
        }
    }

    /** What the application is handed. */
    private static Interceptor watching(List<FmReply> replies) {
        return Interceptor.of("watching", Phase.ADMIT, (call, next) -> {
            FmReply reply = next.proceed(call);
            replies.add(reply);
            return reply;
        });
    }

    /** Refuses twice, and says when it will have room. */
    private static Interceptor fullTwice(Duration retryAfter) {
        AtomicInteger asked = new AtomicInteger();
        return Interceptor.of("full", Phase.LIMIT, (call, next) -> {
            if (asked.incrementAndGet() <= 2) {
                throw new OverloadedException("no room", null, retryAfter);
            }
            return next.proceed(call);
        });
    }

    @ParameterizedTest
    @EnumSource
    void what_never_reached_the_model_is_no_attempt_and_takes_no_token(Caller caller) {
        RetryBudget budget = RetryBudget.of(2, 0.1);
        Retrying retrying =
                atOnce(3).on(FailureClass.UNAVAILABLE).budget(budget).build();
        List<FmReply> replies = Collections.synchronizedList(new ArrayList<>());
        try (Rig rig =
                Rig.of(caller, Script.of(Reply.text("yes")), watching(replies), retrying, fullTwice(Duration.ZERO))) {
            assertThat(rig.call().text()).isEqualTo("yes");
            assertThat(budget.tokens(rig.modelName())).isEqualTo(2);
            assertThat(replies).extracting(FmReply::attempts).containsExactly(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_a_cache_further_in_answers_fills_no_bucket(Caller caller) {
        RetryBudget budget = RetryBudget.of(4, 1);
        AtomicInteger asked = new AtomicInteger();
        Interceptor known = Interceptor.of(
                "known",
                Phase.BREAKER,
                (call, next) -> asked.incrementAndGet() == 1
                        ? next.proceed(call)
                        : FmReply.of(Reply.text("known").response(), FmReply.Source.CACHE));
        List<FmReply> replies = Collections.synchronizedList(new ArrayList<>());
        Retrying retrying = atOnce(3).budget(budget).build();
        try (Rig rig = Rig.of(caller, Script.of(down("first")), watching(replies), retrying, known)) {
            assertThat(rig.call().text()).isEqualTo("known");
            assertThat(budget.tokens(rig.modelName())).isEqualTo(3);
            assertThat(replies).extracting(FmReply::attempts).containsExactly(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_wait_that_the_pipeline_tells_is_waited_and_a_tenth_on_top(Caller caller) {
        Retrying retrying = Retrying.upTo(3)
                .on(FailureClass.UNAVAILABLE)
                .firstDelay(Duration.ofMillis(1))
                .random(longest)
                .build();
        try (Rig rig = Rig.of(
                caller,
                Script.of(Reply.text("yes")),
                b -> b.time(clock).with(retrying).with(fullTwice(Duration.ofSeconds(10))))) {
            Rig.Running running = rig.start();
            for (int pause = 1; pause <= 2; pause++) {
                awaitPause(pause);
                clock.advance(Duration.ofMillis(10_999));
                assertThat(clock.waiters()).as("still waits").isPositive();
                clock.advance(Duration.ofMillis(1));
            }
            assertThat(running.await().text()).isEqualTo("yes");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_longer_wait_than_allowed_of_the_pipeline_fails_at_once(Caller caller) {
        Retrying retrying = atOnce(3)
                .on(FailureClass.UNAVAILABLE)
                .longestWait(Duration.ofNanos(1_500_000))
                .build();
        try (Rig rig = Rig.of(caller, Script.of(), retrying, fullTwice(Duration.ofHours(2)))) {
            assertThat(rig.call().error(OverloadedException.class).getSuppressed())
                    .extracting(Throwable::getMessage)
                    .containsExactly(
                            STOPPED + "the pipeline has no room for this call for 7200 s, and the longest wait is 1 ms;"
                                    + " raise that, or turn to another model with Fallback");
        }
    }

    @ParameterizedTest
    @EnumSource
    void times_shorter_than_a_millisecond_are_not_shown_as_none(Caller caller) {
        Retrying retrying = atOnce(3)
                .on(FailureClass.UNAVAILABLE)
                .longestWait(Duration.ofNanos(2_500))
                .build();
        try (Rig rig = Rig.of(caller, Script.of(), retrying, fullTwice(Duration.ofNanos(500_000)))) {
            assertThat(rig.call().error(OverloadedException.class).getSuppressed())
                    .extracting(Throwable::getMessage)
                    .containsExactly(
                            STOPPED + "the pipeline has no room for this call for 500000 ns, and the longest wait is"
                                    + " 2500 ns; raise that, or turn to another model with Fallback");
        }
    }

    @ParameterizedTest
    @EnumSource
    void want_of_capacity_on_our_side_is_not_tried_again(Caller caller) {
        AtomicInteger asked = new AtomicInteger();
        Interceptor full = Interceptor.of("full", Phase.LIMIT, (call, next) -> {
            asked.incrementAndGet();
            throw new OverloadedException("no room", null, Duration.ofMillis(1));
        });
        try (Rig rig = Rig.of(caller, Script.of(), atOnce(3).build(), full)) {
            assertThat(rig.call().error(OverloadedException.class)).hasMessage("no room");
            assertThat(asked).hasValue(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void a_stream_that_broke_before_its_first_piece_is_begun_again(Caller caller) {
        Script script = Script.of(
                Reply.builder()
                        .chunks("a", "b")
                        .failAfter(0, new InternalServerException("broken"))
                        .build(),
                Reply.builder().chunks("a", "b").build());
        try (Rig rig = Rig.of(caller, script, atOnce(3).build())) {
            Outcome outcome = rig.call();

            assertThat(outcome.text()).isEqualTo("ab");
            assertThat(outcome.events()).containsExactly("text:a", "text:b", "complete");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void a_stream_that_broke_after_an_event_of_the_provider_has_not_begun_and_starts_again(Caller caller) {
        Script script = Script.of(
                Reply.builder()
                        .rawEvent("created 1")
                        .error(new InternalServerException("broken"))
                        .build(),
                Reply.builder().rawEvent("created 2").chunks("a", "b").build());
        try (Rig rig = Rig.of(caller, script, atOnce(3).build())) {
            assertThat(rig.call().events())
                    .containsExactly("raw:created 1", "raw:created 2", "text:a", "text:b", "complete");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void a_stream_that_broke_after_its_first_piece_fails(Caller caller) {
        Script script = Script.of(Reply.builder()
                .chunks("a", "b")
                .failAfter(1, new InternalServerException("broken"))
                .build());
        try (Rig rig = Rig.of(caller, script, atOnce(3).build())) {
            Outcome outcome = rig.call();

            assertThat(outcome.error(InternalServerException.class).getSuppressed())
                    .extracting(Throwable::getMessage)
                    .containsExactly(
                            STOPPED + "pieces of the stream were shown already; hold them back with Reprompting's"
                                    + " bufferStreams()");
            assertThat(outcome.events()).containsExactly("text:a", "error");
            assertThat(rig.metrics().actions()).containsExactly("retrying: released");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void a_stream_whose_pieces_are_held_back_is_begun_again_whenever_it_broke(Caller caller) {
        Script script = Script.of(
                Reply.builder()
                        .chunks("a", "b")
                        .failAfter(1, new InternalServerException("broken"))
                        .build(),
                Reply.builder().chunks("a", "b").build());
        try (Rig rig = Rig.of(
                caller,
                script,
                Reprompting.upTo(2).bufferStreams().until(Replies.haveLength(1, 10)),
                atOnce(3).build())) {
            assertThat(rig.call().events()).containsExactly("text:a", "text:b", "complete");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_model_that_throws_one_and_the_same_exception_does_not_fill_the_memory(Caller caller) {
        InternalServerException same = new InternalServerException("down");
        try (Rig rig = Rig.of(
                caller,
                Script.always(Reply.error(same)),
                atOnce(3).budget(RetryBudget.of(10, 0.1)).build())) {
            for (int i = 0; i < 100; i++) {
                assertThat(rig.call().error()).isSameAs(same);
            }

            assertThat(same.getSuppressed()).hasSizeLessThanOrEqualTo(3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_class_of_failures_that_throws_covers_nothing_and_hides_nothing(Caller caller) {
        FailureClass broken = FailureClass.of("BROKEN", e -> {
            throw new IllegalStateException("defect");
        });
        try (Rig rig =
                Rig.of(caller, Script.of(down("first")), atOnce(3).on(broken).build())) {
            assertThat(rig.call().error(InternalServerException.class).getSuppressed())
                    .extracting(Throwable::getMessage)
                    .containsExactly("failure class BROKEN of interceptor 'retrying' threw on being asked about this");
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_model_of_a_fallback_is_not_retried_here(Caller caller) {
        ScriptedChatModel other = ScriptedChatModel.of(down("other"));
        try (Rig rig = Rig.of(
                caller,
                Script.of(down("first"), down("second")),
                Fallback.to(other),
                atOnce(2).build())) {
            assertThat(rig.call().error(InternalServerException.class)).hasMessage("other");
            assertThat(rig.requests()).hasSize(2);
            assertThat(other.requests()).hasSize(1);
        }
    }

    @Test
    void tokens_of_rejected_answers_of_a_nested_pipeline_are_summed() {
        ScriptedChatModel model = ScriptedChatModel.of(
                Reply.builder().text("no").usage(5, 1).build(),
                Reply.builder().text("yes").usage(3, 1).build());
        List<FmReply> replies = Collections.synchronizedList(new ArrayList<>());
        Interceptor noting = Interceptor.of("noting", Phase.VALIDATE, (call, next) -> {
            FmReply reply = next.proceed(call);
            replies.add(reply);
            return reply;
        });
        try (FmPipeline inner = FmPipeline.builder()
                        .with(Reprompting.upTo(1).until(Replies.beOneOf(List.of("yes"))))
                        .build();
                FmPipeline outer = FmPipeline.builder()
                        .with(noting)
                        .with(atOnce(2).on(FailureClass.INVALID_REPLY).build())
                        .build()) {
            assertThat(outer.wrap((ChatModel) inner.wrap(model)).chat("Sure?")).isEqualTo("yes");
        }

        assertThat(replies.get(0).attempts()).isEqualTo(2);
        assertThat(replies.get(0).usage().totalTokenCount()).isEqualTo(10);
    }

    @Test
    void embeddings_are_retried_as_well() {
        ScriptedEmbeddingModel model = ScriptedEmbeddingModel.of(Script.of(
                down("first"), Reply.builder().vectors(new float[] {1}).build()));
        RecordingMetrics metrics = new RecordingMetrics();
        try (FmPipeline pipeline =
                FmPipeline.builder().metrics(metrics).with(atOnce(2).build()).build()) {
            EmbeddingModel wrapped = pipeline.wrap(model);

            assertThat(wrapped.embed("Hi").content().vector()).containsExactly(1);
            assertThat(metrics.calls().get(0).attempts()).isEqualTo(2);
        }
    }

    @Test
    void no_more_is_sent_in_all_than_the_budget_allows_however_many_call_at_once() throws Exception {
        for (int round = 0; round < 20; round++) {
            ScriptedChatModel model = ScriptedChatModel.of(Script.always(down("down")));
            CountDownLatch go = new CountDownLatch(1);
            List<Thread> threads = new ArrayList<>();
            try (FmPipeline pipeline = FmPipeline.builder()
                    .with(atOnce(3).budget(RetryBudget.of(20, 0.1)).build())
                    .build()) {
                ChatModel wrapped = pipeline.wrap((ChatModel) model);
                for (int i = 0; i < 8; i++) {
                    Thread thread = new Thread(() -> {
                        for (int call = 0; call < 25; call++) {
                            try {
                                go.await();
                                wrapped.chat("Hi");
                            } catch (InternalServerException | InterruptedException expected) {
                                // it is down
                            }
                        }
                    });
                    threads.add(thread);
                    thread.start();
                }
                go.countDown();
                for (Thread thread : threads) {
                    thread.join(20_000);
                }
            }
            assertThat(model.requests()).hasSizeLessThanOrEqualTo(209).hasSizeGreaterThanOrEqualTo(200);
        }
    }

    @Test
    void two_in_nested_pipelines_are_told_once_when_attempts_begin_to_multiply() {
        ScriptedChatModel model = ScriptedChatModel.of(Script.always(down("down")));
        try (FmPipeline inner = FmPipeline.builder().with(atOnce(2).build()).build();
                FmPipeline outer = FmPipeline.builder().with(atOnce(2).build()).build()) {
            ChatModel wrapped = outer.wrap((ChatModel) inner.wrap(model));

            String said = Logged.during(() -> {
                assertThatThrownBy(() -> wrapped.chat("Hi")).hasMessage("down");
                assertThatThrownBy(() -> wrapped.chat("Hi")).hasMessage("down");
            });

            assertThat(said.lines())
                    .singleElement()
                    .asString()
                    .endsWith("interceptor 'retrying' retries calls of FmChatModel, which is wrapped in a pipeline that"
                            + " retries them too, so that attempts multiply; keep one of the two");
            assertThat(model.requests()).hasSize(8);
        }
    }

    @Test
    void two_in_one_pipeline_are_refused() {
        assertThatThrownBy(() -> FmPipeline.builder()
                        .with(atOnce(3).build())
                        .with(atOnce(4).named("again").build())
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("interceptors 'retrying' and 'again' of one pipeline both retry, so that up to 12 attempts"
                        + " would be made; keep one");
    }

    @Test
    void a_bound_of_each_attempt_that_would_bound_all_of_them_is_refused() {
        assertThatThrownBy(() -> FmPipeline.builder()
                        .with(Deadlines.ofEachAttempt(Duration.ofSeconds(1)))
                        .with(atOnce(3).build())
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "interceptor 'attemptDeadlines' stands before 'retrying', so that it would bound all attempts"
                                + " together; give retrying to the pipeline first, or use Deadlines.of(..)");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 0, -1})
    void fewer_than_two_attempts_are_refused(int attempts) {
        assertThatThrownBy(() -> Retrying.upTo(attempts))
                .hasMessage("retrying takes at least 2 attempts, the first included, but is allowed " + attempts
                        + "; leave it out where nothing is to be tried again");
    }

    @Test
    void settings_out_of_range_are_refused() {
        Retrying.Builder builder = Retrying.upTo(3);
        assertThatThrownBy(() -> builder.firstDelay(Duration.ZERO))
                .hasMessage("the first delay must be positive and at most a day, but is PT0S");
        assertThatThrownBy(() -> builder.longestDelay(Duration.ofSeconds(-1)))
                .hasMessage("the longest delay must be positive and at most a day, but is PT-1S");
        assertThatThrownBy(() -> builder.longestWait(Duration.ofDays(2)))
                .hasMessage("the longest wait must be positive and at most a day, but is PT48H");
        for (double factor : new double[] {0.9, 10.1, Double.NaN}) {
            assertThatThrownBy(() -> builder.factor(factor))
                    .hasMessage("the factor of the delays must be from 1 to 10, but is " + factor);
        }
        assertThatThrownBy(builder::on).hasMessage("at least one class of failures is needed to act on");
        assertThatThrownBy(() -> builder.firstDelay(Duration.ofSeconds(30)).build())
                .hasMessage("the first delay of 30 s is longer than the longest delay of 20 s; change either");
    }

    @Test
    void it_says_what_it_does() {
        assertThat(Retrying.upTo(3).build())
                .hasToString("Retrying[retrying, maxAttempts=3, on=[TRANSIENT], budget=RetryBudget[maxTokens=100,"
                        + " ratio=0.1]]");
        assertThat(Retrying.upTo(3).build().phase()).isEqualTo(Phase.RETRY);
        assertThat(Retrying.upTo(3).withoutBudget().build().toString()).contains("budget=null");
    }

    @Test
    void options_of_the_caller_reach_each_attempt() {
        try (Rig rig = Rig.of(
                Caller.CHAT,
                Script.of(wait("20s")),
                b -> b.time(clock).with(atOnce(3).build()))) {
            ChatRequestOptions options = CallOptions.deadline(Duration.ofSeconds(5));

            assertThat(rig.call(Rig.request("Hi"), options)
                            .error(RateLimitException.class)
                            .getSuppressed()[0])
                    .hasMessageContaining("the deadline leaves 5 s");
        }
    }
}
