package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.exception.RateLimitException;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What handlers of streams do, and what they get. */
class HandlerTest {

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void one_that_throws_on_a_piece_gets_back_what_it_threw_once_and_nothing_is_retried(Caller caller) {
        IllegalStateException thrown = new IllegalStateException("the connection to the browser is gone");
        AtomicInteger attempts = new AtomicInteger();
        Interceptor retrying = Interceptor.of("retrying", Phase.RETRY, (call, next) -> {
            while (true) {
                try {
                    attempts.incrementAndGet();
                    return next.proceed(call);
                } catch (IllegalStateException e) {
                    call.checkActive();
                }
            }
        });
        try (Rig rig = Rig.of(caller, Script.always(Reply.text("a b c")), retrying)) {
            RecordingHandler handler = new RecordingHandler().onText((text, handle) -> {
                throw thrown;
            });

            Outcome outcome = rig.start(handler).await();
            assertThat(outcome.events()).containsExactly("text:a ", "error");
            assertThat(outcome.error()).isSameAs(thrown);
            assertThat(attempts).hasValue(1);
            rig.threads().awaitIdle();
            assertThat(rig.metrics().calls().get(0).error())
                    .isExactlyInstanceOf(CancelledException.class)
                    .hasMessage("the handler of the stream threw java.lang.IllegalStateException")
                    .hasCause(thrown);
        }
    }

