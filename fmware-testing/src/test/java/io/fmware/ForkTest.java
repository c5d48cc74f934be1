package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fmware.retry.Deadlines;
import io.fmware.testing.ManualClock;
import io.fmware.testing.Quirk;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ForkTest {
    /** Waits until the model was asked. */
    private volatile Runnable asked = () -> {};

    private static final Executor ELSEWHERE = task -> {
        Thread thread = new Thread(task, "elsewhere");
        thread.setDaemon(true);
        thread.start();
    };

    @ParameterizedTest
    @EnumSource
    void a_fork_runs_on_another_thread_with_an_output_of_its_own(Caller caller) {
        Interceptor forking = Interceptor.of("forking", Phase.HEDGE, (call, next) -> {
            BufferedSink own = TokenSink.buffer(call.sink());
            FmCall fork = call.fork(own);
            FmReply reply = CompletableFuture.supplyAsync(() -> next.proceed(fork), ELSEWHERE)
                    .join();
            own.release();
            return reply;
        });
        try (Rig rig = Rig.of(caller, Script.replying("a b"), forking)) {
            Outcome outcome = rig.call();

            assertThat(outcome.text()).isEqualTo("a b");
            if (caller.isStream()) {
                assertThat(outcome.events()).containsExactly("text:a ", "text:b", "complete");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_call_is_forked_on_the_thread_of_its_chain_alone(Caller caller) {
        Interceptor forking = Interceptor.of("forking", Phase.HEDGE, (call, next) -> {
            CompletableFuture.supplyAsync(() -> call.fork(TokenSink.none()), ELSEWHERE)
                    .join();
            return next.proceed(call);
        });
        try (Rig rig = Rig.of(caller, Script.replying("unused"), forking)) {
            Throwable error = rig.call().error();
            while (error instanceof CompletionException) {
                error = error.getCause();
            }
            assertThat(error)
                    .isInstanceOf(IllegalStateException.class)
                    .message()
                    .matches("a call was forked on thread elsewhere, but its chain runs on .*"
                            + "; fork it there and hand the fork to this thread");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_fork_that_lost_is_cancelled_when_the_call_ends(Caller caller) {
        AtomicReference<CompletableFuture<FmReply>> loser = new AtomicReference<>();
        Interceptor hedging = Interceptor.of("hedging", Phase.HEDGE, (call, next) -> {
            FmCall fork = call.fork(TokenSink.none());
            loser.set(CompletableFuture.supplyAsync(() -> next.proceed(fork), ELSEWHERE));
            asked.run();
            return FmReply.of(Reply.text("won").response(), FmReply.Source.MODEL);
        });
        Script script =
                Script.of(Reply.builder().text("lost").quirks(Quirk.BLOCKS).build());
        try (Rig rig = Rig.of(caller, script, hedging)) {
            asked = () -> rig.awaitRequests(1);
            assertThat(rig.call().text()).isEqualTo("won");

            assertThatThrownBy(() -> loser.get().get(Rig.BOUND_SECONDS, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isExactlyInstanceOf(CancelledException.class)
                    .hasMessage("the call that this one was forked from has ended");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_fork_can_be_cancelled_alone(Caller caller) {
        Interceptor hedging = Interceptor.of("hedging", Phase.HEDGE, (call, next) -> {
            FmCall fork = call.fork(TokenSink.none());
            CompletableFuture<FmReply> loser = CompletableFuture.supplyAsync(() -> next.proceed(fork), ELSEWHERE);
            asked.run();
            fork.cancel("the other one was faster");
            fork.cancel("a later reason");
            assertThatThrownBy(() -> get(loser))
                    .isExactlyInstanceOf(CancelledException.class)
                    .hasMessage("the other one was faster");
            assertThat(call.cancellation().isCancelled()).isFalse();
            return next.proceed(call);
        });
        Script script =
                Script.of(Reply.builder().text("lost").quirks(Quirk.BLOCKS).build(), Reply.text("won"));
        try (Rig rig = Rig.of(caller, script, hedging)) {
            asked = () -> rig.awaitRequests(1);
            assertThat(rig.call().text()).isEqualTo("won");
        }
    }

    private static FmReply get(CompletableFuture<FmReply> future) throws Throwable {
        try {
            return future.get(Rig.BOUND_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause();
        } catch (TimeoutException e) {
            throw new AssertionError("the fork did not end", e);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ASYNC", "STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void a_fork_is_cancelled_with_its_call(Caller caller) {
        AtomicReference<Throwable> error = new AtomicReference<>();
        Interceptor waiting = Interceptor.of("waiting", Phase.HEDGE, (call, next) -> {
            FmCall fork = call.fork(TokenSink.none());
            try {
                return get(CompletableFuture.supplyAsync(() -> next.proceed(fork), ELSEWHERE));
            } catch (Throwable t) {
                error.set(t);
                throw (RuntimeException) t;
            }
        });
        Script script = Script.of(Reply.builder().text("x").quirks(Quirk.BLOCKS).build());
        try (Rig rig = Rig.of(caller, script, waiting)) {
            Rig.Running running = rig.start();
            rig.awaitRequests(1);
            running.cancel();
            running.await();
            rig.threads().awaitIdle();

            assertThat(error.get())
                    .isExactlyInstanceOf(CancelledException.class)
                    .hasMessage(caller == Caller.ASYNC ? "the future was cancelled" : "the stream was cancelled");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_fork_has_the_deadline_of_its_call(Caller caller) {
        ManualClock clock = ManualClock.create();
        Interceptor forking = Interceptor.of("forking", Phase.HEDGE, (call, next) -> {
            FmCall fork = call.fork(TokenSink.none());
            try {
                return get(CompletableFuture.supplyAsync(() -> next.proceed(fork), ELSEWHERE));
            } catch (Throwable t) {
                throw (RuntimeException) t;
            }
        });
        try (Rig rig = Rig.of(
                caller,
                Script.of(Reply.never()),
                b -> b.time(clock).with(Deadlines.of(Duration.ofSeconds(1))).with(forking))) {
            Rig.Running running = rig.start();
            rig.awaitRequests(1);
            clock.awaitTimers(1);
            clock.advance(Duration.ofSeconds(1));

            running.await().error(DeadlineExceededException.class);
        }
    }

    @Test
    void a_fork_made_after_the_call_has_ended_is_cancelled_from_the_start() {
        AtomicReference<FmCall> kept = new AtomicReference<>();
        AtomicReference<Chain> rest = new AtomicReference<>();
        Interceptor keeping = Interceptor.of("keeping", Phase.ADMIT, (call, next) -> {
            kept.set(call);
            rest.set(next);
            return next.proceed(call);
        });
        try (Rig rig = Rig.of(Caller.CHAT, Script.replying("yes"), keeping)) {
            rig.call();

            assertThatThrownBy(() -> rest.get().proceed(kept.get().fork(TokenSink.none())))
                    .isExactlyInstanceOf(CancelledException.class)
                    .hasMessage("the call that this one was forked from has ended");
            assertThat(rig.requests()).hasSize(1);
        }
    }

    @Test
    void a_blocking_call_that_is_no_fork_cannot_be_cancelled() {
        Interceptor cancelling = Interceptor.of("cancelling", Phase.ADMIT, (call, next) -> {
            call.cancel("for no reason");
            return next.proceed(call);
        });
        try (Rig rig = Rig.of(Caller.CHAT, Script.of(), cancelling)) {
            assertThat(rig.call().error(IllegalStateException.class)).hasMessage("this call cannot be cancelled");
        }
    }
}
