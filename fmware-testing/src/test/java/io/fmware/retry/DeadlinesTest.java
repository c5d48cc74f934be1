package io.fmware.retry;

import static io.fmware.retry.Scene.request;
import static io.fmware.retry.Scene.script;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.embedding.EmbeddingModel;
import io.fmware.CallOptions;
import io.fmware.DeadlineExceededException;
import io.fmware.FmPipeline;
import io.fmware.Interceptor;
import io.fmware.Operation;
import io.fmware.Phase;
import io.fmware.route.Fallback;
import io.fmware.testing.ManualClock;
import io.fmware.testing.Quirk;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedEmbeddingModel;
import io.fmware.testing.ScriptedStreamingChatModel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class DeadlinesTest {
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
    private static final Duration ALMOST = TEN_SECONDS.minusNanos(1);

    private final ManualClock clock = ManualClock.create();

    private Scene scene(Way way, Script script, Interceptor... interceptors) {
        return Scene.of(way, script, b -> {
            List.of(interceptors).forEach(b::with);
            return b.time(clock);
        });
    }

    private static String message(Way way, String allowed) {
        return "the deadline of " + allowed + " passed while waiting for "
                + (way == Way.STREAM ? "ScriptedStreamingChatModel" : "ScriptedChatModel")
                + ", attempt 1; allow more time with Deadlines, or ask for less";
    }

    @ParameterizedTest
    @EnumSource
    void a_call_whose_caller_set_no_deadline_is_bounded(Way way) {
        try (Scene scene = scene(way, script(Reply.never()), Deadlines.of(TEN_SECONDS))) {
            CompletableFuture<Answered> asked = scene.start(request("Hi"), ChatRequestOptions.EMPTY);
            scene.awaitRequests(1);
            clock.awaitTimers(1);
            clock.advance(ALMOST);
            assertThat(asked).isNotDone();
            clock.advance(Duration.ofNanos(1));

            assertThat(Scene.await(asked).failure(DeadlineExceededException.class))
                    .hasMessage(message(way, "10 s"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_answer_in_time_is_returned(Way way) {
        try (Scene scene = scene(way, Script.replying("hello"), Deadlines.of(TEN_SECONDS))) {
            assertThat(scene.ask("Hi").text()).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_caller_may_ask_for_less_time(Way way) {
        try (Scene scene = scene(way, script(Reply.never()), Deadlines.of(TEN_SECONDS))) {
            CompletableFuture<Answered> asked =
                    scene.start(request("Hi"), CallOptions.deadline(Duration.ofMillis(1500)));
            scene.awaitRequests(1);
            clock.awaitTimers(1);
            clock.advance(Duration.ofMillis(1500));

            assertThat(Scene.await(asked).failure(DeadlineExceededException.class))
                    .hasMessage(message(way, "1500 ms"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_caller_cannot_ask_for_more_time(Way way) {
        try (Scene scene = scene(way, script(Reply.never()), Deadlines.of(TEN_SECONDS))) {
            CompletableFuture<Answered> asked = scene.start(request("Hi"), CallOptions.deadline(Duration.ofDays(1)));
            scene.awaitRequests(1);
            clock.awaitTimers(1);
            clock.advance(TEN_SECONDS);

            assertThat(Scene.await(asked).failure(DeadlineExceededException.class))
                    .hasMessage(message(way, "10 s"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void each_call_has_its_own_time(Way way) {
        try (Scene scene = scene(way, Script.always(Reply.text("hello")), Deadlines.of(TEN_SECONDS))) {
            for (int i = 0; i < 3; i++) {
                assertThat(scene.ask("Hi").text()).isEqualTo("hello");
                clock.advance(ALMOST);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void all_attempts_and_pauses_share_the_time(Way way) {
        Interceptor retry = Interceptor.of("retry", Phase.RETRY, (call, next) -> {
            try {
                return next.proceed(call);
            } catch (RuntimeException e) {
                clock.advance(Duration.ofSeconds(6));
                call.pause(Duration.ofSeconds(5));
                return next.proceed(call.nextAttempt());
            }
        });
        try (Scene scene =
                scene(way, script(Reply.error(new RuntimeException("down"))), Deadlines.of(TEN_SECONDS), retry)) {
            assertThat(scene.ask("Hi").failure(DeadlineExceededException.class))
                    .hasMessage("the deadline of 10 s passed while a pause of 5 s was due; allow more time with"
                            + " Deadlines, or ask for less");
            assertThat(scene.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_fallback_has_only_the_time_that_is_left(Way way) {
        ScriptedChatModel slow = ScriptedChatModel.of(Reply.never());
        Interceptor takesSeven = Interceptor.of("takes-seven", Phase.LIMIT, (call, next) -> {
            clock.advance(Duration.ofSeconds(7));
            return next.proceed(call);
        });
        try (Scene scene = scene(
                way,
                script(Reply.error(new RuntimeException("down"))),
                Deadlines.of(TEN_SECONDS),
                Fallback.to(slow),
                takesSeven)) {
            CompletableFuture<Answered> asked = scene.start(request("Hi"), ChatRequestOptions.EMPTY);
            slow.awaitRequests(1);
            clock.awaitTimers(1);
            clock.advance(Duration.ofSeconds(3));

            DeadlineExceededException failure = Scene.await(asked).failure(DeadlineExceededException.class);
            assertThat(failure)
                    .hasMessage("the deadline of 10 s passed while waiting for ScriptedChatModel, attempt 1; allow more"
                            + " time with Deadlines, or ask for less");
            assertThat(failure.getSuppressed())
                    .as("why the first model did not answer")
                    .extracting(Throwable::getMessage)
                    .containsExactly("down");
        } finally {
            slow.release();
        }
    }

    @Test
    void a_stream_that_stalls_in_its_middle_is_bounded_and_what_it_sends_late_is_dropped() {
        Reply stalling = Reply.builder().text("one two three").stallAfter(2).build();
        try (Scene scene = scene(Way.STREAM, script(stalling), Deadlines.of(TEN_SECONDS))) {
            CompletableFuture<Answered> asked = scene.start(request("Hi"), ChatRequestOptions.EMPTY);
            scene.awaitRequests(1);
            clock.awaitTimers(1);
            clock.advance(TEN_SECONDS);

            Answered answered = Scene.await(asked);
            assertThat(answered.failure(DeadlineExceededException.class)).hasMessage(message(Way.STREAM, "10 s"));
            assertThat(answered.events()).isSubsetOf("text:one ", "text:two ");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_model_that_ignores_its_interrupt_is_left_behind(Way way) {
        Reply deaf = Reply.builder()
                .text("late")
                .quirks(Quirk.BLOCKS_UNINTERRUPTIBLY)
                .build();
        try (Scene scene = scene(way, script(deaf), Deadlines.of(TEN_SECONDS))) {
            CompletableFuture<Answered> asked = scene.start(request("Hi"), ChatRequestOptions.EMPTY);
            scene.awaitRequests(1);
            clock.awaitTimers(1);
            clock.advance(TEN_SECONDS);

            assertThat(Scene.await(asked).failure(DeadlineExceededException.class))
                    .hasMessage(message(way, "10 s"));
        }
    }

    @Test
    void embeddings_are_bounded_too() throws Exception {
        ScriptedEmbeddingModel model = ScriptedEmbeddingModel.of(Script.of(Reply.never()));
        try (FmPipeline pipeline =
                FmPipeline.builder().time(clock).with(Deadlines.of(TEN_SECONDS)).build()) {
            EmbeddingModel bounded = pipeline.wrap(model);
            CompletableFuture<Throwable> failed = CompletableFuture.supplyAsync(() -> {
                try {
                    bounded.embed("some text");
                    return new AssertionError("answered");
                } catch (RuntimeException e) {
                    return e;
                }
            });
            try {
                clock.awaitTimers(1);
                clock.advance(TEN_SECONDS);

                assertThat(failed.get(10, TimeUnit.SECONDS))
                        .isExactlyInstanceOf(DeadlineExceededException.class)
                        .hasMessage("the deadline of 10 s passed while waiting for ScriptedEmbeddingModel, attempt 1;"
                                + " allow more time with Deadlines, or ask for less");
            } finally {
                model.release(); // before the pipeline is closed, which waits for it
            }
        }
    }

    @Test
    void a_pipeline_inside_another_can_only_shorten_the_time() {
        ScriptedStreamingChatModel stream = ScriptedStreamingChatModel.of(Script.of());
        for (Duration inner : List.of(Duration.ofSeconds(3), Duration.ofSeconds(30))) {
            ManualClock time = ManualClock.create();
            try (FmPipeline own = FmPipeline.builder()
                            .time(time)
                            .with(Deadlines.of(inner))
                            .build();
                    Scene scene = Scene.of(
                            Way.ASYNC,
                            (ChatModel) own.wrap(ScriptedChatModel.of(Reply.never())),
                            stream,
                            b -> b.time(time).with(Deadlines.of(TEN_SECONDS)))) {
                CompletableFuture<Answered> asked = scene.start(request("Hi"), ChatRequestOptions.EMPTY);
                time.awaitTimers(1);
                time.advance(inner.compareTo(TEN_SECONDS) < 0 ? inner : TEN_SECONDS);

                assertThat(Scene.await(asked).error())
                        .isExactlyInstanceOf(DeadlineExceededException.class)
                        .hasMessageStartingWith(
                                "the deadline of " + Math.min(inner.toSeconds(), 10) + " s passed while waiting");
            }
        }
    }

    @Test
    void two_in_one_pipeline_are_refused_also_under_another_name() {
        Deadlines ten = Deadlines.of(TEN_SECONDS);
        Deadlines twenty = Deadlines.of(Duration.ofSeconds(20));
        Interceptor renamed = Interceptor.of("long", Phase.DEADLINE, twenty);

        assertThatThrownBy(() -> FmPipeline.builder().with(ten).with(twenty).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("deadlines of PT10S and of PT20S are in one pipeline, and only the shorter one would ever"
                        + " hold; keep that");
        assertThatThrownBy(() -> FmPipeline.builder().with(ten).with(renamed).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("deadlines of PT10S and of PT20S are in one pipeline, and only the shorter one would ever"
                        + " hold; keep that");
        Interceptor both = Interceptor.of("short", Phase.DEADLINE, ten);
        assertThatThrownBy(() -> FmPipeline.builder().with(both).with(renamed).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("deadlines of PT10S and of PT20S are in one pipeline, and only the shorter one would ever"
                        + " hold; keep that");
        assertThatThrownBy(() -> FmPipeline.builder().with(ten).with(ten).build())
                .hasMessage("interceptor 'deadlines' (io.fmware.retry.Deadlines) was added twice; add it once");
    }

    @Test
    void a_time_that_is_none_is_refused() {
        for (Duration none : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
            assertThatThrownBy(() -> Deadlines.of(none))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("the time allowed for a call must be positive, but is " + none);
        }
    }

    @Test
    void a_time_of_centuries_is_as_good_as_none() {
        try (Scene scene = scene(Way.CHAT, Script.replying("hello"), Deadlines.of(Duration.ofDays(365L * 10_000)))) {
            assertThat(scene.ask("Hi").text()).isEqualTo("hello");
        }
    }

    @Test
    void it_stands_outermost_for_all_operations() {
        assertThat(Deadlines.of(TEN_SECONDS).phase()).isEqualTo(Phase.DEADLINE);
        assertThat(Deadlines.of(TEN_SECONDS).operations()).containsExactlyInAnyOrder(Operation.values());
        assertThat(Deadlines.of(TEN_SECONDS)).hasToString("Deadlines[deadlines PT10S]");
        assertThat(Deadlines.ofEachAttempt(TEN_SECONDS)).hasToString("Deadlines[attemptDeadlines PT10S]");
    }

    // Of each attempt

    @ParameterizedTest
    @EnumSource
    void an_attempt_that_takes_too_long_leaves_time_for_another_model(Way way) {
        ScriptedChatModel other = ScriptedChatModel.replying("from B");
        try (Scene scene = scene(
                way,
                script(Reply.never()),
                Deadlines.of(TEN_SECONDS),
                Deadlines.ofEachAttempt(Duration.ofSeconds(4)),
                Fallback.to(other))) {
            CompletableFuture<Answered> asked = scene.start(request("Hi"), ChatRequestOptions.EMPTY);
            scene.awaitRequests(1);
            clock.awaitTimers(1);
            clock.advance(Duration.ofSeconds(4));

            assertThat(Scene.await(asked).text()).isEqualTo("from B");
            assertThat(scene.pipeline()).hasToString("deadlines(fallback(attemptDeadlines(model)))");
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_bound_of_an_attempt_does_not_hold_for_another_model_but_that_of_the_call_does(Way way) {
        ScriptedChatModel other = ScriptedChatModel.of(Reply.never());
        try (Scene scene = scene(
                way,
                script(Reply.error(new RuntimeException("down"))),
                Deadlines.of(TEN_SECONDS),
                Deadlines.ofEachAttempt(Duration.ofSeconds(4)),
                Fallback.to(other))) {
            CompletableFuture<Answered> asked = scene.start(request("Hi"), ChatRequestOptions.EMPTY);
            other.awaitRequests(1);
            clock.awaitTimers(1);
            clock.advance(ALMOST);
            assertThat(asked).isNotDone();
            clock.advance(Duration.ofNanos(1));

            assertThat(Scene.await(asked).failure(DeadlineExceededException.class))
                    .hasMessageStartingWith("the deadline of 10 s passed while waiting for ScriptedChatModel");
        } finally {
            other.release();
        }
    }

    @ParameterizedTest
    @EnumSource
    void every_attempt_of_re_prompting_has_its_own_time(Way way) {
        Validator slow = (call, response) -> {
            clock.advance(Duration.ofSeconds(3));
            return response.aiMessage().text().equals("yes") ? Verdict.valid() : Verdict.invalid("Say yes.");
        };
        try (Scene scene = scene(
                way,
                Script.replying("a", "b", "yes"),
                Deadlines.of(TEN_SECONDS),
                Deadlines.ofEachAttempt(Duration.ofSeconds(4)),
                Reprompting.upTo(3).bufferStreams().until(slow))) {
            assertThat(scene.ask("Sure?").text()).isEqualTo("yes");
        }
    }

    @ParameterizedTest
    @EnumSource
    void without_another_model_an_attempt_that_takes_too_long_fails_the_call(Way way) {
        try (Scene scene = scene(way, script(Reply.never()), Deadlines.ofEachAttempt(Duration.ofSeconds(4)))) {
            CompletableFuture<Answered> asked = scene.start(request("Hi"), ChatRequestOptions.EMPTY);
            scene.awaitRequests(1);
            clock.awaitTimers(1);
            clock.advance(Duration.ofSeconds(4));

            assertThat(Scene.await(asked).failure(DeadlineExceededException.class))
                    .hasMessage(message(way, "4 s"));
        }
    }

    @Test
    void a_stream_whose_attempt_stalls_after_its_first_piece_is_not_continued_by_another_model() {
        Reply stalling = Reply.builder().text("one two").stallAfter(1).build();
        ScriptedChatModel other = ScriptedChatModel.replying("from B");
        ScriptedStreamingChatModel stream = ScriptedStreamingChatModel.builder()
                .script(script(stalling))
                .timeSource(clock)
                .build();
        try (Scene scene = Scene.of(
                Way.STREAM,
                ScriptedChatModel.of(Script.of()),
                stream,
                b -> b.time(clock)
                        .with(Deadlines.ofEachAttempt(Duration.ofSeconds(4)))
                        .with(Fallback.to(other)))) {
            CompletableFuture<Answered> asked = scene.start(request("Hi"), ChatRequestOptions.EMPTY);
            scene.awaitRequests(1);
            clock.awaitWaiters(2); // the chain, and the model that stalls
            clock.advance(Duration.ofSeconds(4));

            Answered answered = Scene.await(asked);
            answered.failure(DeadlineExceededException.class);
            assertThat(answered.events()).containsExactly("text:one ");
            assertThat(other.requests()).isEmpty();
        }
    }

    @Test
    void one_of_the_call_and_one_of_the_attempts_go_together_and_two_of_the_attempts_do_not() {
        Deadlines attempts = Deadlines.ofEachAttempt(Duration.ofSeconds(4));

        try (FmPipeline pipeline = FmPipeline.builder()
                .with(attempts)
                .with(Deadlines.of(TEN_SECONDS))
                .build()) {
            assertThat(pipeline).hasToString("deadlines(attemptDeadlines(model))");
        }
        assertThatThrownBy(() -> FmPipeline.builder()
                        .with(attempts)
                        .with(Deadlines.ofEachAttempt(TEN_SECONDS))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("deadlines of PT4S and of PT10S are in one pipeline, and only the shorter one would ever"
                        + " hold; keep that");
        assertThatThrownBy(() -> Deadlines.ofEachAttempt(Duration.ZERO))
                .hasMessage("the time allowed for a call must be positive, but is PT0S");
    }
}
