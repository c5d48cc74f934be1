package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import io.fmware.route.ConcurrencyLimit;
import io.fmware.route.Hedging;
import io.fmware.route.RateLimit;
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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CloseTest {
    private static final String REFUSED = "this pipeline is closed; keep it open as long as its models are used";

    @ParameterizedTest
    @EnumSource
    void a_closed_pipeline_refuses_new_calls_and_closing_it_again_does_no_harm(Caller caller) {
        try (Rig rig = Rig.of(caller, Script.always(Reply.text("yes")))) {
            assertThat(rig.call().text()).isEqualTo("yes");
            rig.pipeline().close();
            rig.pipeline().close();

            assertThatThrownBy(() -> {
                        switch (caller) {
                            case CHAT, CHAT_WITH_A_DEADLINE -> rig.chatModel().chat("hello");
                            case ASYNC ->
                                assertThat(rig.chatModel().chatAsync(Rig.request("hello")))
                                        .isNull();
                            default -> rig.streamingModel().chat("hello", new RecordingHandler());
                        }
                    })
                    .isExactlyInstanceOf(IllegalStateException.class)
                    .hasMessage(REFUSED);
        }
    }

    @Test
    void a_closed_pipeline_refuses_to_embed() {
        FmPipeline pipeline = FmPipeline.builder().build();
        FmEmbeddingModel model = pipeline.wrap(ScriptedEmbeddingModel.ofWords());
        pipeline.close();

        assertThatThrownBy(() -> model.embed("hello"))
                .isExactlyInstanceOf(IllegalStateException.class)
                .hasMessage(REFUSED);
    }

    @ParameterizedTest
    @EnumSource
    void calls_under_way_get_time_to_end(Caller caller) throws Exception {
        ManualClock clock = ManualClock.create();
        Script script = Script.of(Reply.builder().text("yes").stallAfter(0).build());
        try (Rig rig = Rig.of(caller, script, b -> b.time(clock).drain(Duration.ofMinutes(5)))) {
            Rig.Running running = rig.start();
            rig.awaitRequests(1);
            CompletableFuture<Void> closing = CompletableFuture.runAsync(rig.pipeline()::close);
            // The hour of CHAT_WITH_A_DEADLINE is a timer too.
            clock.awaitTimers(caller == Caller.CHAT_WITH_A_DEADLINE ? 2 : 1);
            clock.advance(Duration.ofMinutes(4));
            assertThat(closing).isNotDone();
            rig.release();

            assertThat(running.await().text()).isEqualTo("yes");
            closing.get(Rig.BOUND_SECONDS, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ASYNC", "STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void after_the_patience_calls_under_way_are_cancelled(Caller caller) throws Exception {
        ManualClock clock = ManualClock.create();
        try (Rig rig =
                Rig.of(caller, Script.of(Reply.never()), b -> b.time(clock).drain(Duration.ofMinutes(5)))) {
            Rig.Running running = rig.start();
            rig.awaitRequests(1);
            CompletableFuture<Void> closing = CompletableFuture.runAsync(rig.pipeline()::close);
            clock.awaitTimers(1);
            clock.advance(Duration.ofMinutes(5));

            assertThat(running.await().error(CancelledException.class)).hasMessage("the pipeline was closed");
            closing.get(Rig.BOUND_SECONDS, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ASYNC", "STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void without_patience_calls_under_way_are_cancelled_at_once(Caller caller) {
        try (Rig rig = Rig.of(caller, Script.of(Reply.never()), b -> b.drain(Duration.ZERO))) {
            Rig.Running running = rig.start();
            rig.awaitRequests(1);
            rig.pipeline().close();

            assertThat(running.await().error(CancelledException.class)).hasMessage("the pipeline was closed");
        }
    }

    private static CompletableFuture<Void> closing(FmPipeline pipeline) {
        return CompletableFuture.runAsync(pipeline::close);
    }

    @ParameterizedTest
    @EnumSource(names = {"CHAT", "CHAT_WITH_A_DEADLINE"}) // others give their permit up at the same time
    void after_the_patience_a_call_that_waits_for_a_permit_is_cancelled_and_asks_no_model(Caller caller)
            throws Exception {
        ManualClock clock = ManualClock.create();
        Held model = new Held();
        ConcurrencyLimit one = ConcurrencyLimit.builder()
                .fixed(1)
                .queue(1)
                .longestWait(Duration.ofMinutes(30))
                .build();
        try (Rig rig = Rig.of(caller, model, model, b -> b.time(clock).with(one).drain(Duration.ofMinutes(5)))) {
            Rig.Running first = rig.start();
            Held.Asked asked = model.awaitAsked();
            Rig.Running second = rig.start();
            clock.awaitTimers(caller == Caller.CHAT_WITH_A_DEADLINE ? 2 : 1);
            CompletableFuture<Void> closing = closing(rig.pipeline());
            clock.awaitTimers(caller == Caller.CHAT_WITH_A_DEADLINE ? 3 : 2);
            clock.advance(Duration.ofMinutes(5));

            assertThat(second.await().error(CancelledException.class)).hasMessage("the pipeline was closed");
            asked.answer("first");
            assertThat(first.await().text()).isEqualTo("first");
            closing.get(Rig.BOUND_SECONDS, TimeUnit.SECONDS);
            assertThat(model.isAskedAgain()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void after_the_patience_a_call_that_waits_for_its_rate_is_cancelled_and_gives_it_back(Caller caller)
            throws Exception {
        ManualClock clock = ManualClock.create();
        RateLimit limit = RateLimit.builder()
                .requestsPerMinute(1)
                .longestWait(Duration.ofMinutes(30))
                .build();
        try (Rig rig = Rig.of(
                caller,
                Script.always(Reply.text("yes")),
                b -> b.time(clock).with(limit).drain(Duration.ofSeconds(5)))) {
            assertThat(rig.call().text()).isEqualTo("yes");
            Rig.Running waiting = rig.start();
            clock.awaitTimers(1);
            CompletableFuture<Void> closing = closing(rig.pipeline());
            clock.awaitTimers(2);
            clock.advance(Duration.ofSeconds(5));

            assertThat(waiting.await().error(CancelledException.class)).hasMessage("the pipeline was closed");
            closing.get(Rig.BOUND_SECONDS, TimeUnit.SECONDS);
            assertThat(rig.requests()).hasSize(1);
        }
    }

    /** The first attempt of a hedged call is a fork, on the thread of its caller, whom nobody can cancel. */
    @ParameterizedTest
    @EnumSource(names = {"CHAT", "CHAT_WITH_A_DEADLINE"})
    void after_the_patience_a_hedged_call_that_waits_for_a_permit_is_cancelled_and_asks_no_model(Caller caller)
            throws Exception {
        ManualClock clock = ManualClock.create();
        Held model = new Held();
        ConcurrencyLimit one = ConcurrencyLimit.builder()
                .fixed(1)
                .queue(1)
                .longestWait(Duration.ofMinutes(30))
                .build();
        try (Rig rig = Rig.of(
                caller,
                model,
                model,
                b -> b.time(clock).with(seldomHedging()).with(one).drain(Duration.ofMinutes(5)))) {
            Rig.Running first = rig.start();
            Held.Asked asked = model.awaitAsked();
            Rig.Running second = rig.start();
            int timers = caller == Caller.CHAT_WITH_A_DEADLINE ? 4 : 3; // a permit and two second attempts
            clock.awaitTimers(timers);
            CompletableFuture<Void> closing = closing(rig.pipeline());
            clock.awaitTimers(timers + 1);
            clock.advance(Duration.ofMinutes(5));

            assertThat(second.await().error(CancelledException.class)).hasMessage("the pipeline was closed");
            asked.answer("first");
            assertThat(first.await().text()).isEqualTo("first");
            closing.get(Rig.BOUND_SECONDS, TimeUnit.SECONDS);
            assertThat(model.isAskedAgain()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void after_the_patience_a_hedged_call_that_waits_for_its_rate_is_cancelled(Caller caller) throws Exception {
        ManualClock clock = ManualClock.create();
        RateLimit limit = RateLimit.builder()
                .requestsPerMinute(1)
                .longestWait(Duration.ofMinutes(30))
                .build();
        try (Rig rig = Rig.of(
                caller,
                Script.always(Reply.text("yes")),
                b -> b.time(clock).with(seldomHedging()).with(limit).drain(Duration.ofSeconds(5)))) {
            assertThat(rig.call().text()).isEqualTo("yes");
            rig.threads().awaitIdle();
            Rig.Running waiting = rig.start();
            clock.awaitTimers(2);
            CompletableFuture<Void> closing = closing(rig.pipeline());
            clock.awaitTimers(3);
            clock.advance(Duration.ofSeconds(5));

            assertThat(waiting.await().error(CancelledException.class)).hasMessage("the pipeline was closed");
            closing.get(Rig.BOUND_SECONDS, TimeUnit.SECONDS);
            assertThat(rig.requests()).hasSize(1);
        }
    }

    private static Hedging seldomHedging() {
        return Hedging.builder().after(Duration.ofMinutes(20)).atMost(1).build();
    }

    @ParameterizedTest
    @EnumSource
    void after_the_patience_a_call_that_pauses_or_waits_for_other_work_is_cancelled(Caller caller) throws Exception {
        Interceptor pausing = Interceptor.of("pausing", Phase.ADMIT, (call, next) -> {
            call.pause(Duration.ofMinutes(30));
            return next.proceed(call);
        });
        Interceptor awaiting = Interceptor.of("awaiting", Phase.ADMIT, (call, next) -> {
            call.await(new CompletableFuture<>(), "waiting for an equal call");
            return next.proceed(call);
        });
        for (Interceptor waiting : List.of(pausing, awaiting)) {
            ManualClock clock = ManualClock.create();
            try (Rig rig =
                    Rig.of(caller, Script.of(), b -> b.time(clock).with(waiting).drain(Duration.ofMinutes(5)))) {
                Rig.Running running = rig.start();
                clock.awaitWaiters(1);
                CompletableFuture<Void> closing = closing(rig.pipeline());
                boolean timed = waiting == pausing || caller == Caller.CHAT_WITH_A_DEADLINE;
                clock.awaitTimers(timed ? 2 : 1);
                clock.advance(Duration.ofMinutes(5));

                assertThat(running.await().error(CancelledException.class)).hasMessage("the pipeline was closed");
                closing.get(Rig.BOUND_SECONDS, TimeUnit.SECONDS);
                assertThat(rig.requests()).isEmpty();
            }
        }
    }

    @Test
    void a_blocking_call_that_waits_in_the_chain_of_another_pipeline_ends_with_the_one_it_entered() throws Exception {
        ManualClock clock = ManualClock.create();
        Interceptor pausing = Interceptor.of("pausing", Phase.ADMIT, (call, next) -> {
            call.pause(Duration.ofMinutes(30));
            return next.proceed(call);
        });
        FmPipeline inner = FmPipeline.builder()
                .time(clock)
                .with(pausing)
                .drain(Duration.ZERO)
                .build();
        FmPipeline outer = FmPipeline.builder().time(clock).drain(Duration.ZERO).build();
        FmChatModel model = outer.wrap((ChatModel) inner.wrap((ChatModel) ScriptedChatModel.replying("unused")));
        CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> model.chat("hello"));
        clock.awaitTimers(1);

        CompletableFuture<Void> closing = closing(inner);
        clock.awaitTimers(2); // a second to unwind
        clock.advance(Duration.ofSeconds(1));
        closing.get(Rig.BOUND_SECONDS, TimeUnit.SECONDS);
        assertThat(answer).isNotDone();

        closing(outer).get(Rig.BOUND_SECONDS, TimeUnit.SECONDS);
        assertThat(answer)
                .failsWithin(Duration.ofSeconds(Rig.BOUND_SECONDS))
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(CancelledException.class)
                .withMessage("the pipeline was closed");
    }

    @Test
    void a_blocking_call_that_nobody_can_cancel_does_not_keep_close_for_ever() throws Exception {
        ManualClock clock = ManualClock.create();
        Script script =
                Script.of(Reply.builder().text("yes").quirks(Quirk.BLOCKS).build());
        try (Rig rig = Rig.of(Caller.CHAT, script, b -> b.time(clock).drain(Duration.ofMinutes(5)))) {
            Rig.Running running = rig.start();
            rig.awaitRequests(1);
            CompletableFuture<Void> closing = CompletableFuture.runAsync(rig.pipeline()::close);
            clock.awaitTimers(1);
            clock.advance(Duration.ofMinutes(5));
            clock.awaitTimers(1); // what was cancelled gets a second to unwind
            clock.advance(Duration.ofSeconds(1));
            closing.get(Rig.BOUND_SECONDS, TimeUnit.SECONDS);
            rig.release();

            assertThat(running.await().text()).isEqualTo("yes");
        }
    }

    @Test
    void an_interrupted_closer_cancels_without_further_patience_and_keeps_its_interrupt() throws Exception {
        try (Rig rig = Rig.of(Caller.STREAM, Script.of(Reply.never()), b -> b.drain(Duration.ofMinutes(5)))) {
            Rig.Running running = rig.start();
            rig.awaitRequests(1);
            AtomicReference<Boolean> interrupted = new AtomicReference<>();
            Thread closer = new Thread(() -> {
                Thread.currentThread().interrupt();
                rig.pipeline().close();
                interrupted.set(Thread.currentThread().isInterrupted());
            });
            closer.start();

            assertThat(running.await().error(CancelledException.class)).hasMessage("the pipeline was closed");
            closer.join(TimeUnit.SECONDS.toMillis(Rig.BOUND_SECONDS));
            assertThat(interrupted).hasValue(true);
        }
    }

    @Test
    void the_executor_of_the_user_stays_open() {
        RigThreads threads = new RigThreads();
        FmPipeline pipeline = FmPipeline.builder().executor(threads).build();
        RecordingHandler handler = new RecordingHandler();
        pipeline.wrap((StreamingChatModel) ScriptedStreamingChatModel.replying("yes"))
                .chat("hello", handler);
        assertThat(handler.awaitEnd().text()).isEqualTo("yes");
        pipeline.close();

        CompletableFuture<String> ran = CompletableFuture.supplyAsync(() -> "still open", threads);
        assertThat(ran.join()).isEqualTo("still open");
        threads.verifyAndClose();
    }

    @Test
    void threads_of_the_pipelines_own_serve_every_mode_and_do_not_inherit_what_is_bound_to_a_caller() {
        InheritableThreadLocal<String> identity = new InheritableThreadLocal<>();
        identity.set("the first caller");
        List<String> seen = new CopyOnWriteArrayList<>();
        Interceptor looking = Interceptor.of("looking", Phase.ADMIT, (call, next) -> {
            seen.add(String.valueOf(identity.get()));
            return next.proceed(call);
        });
        FmPipeline pipeline = FmPipeline.builder().with(looking).build();
        FmChatModel model = pipeline.wrap((ChatModel) ScriptedChatModel.of(Script.always(Reply.text("yes"))));
        assertThat(model.chatAsync(Rig.request("hello")).join().aiMessage().text())
                .isEqualTo("yes");
        identity.remove();
        // On JDK 17 the second call gets the thread of the first; a virtual thread is made for one call.
        assertThat(model.chatAsync(Rig.request("hello")).join().aiMessage().text())
                .isEqualTo("yes");
        pipeline.close();

        assertThat(seen.get(1)).isEqualTo("null");
    }

    @ParameterizedTest
    @EnumSource(names = {"ASYNC", "STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void an_executor_that_is_full_refuses_the_call_with_the_cure(Caller caller) {
        try (Rig rig = Rig.of(
                caller,
                Script.of(),
                b -> b.executor(task -> {
                    throw new RejectedExecutionException("full");
                }))) {
            overloaded(rig.call());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CHAT_WITH_A_DEADLINE", "ASYNC", "STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void an_executor_that_has_no_thread_for_the_model_refuses_the_call_with_the_cure(Caller caller) {
        RigThreads threads = new RigThreads();
        AtomicInteger left = new AtomicInteger(caller == Caller.CHAT_WITH_A_DEADLINE ? 0 : 1);
        try (Rig rig = Rig.of(
                caller,
                Script.of(),
                b -> b.executor(task -> {
                    if (left.getAndDecrement() <= 0) {
                        throw new RejectedExecutionException("full");
                    }
                    threads.execute(task);
                }))) {
            overloaded(rig.call());
            assertThat(rig.requests()).isEmpty();
        }
        threads.verifyAndClose();
    }

    @ParameterizedTest
    @EnumSource(names = {"CHAT_WITH_A_DEADLINE", "ASYNC", "STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void a_machine_that_has_no_thread_left_refuses_the_call_with_the_cure(Caller caller) {
        try (Rig rig = Rig.of(
                caller,
                Script.of(),
                b -> b.executor(task -> {
                    throw new OutOfMemoryError("unable to create native thread");
                }))) {
            overloaded(rig.call());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ASYNC", "STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void an_executor_that_is_broken_fails_the_call_and_leaks_nothing(Caller caller) {
        IllegalStateException broken = new IllegalStateException("broken");
        try (Rig rig = Rig.of(
                caller,
                Script.of(),
                b -> b.executor(task -> {
                    throw broken;
                }))) {
            assertThat(rig.call().error()).isSameAs(broken);
        }
    }

    private static void overloaded(Outcome outcome) {
        assertThat(outcome.error(OverloadedException.class))
                .hasMessage("no thread is free for this call; give the pipeline more threads with"
                        + " FmPipeline.builder().executor(..), or limit the calls that run at once");
        assertThat(outcome.events()).isSubsetOf("error");
    }

    @ParameterizedTest
    @EnumSource
    void an_executor_that_runs_tasks_where_they_are_given_works(Caller caller) {
        try (Rig rig = Rig.of(caller, Script.replying("yes"), b -> b.executor(Runnable::run))) {
            assertThat(rig.call().text()).isEqualTo("yes");
        }
    }

    @Test
    void platform_threads_are_refused_when_all_are_busy() throws Exception {
        ExecutorService two = FmThreads.platform(2);
        Script script = Script.of(Reply.never());
        try (Rig rig = Rig.of(Caller.STREAM, script, b -> b.executor(two))) {
            Rig.Running running = rig.start(); // takes two: one for the chain, and, until it returns, one for the model
            rig.awaitRequests(1);
            Rig.Running more = rig.start();
            Rig.Running most = rig.start();
            running.cancel();
            running.await();
            more.cancel();
            most.cancel();

            assertThat(List.of(more.await().error(), most.await().error()))
                    .hasAtLeastOneElementOfType(OverloadedException.class);
        }
        two.shutdown();
        assertThat(two.awaitTermination(Rig.BOUND_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_pipeline_that_was_never_used_closes_at_once() {
        FmPipeline pipeline = FmPipeline.builder().drain(Duration.ofHours(1)).build();
        UnaryOperator<FmPipeline> closed = each -> {
            each.close();
            return each;
        };
        assertThat(closed.apply(pipeline)).hasToString("model");
    }
}
