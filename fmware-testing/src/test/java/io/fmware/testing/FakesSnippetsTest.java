package io.fmware.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.embedding.EmbeddingModel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The examples of the page on fakes. */
class FakesSnippetsTest {

    @Test
    void one_script_for_every_mode() {
        // docs:start fakes-script
        Script script = Script.builder()
                .when("refund", Reply.toolCall("lookUpRefund", "{\"order\": 17}"))
                .reply(Reply.error(new RateLimitException("slow down")))
                .reply(Reply.builder().text("Good morning.").usage(12, 2).build())
                .build();

        ChatModel chat = ScriptedChatModel.of(script);
        StreamingChatModel streaming = ScriptedStreamingChatModel.of(script);
        EmbeddingModel embedding = ScriptedEmbeddingModel.of(script);
        // docs:end fakes-script

        Heard heard = new Heard();
        streaming.chat("hello", heard);
        assertThat(heard.events).containsExactly("error: slow down");
        assertThatThrownBy(() -> chat.chat("hello")).hasMessage("slow down");
        assertThatThrownBy(() -> embedding.embed("hello")).hasMessage("slow down");
        assertThat(chat.chat("hello")).isEqualTo("Good morning.");
    }

    @Test
    void a_stall_in_mid_stream() throws Exception {
        Heard handler = new Heard();

        // docs:start fakes-stall
        ManualClock clock = ManualClock.create();
        Reply slow = Reply.builder()
                .text("one two three")
                .chunkDelay(Duration.ofSeconds(1))
                .stallAfter(2)
                .build();
        ScriptedStreamingChatModel model = ScriptedStreamingChatModel.builder()
                .script(Script.of(slow))
                .timeSource(clock)
                .ownThread()
                .build();

        model.chat("hello", handler); // "one "
        clock.awaitTimers(1); // the model waits for the second to pass
        clock.advance(Duration.ofSeconds(1)); // "two ", and then nothing until a cancel or model.release()
        // docs:end fakes-stall

        clock.awaitWaiters(1);
        assertThat(handler.events).containsExactly("+one ", "+two ");
        model.release();
        handler.awaitEnd();
    }

    @Test
    void faults_by_a_seed() {
        ChatModel delegate = ScriptedChatModel.of(Script.always(Reply.text("yes")));

        // docs:start fakes-faults
        Faults faults = Faults.seeded(42)
                .rate(0.2, Fault.RATE_LIMIT)
                .rate(0.1, Fault.MADE_UP_CITATION)
                .on(1, Fault.TIMEOUT);
        FaultyChatModel model = FaultyChatModel.wrap(delegate, faults);
        // docs:end fakes-faults

        assertThatThrownBy(() -> model.chat("hello")).hasMessage("injected timeout on call 1");
        assertThat(model.injected()).containsExactly(new InjectedFault(1, Fault.TIMEOUT));
    }

    @Test
    void answers_from_the_context() {
        // docs:start fakes-extractive
        ChatModel model = ExtractiveChatModel.create();
        String context = "[source: card-delivery] A new card is delivered within 5 working days. It is sent by letter.";
        String answer =
                model.chat("When is my new card delivered?\n\nAnswer using the following information:\n" + context);
        // docs:end fakes-extractive

        assertThat(answer).isEqualTo("A new card is delivered within 5 working days.");
    }

    @Test
    void time_passes_when_the_test_says_so() throws Exception {
        ManualClock clock = ManualClock.create();
        Reply slow =
                Reply.builder().text("yes").firstDelay(Duration.ofMinutes(5)).build();
        ChatModel model = ScriptedChatModel.builder()
                .script(Script.of(slow))
                .timeSource(clock)
                .build();
        CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> model.chat("hello"));
        clock.awaitTimers(1);
        clock.advance(Duration.ofMinutes(5));
        assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo("yes");
    }
}
