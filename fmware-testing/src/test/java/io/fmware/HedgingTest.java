package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.fmware.retry.Deadlines;
import io.fmware.retry.Replies;
import io.fmware.retry.Reprompting;
import io.fmware.route.ConcurrencyLimit;
import io.fmware.route.Hedging;
import io.fmware.testing.ManualClock;
import io.fmware.testing.Reply;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedStreamingChatModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class HedgingTest {
    private static final Duration DELAY = Duration.ofSeconds(1);
    private static final int TIMES = 1_500;

    private final ManualClock clock = ManualClock.create();
    private final Held model = new Held();
    private final AtOnce atOnce = new AtOnce();

    @AfterEach
    void stop() {
        atOnce.close();
    }

    private static Hedging always() {
        return Hedging.builder().after(DELAY).atMost(1).build();
    }

    private Rig rig(Caller caller, Interceptor... interceptors) {
        return Rig.of(caller, model, model, builder -> {
            builder.time(clock);
            List.of(interceptors).forEach(builder::with);
            return builder;
        });
    }

    /** Moves the clock once the second attempt waits for it. */
    private void passDelay(Caller caller) {
        clock.awaitTimers(caller == Caller.CHAT_WITH_A_DEADLINE ? 2 : 1);
        clock.advance(DELAY);
    }

    // Who wins

    @ParameterizedTest
    @EnumSource
    void a_call_that_answers_in_time_is_asked_once(Caller caller) {
        try (Rig rig = rig(caller, always())) {
            Rig.Running running = rig.start();
            model.awaitAsked().answer("yes");

            assertThat(running.await().text()).isEqualTo("yes");
            assertThat(model.isAskedAgain()).isFalse();
            assertThat(rig.metrics().actions()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_slow_call_is_asked_a_second_time_and_the_answer_that_comes_first_is_given(Caller caller) {
        try (Rig rig = rig(caller, always())) {
            Rig.Running running = rig.start();
            Held.Asked slow = model.awaitAsked();
            passDelay(caller);
            model.awaitAsked().answer("second");

            Outcome outcome = running.await();
            assertThat(outcome.text()).isEqualTo("second");
            if (caller.isStream()) {
                assertThat(outcome.events()).containsExactly("text:second", "complete");
                slow.emit("late");
            }
            Awaitility.await().until(slow::isGivenUp);
            assertThat(rig.metrics().actions()).containsExactly("hedging: hedged", "hedging: hedge won");
            rig.threads().awaitIdle();
            assertThat(rig.metrics().calls())
                    .singleElement()
                    .extracting(CallOutcome::attempts)
                    .isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_first_attempt_may_still_win_and_the_second_is_given_up(Caller caller) {
        try (Rig rig = rig(caller, always())) {
            Rig.Running running = rig.start();
            Held.Asked first = model.awaitAsked();
            passDelay(caller);
            Held.Asked second = model.awaitAsked();
            first.answer("first");

            assertThat(running.await().text()).isEqualTo("first");
            second.emit("late");
            Awaitility.await().until(second::isGivenUp);
            assertThat(rig.metrics().actions()).containsExactly("hedging: hedged");
            rig.threads().awaitIdle();
            assertThat(rig.metrics().calls())
                    .singleElement()
                    .extracting(CallOutcome::attempts)
                    .isEqualTo(2);
        }
    }

    // Failures

    @ParameterizedTest
    @EnumSource
    void an_attempt_that_fails_before_another_is_due_fails_the_call(Caller caller) {
        try (Rig rig = rig(caller, always())) {
            Rig.Running running = rig.start();
            model.awaitAsked().fail(new RateLimitException("no"));

            assertThat(running.await().error(RateLimitException.class)).hasMessage("no");
            assertThat(model.isAskedAgain()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_first_attempt_that_fails_waits_for_the_second(Caller caller) {
        try (Rig rig = rig(caller, always())) {
            Rig.Running running = rig.start();
            Held.Asked first = model.awaitAsked();
            passDelay(caller);
            Held.Asked second = model.awaitAsked();
            first.fail(new RateLimitException("no"));
            second.answer("second");

            assertThat(running.await().text()).isEqualTo("second");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_second_attempt_that_fails_leaves_the_first_alone(Caller caller) {
        try (Rig rig = rig(caller, always())) {
            Rig.Running running = rig.start();
            Held.Asked first = model.awaitAsked();
            passDelay(caller);
            model.awaitAsked().fail(new RateLimitException("no"));
            first.answer("first");

            assertThat(running.await().text()).isEqualTo("first");
        }
    }

    @ParameterizedTest
    @EnumSource
    void when_both_fail_the_failure_of_the_first_is_thrown_with_that_of_the_second_suppressed(Caller caller) {
        try (Rig rig = rig(caller, always())) {
            Rig.Running running = rig.start();
            Held.Asked first = model.awaitAsked();
            passDelay(caller);
            model.awaitAsked().fail(new RateLimitException("second"));
            first.fail(new RateLimitException("first"));

            RateLimitException failure = running.await().error(RateLimitException.class);
            assertThat(failure).hasMessage("first");
            assertThat(failure.getSuppressed())
                    .singleElement()
                    .extracting(Throwable::getMessage)
                    .isEqualTo("second");
        }
    }

    @ParameterizedTest
    @EnumSource
    void one_exception_thrown_by_both_is_not_attached_to_itself(Caller caller) {
        RateLimitException same = new RateLimitException("no");
        try (Rig rig = rig(caller, always())) {
            Rig.Running running = rig.start();
            Held.Asked first = model.awaitAsked();
            passDelay(caller);
            model.awaitAsked().fail(same);
            first.fail(same);

            assertThat(running.await().error()).isSameAs(same).hasNoSuppressedExceptions();
        }
    }

    // Streams

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void the_attempt_that_emits_first_goes_on_live_and_nothing_of_the_other_is_shown(Caller caller) {
        RecordingHandler handler = new RecordingHandler();
        try (Rig rig = rig(caller, always())) {
            Rig.Running running = rig.start(handler);
            Held.Asked first = model.awaitAsked();
            passDelay(caller);
            Held.Asked second = model.awaitAsked();
            second.emit("b1 ");
            assertThat(handler.events()).containsExactly("text:b1 ");
            first.emit("a1 ");
            first.answer("a2");
            assertThat(handler.events()).containsExactly("text:b1 ");
            second.answer("b2");

            assertThat(running.await().events()).containsExactly("text:b1 ", "text:b2", "complete");
            assertThat(first.isGivenUp()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void a_stream_that_has_begun_is_not_hedged_however_long_it_takes(Caller caller) {
        try (Rig rig = rig(caller, always())) {
            Rig.Running running = rig.start();
            Held.Asked first = model.awaitAsked();
            first.emit("a ");
            clock.advance(DELAY.multipliedBy(10));
            first.answer("b");

            assertThat(running.await().events()).containsExactly("text:a ", "text:b", "complete");
            assertThat(model.isAskedAgain()).isFalse();
            assertThat(rig.metrics().actions()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void an_event_of_the_provider_wins_nothing_and_is_shown_in_its_place_once_its_attempt_has_won(Caller caller) {
        RecordingHandler handler = new RecordingHandler();
        try (Rig rig = rig(caller, always())) {
            Rig.Running running = rig.start(handler);
            Held.Asked first = model.awaitAsked();
            first.emitRaw("created a");
            passDelay(caller);
            Held.Asked second = model.awaitAsked();
            second.emitRaw("created b");
            second.emitRaw("in progress b");
            assertThat(handler.events()).isEmpty();
            second.emit("b1 ");
            assertThat(handler.events()).containsExactly("raw:created b", "raw:in progress b", "text:b1 ");
            first.emitRaw("late");
            second.emitRaw("done b");
            second.answer("b2");

            assertThat(running.await().events())
                    .containsExactly(
                            "raw:created b", "raw:in progress b", "text:b1 ", "raw:done b", "text:b2", "complete");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void the_events_of_a_provider_come_before_an_answer_that_wins_in_one_piece(Caller caller) {
        for (boolean isFirst : List.of(true, false)) {
            try (Rig rig = rig(caller, always())) {
                Rig.Running running = rig.start();
                Held.Asked first = model.awaitAsked();
                first.emitRaw("created a");
                passDelay(caller);
                Held.Asked second = model.awaitAsked();
                second.emitRaw("created b");
                (isFirst ? first : second).answer(Reply.text("whole"));

                assertThat(running.await().events())
                        .containsExactly(isFirst ? "raw:created a" : "raw:created b", "text:whole", "complete");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void the_events_of_an_attempt_that_is_made_again_below_are_forgotten_with_it(Caller caller) {
        Interceptor again = Interceptor.of("again", Phase.LIMIT, (call, next) -> {
            try {
                return next.proceed(call);
            } catch (RateLimitException e) {
                assertThat(call.sink().restart()).isTrue();
                return next.proceed(call);
            }
        });
        try (Rig rig = rig(caller, always(), again)) {
            Rig.Running running = rig.start();
            Held.Asked failing = model.awaitAsked();
            failing.emitRaw("created");
            failing.fail(new RateLimitException("slow down"));
            model.awaitAsked().answer("yes");

            assertThat(running.await().events()).containsExactly("text:yes", "complete");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void a_winner_that_fails_after_it_was_shown_fails_the_call(Caller caller) {
        try (Rig rig = rig(caller, always())) {
            Rig.Running running = rig.start();
            model.awaitAsked();
            passDelay(caller);
            Held.Asked second = model.awaitAsked();
            second.emit("b ");
            second.fail(new RateLimitException("broken"));

            assertThat(running.await().error(RateLimitException.class)).hasMessage("broken");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void a_handler_that_throws_ends_both_attempts(Caller caller) {
        IllegalStateException thrown = new IllegalStateException("of the handler");
        RecordingHandler handler = new RecordingHandler().onText((text, handle) -> {
            throw thrown;
        });
        try (Rig rig = rig(caller, always())) {
            Rig.Running running = rig.start(handler);
            Held.Asked first = model.awaitAsked();
            passDelay(caller);
            model.awaitAsked().emit("b");

            assertThat(running.await().error()).isSameAs(thrown);
            first.emit("late");
            assertThat(first.isGivenUp()).isTrue();
        }
    }

    // The end of the call

    @ParameterizedTest
    @EnumSource
    void a_caller_who_cancels_ends_both_attempts(Caller caller) {
        try (Rig rig = rig(caller, always())) {
            Rig.Running running = rig.start();
            model.awaitAsked();
            passDelay(caller);
            model.awaitAsked();
            running.cancel();

            assertThat(running.await().error())
                    .satisfiesAnyOf(
                            e -> assertThat(e).isInstanceOf(CancelledException.class),
                            e -> assertThat(e).isInstanceOf(CancellationException.class));
            rig.threads().awaitIdle();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_deadline_ends_both_attempts(Caller caller) {
        try (Rig rig = rig(caller, Deadlines.of(Duration.ofSeconds(5)), always())) {
            Rig.Running running = rig.start();
            model.awaitAsked();
            clock.awaitTimers(2);
            clock.advance(DELAY);
            model.awaitAsked();
            clock.awaitTimers(2);
            clock.advance(Duration.ofSeconds(4));

            running.await().error(DeadlineExceededException.class);
            rig.threads().awaitIdle();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_call_whose_deadline_comes_before_the_second_attempt_would_is_not_hedged(Caller caller) {
        try (Rig rig = rig(caller, Deadlines.of(DELAY), always())) {
            Rig.Running running = rig.start();
            model.awaitAsked();
            clock.awaitTimers(1);
            assertThat(clock.waiters()).isEqualTo(1);
            clock.advance(DELAY);

            running.await().error(DeadlineExceededException.class);
            assertThat(model.isAskedAgain()).isFalse();
        }
    }

    @Test
    void where_no_thread_is_free_the_first_attempt_goes_on_alone() {
        try (FmPipeline pipeline = FmPipeline.builder()
                .executor(task -> {
                    throw new RejectedExecutionException("full");
                })
                .with(always())
                .build()) {
            ChatModel wrapped = pipeline.wrap(ScriptedChatModel.replying("alone"));

            assertThat(wrapped.chat(Rig.request("hello")).aiMessage().text()).isEqualTo("alone");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_second_attempt_that_a_limit_refuses_is_no_attempt_and_no_failure(Caller caller) {
        ConcurrencyLimit one = ConcurrencyLimit.builder().fixed(1).queue(0).build();
        try (Rig rig = rig(caller, always(), one)) {
            Rig.Running running = rig.start();
            Held.Asked first = model.awaitAsked();
            passDelay(caller);
            Awaitility.await().until(() -> rig.metrics().actions().contains("concurrencyLimit: refused"));
            first.answer("first");

            assertThat(running.await().text()).isEqualTo("first");
            rig.threads().awaitIdle();
            assertThat(rig.metrics().calls())
                    .singleElement()
                    .extracting(CallOutcome::attempts)
                    .isEqualTo(1);
        }
    }

    /** A second attempt that is asked twice, counts twice, though the first one wins. */
    @ParameterizedTest
    @EnumSource
    void each_time_that_a_model_was_asked_counts_whoever_wins(Caller caller) {
        Interceptor again = Interceptor.of("again", Phase.LIMIT, (call, next) -> {
            try {
                return next.proceed(call);
            } catch (RateLimitException e) {
                return next.proceed(call);
            }
        });
        AtomicReference<FmReply> seen = new AtomicReference<>();
        Interceptor watcher = Interceptor.of("watcher", Phase.ADMIT, (call, next) -> {
            seen.set(next.proceed(call));
            return seen.get();
        });
        try (Rig rig = rig(caller, watcher, always(), again)) {
            Rig.Running running = rig.start();
            Held.Asked first = model.awaitAsked();
            passDelay(caller);
            model.awaitAsked().fail(new RateLimitException("slow down"));
            model.awaitAsked();
            first.answer("first");

            assertThat(running.await().text()).isEqualTo("first");
            assertThat(seen.get().attempts()).isEqualTo(3);
        }
    }

    // When

    /** Answers at once, while its own latency passes on the clock. */
    private final class Ticking implements ChatModel {
        private final AtomicInteger asked = new AtomicInteger();
        private volatile Duration latency = Duration.ofMillis(100);

        @Override
        public ChatResponse chat(ChatRequest request) {
            asked.incrementAndGet();
            clock.advance(latency);
            return Reply.text("tick").response();
        }
    }

    private Rig ticking(Ticking ticking, Hedging hedging, UnaryOperator<FmPipeline.Builder> more) {
        return Rig.of(
                Caller.CHAT,
                ticking,
                ScriptedStreamingChatModel.replying("unused"),
                builder -> more.apply(builder.time(clock).with(hedging)));
    }

    private static void call(Rig rig, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(rig.call().text()).isEqualTo("tick");
        }
    }

    @Test
    void nothing_is_hedged_before_enough_is_known_of_the_model() {
        Ticking ticking = new Ticking();
        try (Rig rig = ticking(ticking, Hedging.builder().atMost(1).build(), b -> b)) {
            call(rig, 29);
            ticking.latency = Duration.ofSeconds(100);
            call(rig, 1);

            assertThat(ticking.asked).hasValue(30);
            assertThat(rig.metrics().actions()).isEmpty();
        }
    }

    @Test
    void a_model_that_answers_too_quickly_is_not_hedged() {
        Ticking ticking = new Ticking();
        ticking.latency = Duration.ofMillis(9);
        AtomicReference<Thread> askedOn = new AtomicReference<>();
        Interceptor watching = Interceptor.of("watching", Phase.LIMIT, (call, next) -> {
            askedOn.set(Thread.currentThread());
            assertThat(call.isAbandonable()).isFalse();
            return next.proceed(call);
        });
        try (Rig rig = ticking(ticking, Hedging.builder().atMost(1).build(), b -> b.with(watching))) {
            call(rig, 50);

            assertThat(askedOn.get()).isSameAs(Thread.currentThread());
            assertThat(rig.metrics().actions()).isEmpty();
        }
    }

    @Test
    void the_second_attempt_starts_after_the_quantile_of_what_the_model_took() {
        AtomicInteger asked = new AtomicInteger();
        ChatModel switching = new ChatModel() {
            @Override
            public ChatResponse chat(ChatRequest request) {
                if (asked.incrementAndGet() <= 30) {
                    clock.advance(Duration.ofMillis(100));
                    return Reply.text("tick").response();
                }
                return model.chat(request);
            }
        };
        try (Rig rig = Rig.of(
                Caller.CHAT,
                switching,
                model,
                b -> b.time(clock).with(Hedging.builder().atMost(0.05).build()))) {
            call(rig, 30);
            Rig.Running running = rig.start();
            model.awaitAsked();
            clock.awaitTimers(1);
            clock.advance(Duration.ofMillis(99));
            assertThat(clock.waiters())
                    .as("the first attempt, and the second, which waits")
                    .isEqualTo(2);
            clock.advance(Duration.ofMillis(4)); // the quantile is known to a thirty-second
            model.awaitAsked().answer("second");

            assertThat(running.await().text()).isEqualTo("second");
            assertThat(asked).hasValue(32);
        }
    }

    /** Answers a blocking call whole after ten seconds, and a stream after 100 ms, until it is held. */
    private final class Paced implements ChatModel, StreamingChatModel {
        private volatile boolean held;

        @Override
        public ChatResponse chat(ChatRequest request) {
            if (held) {
                return model.chat(request);
            }
            clock.advance(Duration.ofSeconds(10));
            return Reply.text("tick").response();
        }

        @Override
        public void chat(ChatRequest request, StreamingChatResponseHandler handler) {
            if (held) {
                model.chat(request, handler);
                return;
            }
            handler.onUnmappedRawEvent("created");
            clock.advance(Duration.ofMillis(100));
            handler.onPartialResponse("tick");
            clock.advance(Duration.ofSeconds(10));
            handler.onCompleteResponse(Reply.text("tick").response());
        }

        @Override
        public ChatRequestParameters defaultRequestParameters() {
            return DefaultChatRequestParameters.EMPTY;
        }

        @Override
        public List<ChatModelListener> listeners() {
            return List.of();
        }

        @Override
        public ModelProvider provider() {
            return ModelProvider.OTHER;
        }

        @Override
        public Set<Capability> supportedCapabilities() {
            return Set.of();
        }
    }

    @Test
    void of_a_stream_the_time_to_its_first_output_counts_and_not_that_to_an_event_of_the_provider() {
        Paced paced = new Paced();
        Hedging hedging = Hedging.builder().atMost(1).build();
        try (Rig rig = Rig.of(Caller.STREAM, paced, paced, b -> b.time(clock).with(hedging))) {
            call(rig, 30);
            rig.threads().awaitIdle();
            assertThat(rig.metrics().calls())
                    .extracting(CallOutcome::timeToFirstOutput)
                    .containsOnly(Duration.ofMillis(100));
            paced.held = true;
            Rig.Running running = rig.start();
            model.awaitAsked();
            clock.awaitTimers(1);
            clock.advance(Duration.ofMillis(103));
            model.awaitAsked().answer("second");

            assertThat(running.await().text()).isEqualTo("second");
        }
    }

    /** A buffer hears the pieces of a blocking call too, of which there are none where the model does not stream. */
    @Test
    void behind_a_buffer_blocking_calls_and_streams_are_hedged_after_what_each_of_them_takes() {
        Paced paced = new Paced();
        Hedging hedging = Hedging.builder().atMost(1).build();
        Reprompting buffering =
                Reprompting.upTo(2).bufferStreams().until(Replies.beOneOf(List.of("tick", "of the stream", "whole")));
        try (Rig rig = Rig.of(
                Caller.STREAM, paced, paced, b -> b.time(clock).with(buffering).with(hedging))) {
            for (int i = 0; i < 30; i++) {
                rig.expectAnotherCall();
                assertThat(rig.chatModel().chat("hello")).isEqualTo("tick");
            }
            call(rig, 30);
            paced.held = true;
            Rig.Running stream = rig.start();
            model.awaitAsked();
            clock.awaitTimers(1);
            clock.advance(Duration.ofMillis(103));
            model.awaitAsked().answer("of the stream");
            assertThat(stream.await().text()).isEqualTo("of the stream");

            rig.expectAnotherCall();
            CompletableFuture<String> blocking =
                    CompletableFuture.supplyAsync(() -> rig.chatModel().chat("hello"));
            model.awaitAsked();
            clock.awaitTimers(1);
            clock.awaitWaiters(2);
            clock.advance(Duration.ofMillis(9_999));
            assertThat(clock.waiters())
                    .as("the first attempt, and the second, which waits")
                    .isEqualTo(2);
            clock.advance(Duration.ofMillis(400));
            model.awaitAsked().answer("whole");
            assertThat(blocking)
                    .succeedsWithin(Duration.ofSeconds(Rig.BOUND_SECONDS))
                    .isEqualTo("whole");
        }
    }

    @Test
    void second_attempts_are_never_more_than_their_share_of_all_calls() {
        Hedging hedging = Hedging.builder().after(DELAY).atMost(0.1).build();
        int hedged = 0;
        try (Rig rig = rig(Caller.ASYNC, hedging)) {
            for (int i = 1; i <= 100; i++) {
                Rig.Running running = rig.start();
                Held.Asked first = model.awaitAsked();
                if (i % 10 == 0) {
                    passDelay(Caller.ASYNC);
                    model.awaitAsked().answer("second");
                    hedged++;
                } else {
                    first.answer("first");
                }
                running.await().text();
            }
            assertThat(hedged).isEqualTo(10);
            assertThat(rig.metrics().actions().stream().filter("hedging: hedged"::equals))
                    .hasSize(10);
        }
    }

    @Test
    void two_that_are_due_at_once_share_one_token() {
        Hedging hedging = Hedging.builder().after(DELAY).atMost(0.5).build();
        try (Rig rig = rig(Caller.ASYNC, hedging)) {
            Rig.Running none = rig.start();
            model.awaitAsked().answer("first");
            none.await().text();
            Rig.Running one = rig.start();
            Held.Asked first = model.awaitAsked();
            Rig.Running two = rig.start();
            Held.Asked second = model.awaitAsked();
            clock.awaitTimers(2);
            clock.advance(DELAY);
            Held.Asked hedge = model.awaitAsked();
            Awaitility.await().until(() -> rig.metrics().actions().contains("hedging: budget refused"));
            first.answer("first");
            second.answer("second");
            one.await().text();
            two.await().text();

            assertThat(rig.metrics().actions()).containsExactlyInAnyOrder("hedging: hedged", "hedging: budget refused");
            Awaitility.await().until(hedge::isGivenUp);
        }
    }

    // Races

    /** Counts who has gone down to the model and has not come back, and finds those who are still there at the end. */
    private static final class Below {
        private final AtomicInteger below = new AtomicInteger();

        Interceptor interceptor() {
            return Interceptor.of("below", Phase.LIMIT, (call, next) -> {
                below.incrementAndGet();
                try {
                    return next.proceed(call);
                } finally {
                    below.decrementAndGet();
                }
            });
        }

        /** Sees the end of the call before its caller does. */
        Interceptor seesNobodyLeft(List<Integer> left) {
            return Interceptor.of("above", Phase.ADMIT, (call, next) -> {
                try {
                    return next.proceed(call);
                } finally {
                    left.add(below.get());
                }
            });
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ASYNC", "STREAM"})
    void the_first_answers_while_the_second_starts(Caller caller) {
        Below below = new Below();
        List<Integer> left = new ArrayList<>();
        try (Rig rig = rig(caller, below.seesNobodyLeft(left), always(), below.interceptor())) {
            for (int i = 0; i < TIMES; i++) {
                Rig.Running running = rig.start();
                Held.Asked first = model.awaitAsked();
                clock.awaitTimers(1);
                atOnce.run(() -> first.answer("first"), () -> clock.advance(DELAY));

                assertThat(running.await().text()).isEqualTo("first");
                rig.threads().awaitIdle();
                if (model.isAskedAgain()) {
                    model.awaitAsked();
                }
            }
        }
        assertThat(left).hasSize(TIMES).containsOnly(0);
    }

    @ParameterizedTest
    @EnumSource(names = {"ASYNC", "STREAM"})
    void both_answer_at_the_same_moment(Caller caller) {
        Below below = new Below();
        List<Integer> left = new ArrayList<>();
        try (Rig rig = rig(caller, below.seesNobodyLeft(left), always(), below.interceptor())) {
            for (int i = 0; i < TIMES; i++) {
                Rig.Running running = rig.start();
                Held.Asked first = model.awaitAsked();
                passDelay(caller);
                Held.Asked second = model.awaitAsked();
                atOnce.run(() -> answer(first, "a"), () -> answer(second, "b"));

                Outcome outcome = running.await();
                assertThat(outcome.text()).isIn("a", "b");
                if (caller.isStream()) {
                    String text = "text:" + outcome.text();
                    assertThat(outcome.events()).containsExactly(text, text, "complete");
                }
            }
        }
        assertThat(left).hasSize(TIMES).containsOnly(0);
    }

    private static void answer(Held.Asked asked, String text) {
        asked.emit(text);
        asked.answer(text);
    }

    @ParameterizedTest
    @EnumSource(names = {"ASYNC", "STREAM"})
    void the_caller_cancels_while_the_second_answers(Caller caller) {
        Below below = new Below();
        List<Integer> left = new ArrayList<>();
        try (Rig rig = rig(caller, below.seesNobodyLeft(left), always(), below.interceptor())) {
            for (int i = 0; i < TIMES; i++) {
                Rig.Running running = rig.start();
                model.awaitAsked();
                passDelay(caller);
                Held.Asked second = model.awaitAsked();
                atOnce.run(running::cancel, () -> second.answer("b"));
                Outcome outcome = running.await();

                assertThat(outcome.error() == null ? outcome.text() : "b").isEqualTo("b");
                rig.threads().awaitIdle();
            }
        }
        assertThat(left).hasSize(TIMES).containsOnly(0);
    }

    // Bad input

    @Test
    void two_in_one_pipeline_are_refused() {
        FmPipeline.Builder builder = FmPipeline.builder()
                .with(Hedging.afterP95())
                .with(Hedging.builder().named("mine").build());

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "interceptors 'hedging' and 'mine' both hedge in one pipeline, which would ask a slow model four"
                                + " times; keep one");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, -0.5, 2, Double.NaN, Double.POSITIVE_INFINITY})
    void a_quantile_that_is_none_is_refused(double quantile) {
        assertThatThrownBy(() -> Hedging.builder().afterQuantile(quantile))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "the quantile of the latency after which a call is hedged must be between 0 and 1, such as 0.95,"
                                + " but is " + quantile);
    }

    @Test
    void other_settings_that_make_no_sense_are_refused() {
        assertThatThrownBy(() -> Hedging.after(Duration.ZERO))
                .hasMessage("the time after which a call is hedged must be positive, but is PT0S");
        assertThatThrownBy(() -> Hedging.after(Duration.ofSeconds(Long.MAX_VALUE)))
                .hasMessageStartingWith("the time after which a call is hedged must be a day at most, but is PT");
        assertThatThrownBy(() -> Hedging.builder().atMost(0))
                .hasMessage(
                        "the calls that may be hedged must be a share from 0.001 to 1, such as 0.5 for a half, but is 0.0");
        assertThatThrownBy(() -> Hedging.builder().atMost(Double.NaN))
                .hasMessage(
                        "the calls that may be hedged must be a share from 0.001 to 1, such as 0.5 for a half, but is NaN");
        assertThatThrownBy(() -> Hedging.builder().minSamples(513))
                .hasMessage("the calls that must be known before any is hedged must be from 1 to 512, but are 513");
        assertThatThrownBy(() -> Hedging.builder().onlyAbove(Duration.ofMillis(-1)))
                .hasMessage("the latency above which calls are hedged must be from 0 to a day, but is PT-0.001S");
    }
}
