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
    void streamsAllPartsInOrder() {
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
    void streamsTheChunksGiven() {
        assertThat(heard(Reply.builder().chunks("a", "bc", "d").build()).events)
                .containsExactly("+a", "+bc", "+d", "complete");
        assertThat(heard(Reply.builder().text("abcde").chunkSize(2).build()).events)
                .containsExactly("+ab", "+cd", "+e", "complete");
    }

    @Test
    void canCallTheHandlerOnAThreadOfItsOwn() throws InterruptedException {
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
    void failsAfterChunks() {
        RateLimitException error = new RateLimitException("slow down");
        Heard heard =
                heard(Reply.builder().text("one two three").failAfter(2, error).build());
        assertThat(heard.events).containsExactly("+one ", "+two ", "error: slow down");
        assertThat(heard.error).isSameAs(error);
    }

    @Test
    void failsAtTheEndIfThereAreFewerChunks() {
        Reply reply = Reply.builder()
                .text("one")
                .failAfter(9, new RateLimitException("slow down"))
                .build();
        assertThat(heard(reply).events).containsExactly("+one", "error: slow down");
    }

    @Test
    void endsEarlyAsAClosedConnectionDoes() {
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
    void stallsUntilItIsCancelledAndThenSaysNothing() throws Exception {
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
    void ignoresACancelIfItIsTold() throws Exception {
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
    void keepsThePaceOfItsClock() throws Exception {
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
    void anInterruptInAStallIsAnErrorAsWithARealClient() throws Exception {
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
    void misbehavesAsTold() {
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
    void throwsOutOfTheCallIfItIsTold() {
        RateLimitException error = new RateLimitException("slow down");
        Heard heard = new Heard();
        ScriptedStreamingChatModel model = ScriptedStreamingChatModel.of(
                Reply.builder().error(error).quirks(Quirk.THROWS_FROM_CALL).build());
        assertThatThrownBy(() -> model.chat("hello", heard)).isSameAs(error);
        assertThat(heard.events).isEmpty();
    }

    @Test
    void goesOnAfterAHandlerThatThrowsAsRealClientsDo() {
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
    void saysWhichCallHasNoReply() {
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
