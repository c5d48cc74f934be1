package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.fmware.retry.Deadlines;
import io.fmware.testing.ManualClock;
import io.fmware.testing.Quirk;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MisbehavingModelTest {

    @ParameterizedTest
    @EnumSource
    void a_model_that_answers_null_is_named(Caller caller) {
        Script script =
                Script.of(Reply.builder().text("x").quirks(Quirk.NULL_RESPONSE).build());
        try (Rig rig = Rig.of(caller, script)) {
            assertThat(rig.call().error(ModelContractException.class))
                    .hasMessage(
                            caller.isStream()
                                    ? "ScriptedStreamingChatModel completed its stream with null instead of a response; its"
                                            + " adapter has a defect"
                                    : "ScriptedChatModel returned null instead of a response; its adapter has a defect");
        }
    }

    @Test
    void a_stream_that_ends_with_a_null_error_names_the_model() {
        Puppet puppet = new Puppet();
        try (Rig rig = puppetRig(puppet)) {
            RecordingHandler handler = new RecordingHandler();
            rig.start(handler);
            puppet.awaitStream().fail(null);

            assertThat(handler.awaitEnd().error(ModelContractException.class))
                    .hasMessage("Puppet ended its stream with a null error; its adapter has a defect");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Quirk.class,
            names = {
                "COMPLETES_TWICE",
                "ERROR_AFTER_COMPLETE",
                "PARTIAL_AFTER_TERMINAL",
                "EMPTY_PARTIALS",
                "LEGACY_CALLBACKS"
            })
    void a_stream_has_one_end_and_no_empty_pieces_whatever_the_model_does(Quirk quirk) {
        for (Caller caller : new Caller[] {Caller.STREAM, Caller.STREAM_FROM_A_THREAD_OF_THE_MODEL}) {
            Script script = Script.of(Reply.builder().text("a b").quirks(quirk).build());
            try (Rig rig = Rig.of(caller, script)) {
                assertThat(rig.call().events()).containsExactly("text:a ", "text:b", "complete");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void a_stream_that_completes_after_its_error_has_failed(Caller caller) {
        RateLimitException error = new RateLimitException("slow down");
        Script script = Script.of(Reply.builder()
                .text("a b")
                .failAfter(1, error)
                .quirks(Quirk.COMPLETE_AFTER_ERROR, Quirk.PARTIAL_AFTER_TERMINAL)
                .build());
        try (Rig rig = Rig.of(caller, script)) {
            Outcome outcome = rig.call();

            assertThat(outcome.events()).containsExactly("text:a ", "error");
            assertThat(outcome.error()).isSameAs(error);
        }
    }

    @Test
    void a_stream_that_throws_after_it_completed_stays_complete() {
        for (int i = 0; i < 500; i++) {
            StreamingChatModel model = new StreamingChatModel() {
                @Override
                public void chat(ChatRequest request, StreamingChatResponseHandler handler) {
                    handler.onCompleteResponse(Reply.text("done").response());
                    throw new IllegalStateException("while cleaning up");
                }
            };
            try (Rig rig = Rig.of(Caller.STREAM, ScriptedChatModel.replying(), model, UnaryOperator.identity())) {
                assertThat(rig.call().text()).isEqualTo("done");
            }
        }
    }

    @Test
    void a_stream_that_throws_after_its_error_ends_with_the_first_of_both() {
        RateLimitException first = new RateLimitException("slow down");
        for (int i = 0; i < 500; i++) {
            StreamingChatModel model = new StreamingChatModel() {
                @Override
                public void chat(ChatRequest request, StreamingChatResponseHandler handler) {
                    handler.onError(first);
                    throw new IllegalStateException("while cleaning up");
                }
            };
            try (Rig rig = Rig.of(Caller.STREAM, ScriptedChatModel.replying(), model, UnaryOperator.identity())) {
                assertThat(rig.call().error()).isSameAs(first);
            }
        }
    }

    @Test
    void a_model_that_has_ended_its_stream_is_not_interrupted_while_it_cleans_up() {
        AtomicBoolean interrupted = new AtomicBoolean();
        StreamingChatModel model = new StreamingChatModel() {
            @Override
            public void chat(ChatRequest request, StreamingChatResponseHandler handler) {
                handler.onError(new RateLimitException("slow down"));
                for (int spins = 0; spins < 10_000; spins++) {
                    Thread.onSpinWait();
                }
                interrupted.compareAndSet(false, Thread.currentThread().isInterrupted());
            }
        };
        for (int i = 0; i < 100; i++) {
            try (Rig rig = Rig.of(Caller.STREAM, ScriptedChatModel.replying(), model, UnaryOperator.identity())) {
                rig.call().error(RateLimitException.class);
            }
        }
        assertThat(interrupted).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void a_stream_that_stalls_in_the_middle_is_bounded_by_the_deadline(Caller caller) {
        ManualClock clock = ManualClock.create();
        Script script = Script.of(Reply.builder().text("a b").stallAfter(1).build());
        try (Rig rig = Rig.of(caller, script, b -> b.time(clock).with(Deadlines.of(Duration.ofSeconds(2))))) {
            RecordingHandler handler = new RecordingHandler();
            Rig.Running running = rig.start(handler);
            handler.awaitFirst();
            clock.awaitTimers(1);
            clock.advance(Duration.ofSeconds(2));

            Outcome outcome = running.await();
            assertThat(outcome.events()).containsExactly("text:a ", "error");
            assertThat(outcome.error(DeadlineExceededException.class))
                    .hasMessage(
                            "the deadline of 2 s passed while waiting for ScriptedStreamingChatModel, attempt 1; allow"
                                    + " more time with Deadlines, or ask for less");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_model_that_never_answers_is_bounded_by_the_deadline(Caller caller) {
        ManualClock clock = ManualClock.create();
        try (Rig rig = Rig.of(
                caller, Script.of(Reply.never()), b -> b.time(clock).with(Deadlines.of(Duration.ofMillis(1500))))) {
            Rig.Running running = rig.start();
            rig.awaitRequests(1);
            clock.awaitTimers(1);
            clock.advance(Duration.ofMillis(1499));
            assertThat(clock.waiters()).isPositive();
            clock.advance(Duration.ofMillis(1));

            assertThat(running.await().error(DeadlineExceededException.class))
                    .hasMessage("the deadline of 1500 ms passed while waiting for " + rig.modelName()
                            + ", attempt 1; allow" + " more time with Deadlines, or ask for less");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_model_that_blocks_and_ignores_interrupts_is_abandoned_at_the_deadline(Caller caller) {
        ManualClock clock = ManualClock.create();
        Script script = Script.of(Reply.builder()
                .text("late")
                .quirks(Quirk.BLOCKS_UNINTERRUPTIBLY)
                .build());
        try (Rig rig = Rig.of(caller, script, b -> b.time(clock).with(Deadlines.of(Duration.ofSeconds(1))))) {
            Rig.Running running = rig.start();
            rig.awaitRequests(1);
            clock.awaitTimers(1);
            clock.advance(Duration.ofSeconds(1));

            Outcome outcome = running.await();
            outcome.error(DeadlineExceededException.class);
            assertThat(outcome.events()).doesNotContain("text:late");
            rig.release();
        }
    }

    @ParameterizedTest
    @EnumSource
    void our_own_interrupt_comes_back_neither_as_an_error_of_the_model_nor_as_a_second_attempt(Caller caller) {
        ManualClock clock = ManualClock.create();
        Script script =
                Script.always(Reply.builder().text("x").quirks(Quirk.BLOCKS).build());
        AtomicReference<Throwable> seen = new AtomicReference<>();
        Interceptor retrying = Interceptor.of("retrying", Phase.RETRY, (call, next) -> {
            try {
                return next.proceed(call);
            } catch (FmwareException e) {
                seen.set(e);
                throw e;
            } catch (RuntimeException e) {
                seen.set(e);
                return next.proceed(call.nextAttempt());
            }
        });
        try (Rig rig = Rig.of(
                caller,
                script,
                b -> b.time(clock).with(Deadlines.of(Duration.ofSeconds(1))).with(retrying))) {
            Rig.Running running = rig.start();
            rig.awaitRequests(1);
            clock.awaitTimers(1);
            clock.advance(Duration.ofSeconds(1));

            running.await().error(DeadlineExceededException.class);
            rig.threads().awaitIdle();
            assertThat(seen.get()).isExactlyInstanceOf(DeadlineExceededException.class);
            assertThat(rig.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void late_pieces_of_an_abandoned_attempt_reach_neither_the_next_attempt_nor_the_user(Caller caller) {
        Puppet puppet = new Puppet();
        Interceptor second = Interceptor.of("second", Phase.RETRY, (call, next) -> {
            try {
                return next.proceed(call.fork(TokenSink.none()).withDeadline(Duration.ofSeconds(1)));
            } catch (DeadlineExceededException e) {
                return next.proceed(call.nextAttempt());
            }
        });
        ManualClock clock = ManualClock.create();
        try (Rig rig = Rig.of(
                caller, ScriptedChatModel.replying(), puppet, b -> b.time(clock).with(second))) {
            RecordingHandler handler = new RecordingHandler();
            rig.start(handler);
            Puppet.Strings abandoned = puppet.awaitStream();
            clock.awaitTimers(1);
            clock.advance(Duration.ofSeconds(1));
            Puppet.Strings current = puppet.awaitStream();

            abandoned.partial("late ");
            current.partial("good ");
            abandoned.partial("later ");
            abandoned.complete("late later");
            current.partial("answer");
            current.complete("good answer");

            Outcome outcome = handler.awaitEnd();
            assertThat(outcome.events()).containsExactly("text:good ", "text:answer", "complete");
            assertThat(outcome.text()).isEqualTo("good answer");
            assertThat(abandoned.isCancelled())
                    .as("the late handle was cancelled")
                    .isTrue();
            assertThat(current.isCancelled()).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_error_of_the_model_in_a_second_attempt_does_not_hang(Caller caller) {
        InternalServerException error = new InternalServerException("down");
        Interceptor again = Interceptor.of("again", Phase.VALIDATE, (call, next) -> {
            next.proceed(call.withSink(TokenSink.buffer(call.sink())));
            return next.proceed(call.nextAttempt());
        });
        try (Rig rig = Rig.of(caller, Script.of(Reply.text("first"), Reply.error(error)), again)) {
            Outcome outcome = rig.call();

            assertThat(outcome.error()).isSameAs(error);
            assertThat(outcome.events()).isSubsetOf("error");
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_error_that_is_no_exception_reaches_the_caller_as_it_is(Caller caller) {
        Error error = new StackOverflowError("in the adapter");
        try (Rig rig = Rig.of(caller, Script.of(Reply.error(error)))) {
            assertThat(rig.call().error()).isSameAs(error);
        }
    }

    private static Rig puppetRig(Puppet puppet) {
        return Rig.of(Caller.STREAM, ScriptedChatModel.replying(), puppet, UnaryOperator.identity());
    }

    @Test
    void a_response_is_handed_on_as_the_same_object() {
        ChatResponse response = Reply.text("same").response();
        try (Rig rig = Rig.of(
                Caller.STREAM,
                new dev.langchain4j.model.chat.ChatModel() {
                    @Override
                    public ChatResponse doChat(ChatRequest request) {
                        return response;
                    }
                },
                new StreamingChatModel() {
                    @Override
                    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
                        handler.onCompleteResponse(response);
                    }
                },
                UnaryOperator.identity())) {
            rig.expectAnotherCall();
            assertThat(rig.chatModel().chat(Rig.request("hello"))).isSameAs(response);
            Outcome outcome = rig.call();
            assertThat(outcome.response()).isSameAs(response);
            assertThat(outcome.events()).containsExactly("text:same", "complete");
        }
    }

    @Test
    void an_answer_with_holes_ends_its_stream_in_one_error() {
        List<ToolExecutionRequest> holes = new ArrayList<>();
        holes.add(null);
        ChatResponse response = ChatResponse.builder()
                .aiMessage(AiMessage.builder()
                        .text("x")
                        .toolExecutionRequests(holes)
                        .build())
                .build();
        StreamingChatModel model = new StreamingChatModel() {
            @Override
            public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
                handler.onCompleteResponse(response);
            }
        };
        RecordingHandler handler = new RecordingHandler();
        try (FmPipeline pipeline = FmPipeline.builder().build()) {
            pipeline.wrap(model).chat("Hi", handler);

            assertThat(handler.awaitEnd().error()).isNotNull();
            handler.verify();
        }
    }

    @Test
    void a_null_piece_of_output_ends_the_stream_and_names_the_model() {
        StreamingChatModel model = new StreamingChatModel() {
            @Override
            public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
                handler.onPartialThinking((PartialThinking) null);
                handler.onCompleteResponse(Reply.text("late").response());
            }

            @Override
            public String toString() {
                return "holey";
            }
        };
        RecordingHandler handler = new RecordingHandler();
        try (FmPipeline pipeline = FmPipeline.builder().build()) {
            pipeline.wrap(model).chat("Hi", handler);

            assertThat(handler.awaitEnd().error())
                    .isInstanceOf(ModelContractException.class)
                    .hasMessageEndingWith(" streamed null for a partial thinking; its adapter has a defect");
        }
    }
}
