package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fmware.retry.Deadlines;
import io.fmware.testing.ManualClock;
import io.fmware.testing.Quirk;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ForkedCallTest {
    /** Waits until the model was asked. */
    private volatile Runnable asked = () -> {};

    private static FmReply reply(FmCall call, ForkedCall forked) {
        call.await(forked.reply(), "waiting for a fork");
        return forked.reply().join();
    }

    @ParameterizedTest
    @EnumSource
    void a_fork_runs_on_a_thread_of_the_pipeline(Caller caller) {
        AtomicReference<String> thread = new AtomicReference<>();
        Interceptor forking = Interceptor.of(
                "forking", Phase.HEDGE, (call, next) -> reply(call, call.proceedAside(next, TokenSink.none())));
        Interceptor below = Interceptor.of("below", Phase.LIMIT, (call, next) -> {
            thread.set(Thread.currentThread().getName());
            return next.proceed(call);
        });
        try (Rig rig = Rig.of(caller, Script.replying("a b"), forking, below)) {
            assertThat(rig.call().text()).isEqualTo("a b");
            assertThat(thread.get()).startsWith("rig-");
            rig.threads().awaitIdle();
            assertThat(rig.metrics().calls())
                    .singleElement()
                    .satisfies(call -> assertThat(call.attempts()).isEqualTo(1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_fork_belongs_to_the_run_of_its_call(Caller caller) {
        AtomicReference<FmRun> run = new AtomicReference<>();
        Interceptor forking = Interceptor.of(
                "forking", Phase.HEDGE, (call, next) -> reply(call, call.proceedAside(next, TokenSink.none())));
        Interceptor below = Interceptor.of("below", Phase.LIMIT, (call, next) -> {
            run.set(FmRun.current());
            return next.proceed(call);
        });
        try (Rig rig = Rig.of(caller, Script.replying("yes"), forking, below);
                FmRun open = FmRun.builder("claim").open()) {
            rig.call();
            assertThat(run.get()).isSameAs(open);
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_failure_of_a_fork_is_what_its_chain_ended_with(Caller caller) {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Interceptor forking = Interceptor.of("forking", Phase.HEDGE, (call, next) -> {
            ForkedCall forked = call.proceedAside(next, TokenSink.none());
            call.await(forked.reply(), "waiting for a fork");
            assertThatThrownBy(() -> forked.reply().join())
                    .isInstanceOf(CompletionException.class)
                    .satisfies(e -> failure.set(e.getCause()));
            return next.proceed(call);
        });
        Script script = Script.of(Reply.error(new IllegalStateException("down")), Reply.text("up"));
        try (Rig rig = Rig.of(caller, script, forking)) {
            assertThat(rig.call().text()).isEqualTo("up");
            assertThat(failure.get())
                    .isExactlyInstanceOf(IllegalStateException.class)
                    .hasMessage("down");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_fork_that_is_cancelled_ends_though_its_model_does_not(Caller caller) {
        Interceptor forking = Interceptor.of("forking", Phase.HEDGE, (call, next) -> {
            ForkedCall forked = call.proceedAside(next, TokenSink.none());
            asked.run();
            forked.cancel("the other one was faster");
            call.await(forked.reply(), "waiting for a fork to end");
            assertThatThrownBy(() -> forked.reply().join())
                    .cause()
                    .isExactlyInstanceOf(CancelledException.class)
                    .hasMessage("the other one was faster");
            return next.proceed(call);
        });
        Script script =
                Script.of(Reply.builder().text("lost").quirks(Quirk.BLOCKS).build(), Reply.text("won"));
        try (Rig rig = Rig.of(caller, script, forking)) {
            asked = () -> rig.awaitRequests(1);
            assertThat(rig.call().text()).isEqualTo("won");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_wait_for_a_fork_may_be_shorter_than_the_fork(Caller caller) {
        ManualClock clock = ManualClock.create();
        AtomicReference<Boolean> done = new AtomicReference<>();
        Interceptor forking = Interceptor.of("forking", Phase.HEDGE, (call, next) -> {
            ForkedCall forked = call.proceedAside(next, TokenSink.none());
            asked.run();
            done.set(call.await(forked.reply(), Duration.ofMillis(300), "waiting for a fork"));
            return FmReply.of(Reply.text("other").response(), FmReply.Source.MODEL);
        });
        try (Rig rig =
                Rig.of(caller, Script.of(Reply.never()), b -> b.time(clock).with(forking))) {
            asked = () -> rig.awaitRequests(1);
            Rig.Running running = rig.start();
            // The hour of CHAT_WITH_A_DEADLINE is a timer too: that of the fork.
            clock.awaitTimers(caller == Caller.CHAT_WITH_A_DEADLINE ? 2 : 1);
            clock.advance(Duration.ofMillis(300));

            assertThat(running.await().text()).isEqualTo("other");
            assertThat(done.get()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_wait_of_no_time_only_looks(Caller caller) {
        Interceptor looking = Interceptor.of("looking", Phase.HEDGE, (call, next) -> {
            assertThat(call.await(new CompletableFuture<>(), Duration.ZERO, "looking"))
                    .isFalse();
            assertThat(call.await(new CompletableFuture<>(), Duration.ofNanos(-1), "looking"))
                    .isFalse();
            assertThat(call.await(CompletableFuture.completedFuture(1), Duration.ZERO, "looking"))
                    .isTrue();
            return next.proceed(call);
        });
        try (Rig rig = Rig.of(caller, Script.replying("yes"), looking)) {
            assertThat(rig.call().text()).isEqualTo("yes");
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_deadline_of_the_call_ends_a_longer_wait_for_a_fork(Caller caller) {
        ManualClock clock = ManualClock.create();
        Interceptor forking = Interceptor.of("forking", Phase.HEDGE, (call, next) -> {
            ForkedCall forked = call.proceedAside(next, TokenSink.none());
            call.await(forked.reply(), Duration.ofMinutes(1), "waiting for a fork");
            return next.proceed(call);
        });
        try (Rig rig = Rig.of(
                caller,
                Script.of(Reply.never()),
                b -> b.time(clock).with(Deadlines.of(Duration.ofSeconds(1))).with(forking))) {
            Rig.Running running = rig.start();
            rig.awaitRequests(1);
            clock.awaitTimers(2);
            clock.advance(Duration.ofSeconds(1));

            assertThat(running.await().error(DeadlineExceededException.class))
                    .hasMessageStartingWith("the deadline of 1 s passed while ");
        }
    }

    @Test
    void where_no_thread_is_free_a_fork_is_refused_and_the_call_may_go_on() {
        Interceptor forking = Interceptor.of("forking", Phase.HEDGE, (call, next) -> {
            assertThatThrownBy(() -> call.proceedAside(next, TokenSink.none()))
                    .isExactlyInstanceOf(OverloadedException.class)
                    .hasMessage("no thread is free for this call; give the pipeline more threads with"
                            + " FmPipeline.builder().executor(..), or limit the calls that run at once");
            return next.proceed(call);
        });
        try (FmPipeline pipeline = FmPipeline.builder()
                .executor(task -> {
                    throw new RejectedExecutionException("full");
                })
                .with(forking)
                .build()) {
            assertThat(pipeline.wrap(ScriptedChatModel.of(Script.replying("yes")))
                            .chat("Hi"))
                    .isEqualTo("yes");
        }
    }
}
