package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.fmware.testing.ManualClock;
import io.fmware.testing.Quirk;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CancellationTest {
    private static final String NONE = "the stream was cancelled";

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void a_stream_can_be_cancelled_before_its_first_piece(Caller caller) {
        try (Rig rig =
                Rig.of(caller, Script.of(Reply.builder().text("x").stallAfter(0).build()))) {
            Rig.Running running = rig.start();
            rig.awaitRequests(1);
            running.cancel();

            Outcome outcome = running.await();
            assertThat(outcome.events()).containsExactly("error");
            assertThat(outcome.error(CancelledException.class)).hasMessage(NONE);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void a_cancel_gives_one_error_and_stops_the_model(Caller caller) {
        Puppet puppet = new Puppet();
        try (Rig rig = Rig.of(caller, ScriptedChatModel.replying(), puppet, UnaryOperator.identity())) {
            RecordingHandler handler = new RecordingHandler();
            Rig.Running running = rig.start(handler);
            Puppet.Strings strings = puppet.awaitStream();
            strings.partial("one ");
            running.cancel();
            strings.partial("two ");

            Outcome outcome = running.await();
            assertThat(outcome.events()).containsExactly("text:one ", "error");
            assertThat(outcome.error(CancelledException.class)).hasMessage(NONE);
            assertThat(strings.isCancelled()).isTrue();
            strings.partial("three");
            strings.complete("one two three");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void a_handler_can_cancel_from_inside_a_piece(Caller caller) {
        try (Rig rig = Rig.of(caller, Script.replying("a b c"))) {
            RecordingHandler handler = new RecordingHandler().onText((text, handle) -> {
                handle.cancel();
                assertThat(handle.isCancelled()).isTrue();
            });

            Outcome outcome = rig.start(handler).await();
            assertThat(outcome.events()).containsExactly("text:a ", "error");
            assertThat(outcome.error(CancelledException.class)).hasMessage(NONE);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void a_cancel_while_the_handler_is_busy_waits_for_it_and_then_gives_the_error(Caller caller) throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        AtomicReference<Boolean> interrupted = new AtomicReference<>();
        try (Rig rig = Rig.of(caller, Script.replying("a b c"))) {
            RecordingHandler handler = new RecordingHandler().onText((text, handle) -> {
                try {
                    assertThat(go.await(Rig.BOUND_SECONDS, TimeUnit.SECONDS)).isTrue();
                    interrupted.set(false);
                } catch (InterruptedException e) {
                    interrupted.set(true);
                }
            });
            Rig.Running running = rig.start(handler);
            handler.awaitFirst();
            running.cancel();
            assertThat(handler.events()).containsExactly("text:a ");
            go.countDown();

            assertThat(running.await().events()).containsExactly("text:a ", "error");
            assertThat(interrupted).as("the handler was interrupted").hasValue(false);
        }
    }

    @Test
    void a_cancelled_future_stops_the_model_and_is_reported_as_cancelled() {
        Script script = Script.of(Reply.builder().text("x").quirks(Quirk.BLOCKS).build());
        try (Rig rig = Rig.of(Caller.ASYNC, script)) {
            Rig.Running running = rig.start();
            rig.awaitRequests(1);
            running.cancel();

            assertThat(running.await().error()).isInstanceOf(CancellationException.class);
            rig.threads().awaitIdle();
            assertThat(rig.metrics().calls().get(0).error())
                    .isExactlyInstanceOf(CancelledException.class)
                    .hasMessage("the future was cancelled");
        }
    }

    @Test
    void a_future_that_its_holder_completes_stops_the_model_as_nobody_waits_any_more() {
        Consumer<CompletableFuture<ChatResponse>> timeout = f -> f.completeExceptionally(new TimeoutException());
        Consumer<CompletableFuture<ChatResponse>> value = f -> f.complete(null);
        Consumer<CompletableFuture<ChatResponse>> supplier = f -> f.completeAsync(() -> null, Runnable::run);
        for (Consumer<CompletableFuture<ChatResponse>> completes : List.of(timeout, value, supplier)) {
            Script script =
                    Script.of(Reply.builder().text("x").quirks(Quirk.BLOCKS).build());
            try (Rig rig = Rig.of(Caller.ASYNC, script)) {
                CompletableFuture<ChatResponse> future = rig.chatModel().chatAsync(Rig.request("Hi"));
                rig.expectAnotherCall();
                rig.awaitRequests(1);
                completes.accept(future);

                rig.threads().awaitIdle();
                assertThat(rig.metrics().calls().get(0).error())
                        .isExactlyInstanceOf(CancelledException.class)
                        .hasMessage("the future was completed by its holder");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CHAT", "CHAT_WITH_A_DEADLINE"})
    void an_interrupted_caller_is_told_so_and_keeps_its_interrupt(Caller caller) {
        AtomicReference<Boolean> interrupted = new AtomicReference<>();
        Interceptor looking = Interceptor.of("looking", Phase.ADMIT, (call, next) -> {
            try {
                return next.proceed(call);
            } finally {
                interrupted.set(Thread.currentThread().isInterrupted());
            }
        });
        Script script = Script.of(Reply.builder().text("x").quirks(Quirk.BLOCKS).build());
        try (Rig rig = Rig.of(caller, script, looking)) {
            Rig.Running running = rig.start();
            rig.awaitRequests(1);
            running.cancel();

            assertThat(running.await().error(CancelledException.class))
                    .hasMessage("the thread was interrupted while waiting for ScriptedChatModel")
                    .hasCauseInstanceOf(caller == Caller.CHAT ? RuntimeException.class : InterruptedException.class);
            assertThat(interrupted).hasValue(true);
        }
    }

    @Test
    void a_caller_who_is_interrupted_beforehand_gets_no_answer_where_the_call_waits() {
        try (Rig rig = Rig.of(Caller.CHAT_WITH_A_DEADLINE, Script.always(Reply.text("yes")))) {
            Thread.currentThread().interrupt();
            Outcome outcome = rig.call();

            assertThat(Thread.interrupted()).as("the interrupt was kept").isTrue();
            assertThat(outcome.error(CancelledException.class))
                    .hasMessage("the thread was interrupted while waiting for ScriptedChatModel");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ASYNC", "STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void an_interrupt_of_the_caller_does_not_touch_a_call_that_runs_elsewhere(Caller caller) {
        try (Rig rig = Rig.of(caller, Script.replying("yes"))) {
            Thread.currentThread().interrupt();
            Rig.Running running = rig.start();
            assertThat(Thread.interrupted()).as("the interrupt was kept").isTrue();

            assertThat(running.await().text()).isEqualTo("yes");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void an_interceptor_that_swallows_a_cancel_does_not_turn_it_into_an_answer(Caller caller) {
        Interceptor swallowing = Interceptor.of("swallowing", Phase.VALIDATE, (call, next) -> {
            try {
                return next.proceed(call);
            } catch (CancelledException e) {
                call.sink().emit(new StreamEvent.Text("nothing"));
                return FmReply.of(Reply.text("nothing happened").response(), FmReply.Source.CACHE);
            }
        });
        try (Rig rig =
                Rig.of(caller, Script.of(Reply.builder().text("x").stallAfter(0).build()), swallowing)) {
            Rig.Running running = rig.start();
            rig.awaitRequests(1);
            running.cancel();

            Outcome outcome = running.await();
            assertThat(outcome.events()).containsExactly("error");
            assertThat(outcome.error(CancelledException.class)).hasMessage(NONE);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void an_interceptor_that_makes_another_error_of_a_cancel_does_not_hide_it(Caller caller) {
        Interceptor wrapping = Interceptor.of("wrapping", Phase.VALIDATE, (call, next) -> {
            try {
                return next.proceed(call);
            } catch (CancelledException e) {
                throw new IllegalStateException("something went wrong", e);
            }
        });
        try (Rig rig =
                Rig.of(caller, Script.of(Reply.builder().text("x").stallAfter(0).build()), wrapping)) {
            Rig.Running running = rig.start();
            rig.awaitRequests(1);
            running.cancel();

            assertThat(running.await().error(CancelledException.class)).hasMessage(NONE);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ASYNC", "STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void a_cancel_is_not_retried_and_ends_a_pause(Caller caller) {
        AtomicInteger attempts = new AtomicInteger();
        Interceptor retrying = Interceptor.of("retrying", Phase.RETRY, (call, next) -> {
            while (true) {
                try {
                    attempts.incrementAndGet();
                    return next.proceed(call);
                } catch (RateLimitException e) {
                    call.pause(Duration.ofHours(1));
                }
            }
        });
        ManualClock clock = ManualClock.create();
        Script script = Script.always(Reply.error(new RateLimitException("slow down")));
        try (Rig rig = Rig.of(caller, script, b -> b.time(clock).with(retrying))) {
            Rig.Running running = rig.start();
            clock.awaitTimers(1);
            running.cancel();

            running.await();
            rig.threads().awaitIdle();
            assertThat(attempts).hasValue(1);
            assertThat(rig.metrics().calls().get(0).error()).isExactlyInstanceOf(CancelledException.class);
        }
    }

    @Test
    void an_interrupt_ends_a_pause_of_a_blocking_call() {
        ManualClock clock = ManualClock.create();
        Interceptor pausing = Interceptor.of("pausing", Phase.RETRY, (call, next) -> {
            call.pause(Duration.ofSeconds(90));
            return next.proceed(call);
        });
        try (Rig rig = Rig.of(Caller.CHAT, Script.of(), b -> b.time(clock).with(pausing))) {
            Rig.Running running = rig.start();
            clock.awaitTimers(1);
            running.cancel();

            assertThat(running.await().error(CancelledException.class))
                    .hasMessage("the thread was interrupted during a pause of 90 s");
        }
    }

    @Test
    void a_cancel_after_the_end_changes_nothing() {
        try (Rig rig = Rig.of(Caller.STREAM, Script.replying("yes"))) {
            RecordingHandler handler = new RecordingHandler();
            Rig.Running running = rig.start(handler);
            assertThat(running.await().text()).isEqualTo("yes");
            running.cancel();
            running.cancel();

            assertThat(handler.events()).containsExactly("text:yes", "complete");
        }
    }
}
