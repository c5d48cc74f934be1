package io.fmware.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.exception.RateLimitException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ScriptedStreamingChatModelTest {

    @Test
    void streams_all_parts_in_order() {
        Reply reply = Reply.builder()
                .text("one two")
                .thinking("let me see")
                .toolCall("lookUp", "{\"a\": 1}")
                .rawEvent("ping")
                .build();
        Heard heard = heard(reply);
        assertThat(heard.events)
                .containsExactly(
                        "raw ping",
                        "~let ",
                        "~me ",
                        "~see",
                        "+one ",
                        "+two",
                        "lookUp+{\"a\": ",
                        "lookUp+1}",
                        "lookUp!{\"a\": 1}",
                        "complete");
        assertThat(heard.response).isEqualTo(reply.response());
        assertThat(heard.thread).isSameAs(Thread.currentThread());
    }

    @Test
    void streams_the_chunks_given() {
        assertThat(heard(Reply.builder().chunks("a", "bc", "d").build()).events)
                .containsExactly("+a", "+bc", "+d", "complete");
        assertThat(heard(Reply.builder().text("abcde").chunkSize(2).build()).events)
                .containsExactly("+ab", "+cd", "+e", "complete");
    }

    @Test
    void can_call_the_handler_on_a_thread_of_its_own() throws InterruptedException {
        Heard heard = new Heard();
        ScriptedStreamingChatModel.builder()
                .script(Script.replying("one"))
                .ownThread()
                .build()
                .chat("hello", heard);
        heard.awaitEnd();
        assertThat(heard.thread).isNotSameAs(Thread.currentThread());
    }

    @Test
    void fails_after_chunks() {
        RateLimitException error = new RateLimitException("slow down");
        Heard heard =
                heard(Reply.builder().text("one two three").failAfter(2, error).build());
        assertThat(heard.events).containsExactly("+one ", "+two ", "error: slow down");
        assertThat(heard.error).isSameAs(error);
    }

    @Test
    void fails_at_the_end_if_there_are_fewer_chunks() {
        Reply reply = Reply.builder()
                .text("one")
                .failAfter(9, new RateLimitException("slow down"))
                .build();
        assertThat(heard(reply).events).containsExactly("+one", "error: slow down");
    }

    @Test
    void ends_early_as_a_closed_connection_does() {
        Heard heard = heard(Reply.builder()
                .text("one two three")
                .usage(1, 3)
                .truncateAfter(2)
                .build());
        assertThat(heard.events).containsExactly("+one ", "+two ", "complete");
        assertThat(heard.response.aiMessage().text()).isEqualTo("one two ");
        assertThat(heard.response.tokenUsage()).isNull();
        assertThat(heard.response.finishReason()).isNull();
    }

    @Test
    void stalls_until_it_is_cancelled_and_then_says_nothing() throws Exception {
        ManualClock clock = ManualClock.create();
        Heard heard = new Heard();
        CompletableFuture<Void> stream =
                start(clock, Reply.builder().text("one two three").stallAfter(2).build(), heard);
        clock.awaitWaiters(1);
        assertThat(heard.events).containsExactly("+one ", "+two ");
        heard.handle.cancel();
        stream.get(10, TimeUnit.SECONDS);
        assertThat(heard.handle.isCancelled()).isTrue();
        assertThat(heard.events).containsExactly("+one ", "+two ");
    }

    @Test
    void ignores_a_cancel_if_it_is_told() throws Exception {
        ManualClock clock = ManualClock.create();
        Heard heard = new Heard();
        Reply reply = Reply.builder()
                .text("one two")
                .chunkDelay(Duration.ofSeconds(1))
                .quirks(Quirk.IGNORES_CANCEL)
                .build();
        CompletableFuture<Void> stream = start(clock, reply, heard);
        clock.awaitTimers(1);
        heard.handle.cancel();
        clock.advance(Duration.ofSeconds(1));
        stream.get(10, TimeUnit.SECONDS);
        assertThat(heard.events).containsExactly("+one ", "+two", "complete");
    }

    @Test
    void keeps_the_pace_of_its_clock() throws Exception {
        ManualClock clock = ManualClock.create();
        Heard heard = new Heard();
        Reply reply = Reply.builder()
                .text("one two")
                .firstDelay(Duration.ofSeconds(3))
                .chunkDelay(Duration.ofSeconds(1))
                .build();
        CompletableFuture<Void> stream = start(clock, reply, heard);
        clock.awaitTimers(1);
        assertThat(heard.events).isEmpty();
        clock.advance(Duration.ofSeconds(3));
        clock.awaitTimers(1);
        assertThat(heard.events).containsExactly("+one ");
        clock.advance(Duration.ofSeconds(1));
        stream.get(10, TimeUnit.SECONDS);
        assertThat(heard.events).containsExactly("+one ", "+two", "complete");
    }

    @Test
    void an_interrupt_in_a_stall_is_an_error_as_with_a_real_client() throws Exception {
        ManualClock clock = ManualClock.create();
        Heard heard = new Heard();
        ScriptedStreamingChatModel model = ScriptedStreamingChatModel.builder()
                .script(Script.of(Reply.builder().text("one").stallAfter(0).build()))
                .timeSource(clock)
                .build();
        Thread caller = new Thread(() -> model.chat("hello", heard));
        caller.start();
        clock.awaitWaiters(1);
        caller.interrupt();
        heard.awaitEnd();
        assertThat(heard.error).hasCauseInstanceOf(InterruptedException.class);
    }

    @Test
    void misbehaves_as_told() {
        assertThat(quirk(Quirk.NEVER_ANSWERS)).isEmpty();
        assertThat(quirk(Quirk.COMPLETES_TWICE)).containsExactly("+yes", "complete", "complete");
        assertThat(quirk(Quirk.ERROR_AFTER_COMPLETE))
                .containsExactly("+yes", "complete", "error: scripted error after completion");
        assertThat(quirk(Quirk.PARTIAL_AFTER_TERMINAL)).containsExactly("+yes", "complete", "+late");
        assertThat(quirk(Quirk.EMPTY_PARTIALS)).containsExactly("+", "+yes", "complete");
        Heard nothing = heard(Reply.builder().quirks(Quirk.NULL_RESPONSE).build());
        assertThat(nothing.events).containsExactly("complete");
        assertThat(nothing.response).isNull();
        Heard legacy =
                heard(Reply.builder().text("yes").quirks(Quirk.LEGACY_CALLBACKS).build());
        assertThat(legacy.events).containsExactly("+yes", "complete");
        assertThat(legacy.handle).isNull();
        Reply broken = Reply.builder()
                .text("one two")
                .failAfter(1, new IllegalStateException("broken event"))
                .quirks(Quirk.COMPLETE_AFTER_ERROR)
                .build();
        assertThat(heard(broken).events).containsExactly("+one ", "error: broken event", "complete");
    }

    @Test
    void throws_out_of_the_call_if_it_is_told() {
        RateLimitException error = new RateLimitException("slow down");
        Heard heard = new Heard();
        ScriptedStreamingChatModel model = ScriptedStreamingChatModel.of(
                Reply.builder().error(error).quirks(Quirk.THROWS_FROM_CALL).build());
        assertThatThrownBy(() -> model.chat("hello", heard)).isSameAs(error);
        assertThat(heard.events).isEmpty();
    }

    @Test
    void goes_on_after_a_handler_that_throws_as_real_clients_do() {
        Heard heard = new Heard() {
            @Override
            public void onPartialResponse(String partial) {
                super.onPartialResponse(partial);
                throw new IllegalStateException("the page was closed");
            }
        };
        ScriptedStreamingChatModel.replying("one two").chat("hello", heard);
        assertThat(heard.events)
                .containsExactly(
                        "+one ", "error: the page was closed", "+two", "error: the page was closed", "complete");
    }

    @Test
    void says_which_call_has_no_reply() {
        ScriptedStreamingChatModel model = ScriptedStreamingChatModel.replying();
        assertThatThrownBy(() -> model.chat("hello", new Heard()))
                .isInstanceOf(ScriptExhaustedException.class)
                .hasMessageStartingWith("call 1 of ScriptedStreamingChatModel has no reply in Script[0 in order");
    }

    private static Heard heard(Reply reply) {
        Heard heard = new Heard();
        ScriptedStreamingChatModel.of(reply).chat("hello", heard);
        return heard;
    }

    private static List<String> quirk(Quirk quirk) {
        return heard(Reply.builder().text("yes").quirks(quirk).build()).events;
    }

    private static CompletableFuture<Void> start(ManualClock clock, Reply reply, Heard heard) {
        ScriptedStreamingChatModel model = ScriptedStreamingChatModel.builder()
                .script(Script.of(reply))
                .timeSource(clock)
                .build();
        return CompletableFuture.runAsync(() -> model.chat("hello", heard));
    }
}