    @Test
    void one_that_throws_on_a_piece_stops_the_model() {
        Puppet puppet = new Puppet();
        try (Rig rig = Rig.of(Caller.STREAM, ScriptedChatModel.replying(), puppet, UnaryOperator.identity())) {
            RecordingHandler handler = new RecordingHandler().onText((text, handle) -> {
                throw new AssertionError("an error, not an exception");
            });
            rig.start(handler);
            Puppet.Strings strings = puppet.awaitStream();
            strings.partial("one "); // does not throw into the model

            assertThat(handler.awaitEnd().error(AssertionError.class)).hasMessage("an error, not an exception");
            assertThat(strings.isCancelled()).isTrue();
            strings.partial("two");
            strings.complete("one two");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void one_that_throws_on_the_pieces_of_an_answer_that_came_whole_gets_one_error(Caller caller) {
        IllegalStateException thrown = new IllegalStateException("no");
        Interceptor known = Interceptor.of(
                "known",
                Phase.CACHE,
                (call, next) -> FmReply.of(Reply.text("known").response(), FmReply.Source.CACHE));
        try (Rig rig = Rig.of(caller, Script.of(), known)) {
            RecordingHandler handler = new RecordingHandler().onText((text, handle) -> {
                throw thrown;
            });

            Outcome outcome = rig.start(handler).await();
            assertThat(outcome.events()).containsExactly("text:known", "error");
            assertThat(outcome.error()).isSameAs(thrown);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void one_that_throws_at_the_end_gets_no_second_end(Caller caller) {
        try (Rig rig = Rig.of(caller, Script.replying("yes"))) {
            RecordingHandler handler = new RecordingHandler().onComplete(response -> {
                throw new IllegalStateException("in onCompleteResponse");
            });

            assertThat(rig.start(handler).await().events()).containsExactly("text:yes", "complete");
            rig.threads().awaitIdle();
            assertThat(rig.metrics().calls().get(0).error()).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void one_that_throws_on_an_error_gets_no_second_error(Caller caller) {
        try (Rig rig = Rig.of(caller, Script.of(Reply.error(new RateLimitException("slow down"))))) {
            RecordingHandler handler = new RecordingHandler().onFailure(error -> {
                throw new IllegalStateException("in onError");
            });

            assertThat(rig.start(handler).await().events()).containsExactly("error");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void one_may_start_the_next_stream_when_the_first_is_complete_or_has_failed(Caller caller) {
        Script script =
                Script.of(Reply.text("first"), Reply.error(new RateLimitException("slow down")), Reply.text("third"));
        try (Rig rig = Rig.of(caller, script)) {
            RecordingHandler third = new RecordingHandler();
            RecordingHandler second = new RecordingHandler()
                    .onFailure(error -> rig.streamingModel().chat(Rig.request("third"), third));
            RecordingHandler first = new RecordingHandler()
                    .onComplete(response -> rig.streamingModel().chat(Rig.request("second"), second));
            rig.start(first).await();
            rig.expectAnotherCall();
            rig.expectAnotherCall();

            assertThat(second.awaitEnd().error()).isInstanceOf(RateLimitException.class);
            assertThat(third.awaitEnd().text()).isEqualTo("third");
            second.verify();
            third.verify();
        }
    }

    @Test
    void one_may_call_the_same_pipeline_from_inside_a_piece() {
        try (Rig rig = Rig.of(Caller.STREAM, Script.replying("a b"))) {
            RecordingHandler inner = new RecordingHandler();
            RecordingHandler outer = new RecordingHandler().onText((text, handle) -> {
                if (text.equals("a ")) {
                    Interceptor none = (call, next) -> next.proceed(call);
                    try (Rig other = Rig.of(Caller.STREAM, Script.replying("inner"), none)) {
                        assertThat(other.start(inner).await().text()).isEqualTo("inner");
                    }
                }
            });

            assertThat(rig.start(outer).await().events()).containsExactly("text:a ", "text:b", "complete");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void one_gets_raw_events_thinking_text_and_tool_calls_in_the_order_of_the_model(Caller caller) {
        Script script = Script.of(Reply.builder()
                .rawEvent("ping")
                .thinking("hm")
                .text("a b")
                .toolCall("lookUp", "{\"id\":1}")
                .build());
        try (Rig rig = Rig.of(caller, script)) {
            Outcome outcome = rig.call();

            assertThat(outcome.events())
                    .startsWith("raw:ping", "thinking:hm", "text:a ", "text:b")
                    .endsWith("tool:lookUp{\"id\":1}", "complete")
                    .anyMatch(event -> event.startsWith("part:"));
            assertThat(outcome.response().aiMessage().thinking()).isEqualTo("hm");
            assertThat(outcome.response().aiMessage().toolExecutionRequests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void an_answer_that_came_whole_is_given_in_pieces_before_the_end(Caller caller) {
        ScriptedChatModel plain = ScriptedChatModel.of(Reply.builder()
                .thinking("hm")
                .text("a b")
                .toolCall("lookUp", "{\"id\":1}")
                .toolCall("lookUp", "{\"id\":2}")
                .build());
        try (Rig rig = Rig.of(
                caller,
                Script.of(),
                Interceptor.of(
                        "turning", Phase.FALLBACK, (call, next) -> next.proceed(call.withTarget(Target.of(plain)))))) {
            assertThat(rig.call().events())
                    .containsExactly(
                            "thinking:hm", "text:a b", "tool:lookUp{\"id\":1}", "tool:lookUp{\"id\":2}", "complete");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void pieces_that_an_interceptor_holds_back_come_once_it_releases_them(Caller caller) {
        Interceptor holding = Interceptor.of("holding", Phase.VALIDATE, (call, next) -> {
            BufferedSink held = TokenSink.buffer(call.sink());
            next.proceed(call.withSink(held));
            assertThat(held.restart()).isTrue();
            FmReply second = next.proceed(call.nextAttempt().withSink(held));
            held.release();
            held.release();
            return second;
        });
        try (Rig rig = Rig.of(caller, Script.replying("bad one", "good one"), holding)) {
            Outcome outcome = rig.call();

            assertThat(outcome.events()).containsExactly("text:good ", "text:one", "complete");
            assertThat(outcome.text()).isEqualTo("good one");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void one_gets_nothing_from_an_interceptor_that_goes_on_after_the_end(Caller caller) {
        AtomicReference<TokenSink> kept = new AtomicReference<>();
        Interceptor keeping = Interceptor.of("keeping", Phase.ADMIT, (call, next) -> {
            kept.set(call.sink());
            return next.proceed(call);
        });
        try (Rig rig = Rig.of(caller, Script.replying("yes"), keeping)) {
            RecordingHandler handler = new RecordingHandler();
            rig.start(handler).await();
            kept.get().emit(new StreamEvent.Text("and another thing"));

            assertThat(handler.events()).containsExactly("text:yes", "complete");
        }
    }

    @Test
    void a_sink_of_an_interceptor_that_throws_stops_the_model_and_its_error_is_that_of_the_attempt() {
        Puppet puppet = new Puppet();
        IllegalStateException thrown = new IllegalStateException("a word that must not be shown");
        Interceptor censoring = Interceptor.of("censoring", Phase.VALIDATE, (call, next) -> {
            try {
                return next.proceed(call.withSink(new TokenSink() {
                    @Override
                    public void emit(StreamEvent event) {
                        throw thrown;
                    }

                    @Override
                    public boolean restart() {
                        return true;
                    }
                }));
            } catch (IllegalStateException e) {
                assertThat(e).isSameAs(thrown);
                return FmReply.of(Reply.text("censored").response(), FmReply.Source.FALLBACK);
            }
        });
        try (Rig rig = Rig.of(Caller.STREAM, ScriptedChatModel.replying(), puppet, b -> b.with(censoring))) {
            RecordingHandler handler = new RecordingHandler();
            rig.start(handler);
            Puppet.Strings strings = puppet.awaitStream();
            strings.partial("one ");

            assertThat(handler.awaitEnd().events()).containsExactly("text:censored", "complete");
            assertThat(strings.isCancelled()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void output_may_start_again_until_something_was_given_to_the_user(Caller caller) {
        Interceptor asking = Interceptor.of("asking", Phase.VALIDATE, (call, next) -> {
            assertThat(call.sink().restart()).isTrue();
            FmReply reply = next.proceed(call);
            assertThat(call.sink().restart()).isFalse();
            return reply;
        });
        try (Rig rig = Rig.of(caller, Script.replying("yes"), asking)) {
            assertThat(rig.call().text()).isEqualTo("yes");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CHAT", "CHAT_WITH_A_DEADLINE", "ASYNC"})
    void a_streaming_model_serves_a_caller_who_waits(Caller caller) {
        Puppet puppet = new Puppet();
        Interceptor turning = Interceptor.of(
                "turning", Phase.FALLBACK, (call, next) -> next.proceed(call.withTarget(Target.of(puppet))));
        try (Rig rig = Rig.of(caller, Script.of(), turning)) {
            Rig.Running running = rig.start();
            Puppet.Strings strings = puppet.awaitStream();
            strings.partial("a ");
            strings.partial("b");
            strings.complete("a b");

            assertThat(running.await().text()).isEqualTo("a b");
        }
    }

    @Test
    void a_checked_exception_of_a_streaming_model_reaches_a_caller_who_waits_as_a_cause() {
        Puppet puppet = new Puppet();
        Interceptor turning = Interceptor.of(
                "turning", Phase.FALLBACK, (call, next) -> next.proceed(call.withTarget(Target.of(puppet))));
        try (Rig rig = Rig.of(Caller.CHAT, Script.of(), turning)) {
            Rig.Running running = rig.start();
            IOException error = new IOException("connection reset");
            puppet.awaitStream().fail(error);

            assertThat(running.await().error())
                    .isInstanceOf(dev.langchain4j.exception.LangChain4jException.class)
                    .hasCause(error);
        }
    }
}
