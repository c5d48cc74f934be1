package io.fmware.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FaultyStreamingChatModelTest {

    private static final String LONG = "one two three four five";

    @Test
    void a_refusal_is_an_error_before_anything_else() {
        ScriptedStreamingChatModel delegate = ScriptedStreamingChatModel.replying("fine");
        FaultyStreamingChatModel model =
                FaultyStreamingChatModel.wrap(delegate, Faults.seeded(1).on(1, Fault.RATE_LIMIT));
        Heard refused = new Heard();
        model.chat("hello", refused);
        assertThat(refused.events).containsExactly("error: injected rate limit on call 1");
        assertThat(delegate.requests()).isEmpty();
        Heard fine = new Heard();
        model.chat("hello", fine);
        assertThat(fine.events).containsExactly("+fine", "complete");
        assertThat(model.injected()).containsExactly(new InjectedFault(1, Fault.RATE_LIMIT));
    }

    @Test
    void a_truncated_stream_claims_to_be_complete() {
        Heard heard =
                faulty(Fault.TRUNCATED, Reply.builder().text(LONG).usage(1, 5).build());
        assertThat(heard.events).hasSizeBetween(2, 4).endsWith("complete");
        assertThat(heard.response.aiMessage().text()).isEqualTo(textOf(heard)).isNotEqualTo(LONG);
        assertThat(heard.response.tokenUsage()).isNull();
        assertThat(heard.response.finishReason()).isNull();
    }

    @Test
    void a_truncated_stream_that_is_too_short_to_be_cut_still_has_no_finish_reason() {
        Heard heard =
                faulty(Fault.TRUNCATED, Reply.builder().text("one").usage(1, 1).build());
        assertThat(heard.events).containsExactly("+one", "complete");
        assertThat(heard.response.finishReason()).isNull();
    }

    @Test
    void a_broken_event_gives_both_ends() {
        Heard heard = faulty(Fault.BROKEN_EVENT, Reply.text(LONG));
        assertThat(heard.events).endsWith("error: injected broken event on call 1", "complete");
        assertThat(textOf(heard)).isNotEqualTo(LONG);
    }

    @Test
    void malformed_json_comes_in_one_piece() {
        Heard heard = faulty(Fault.MALFORMED_JSON, Reply.text("{\"a\": 1, \"b\": 2}"));
        assertThat(heard.events).hasSize(2);
        assertThat(heard.response.aiMessage().text()).isEqualTo(textOf(heard));
        assertThatThrownBy(() -> new ObjectMapper().readTree(textOf(heard)))
                .isInstanceOf(JsonProcessingException.class);
        assertThat(faulty(Fault.MALFORMED_JSON, Reply.toolCall("lookUp", "{\"key\": 1}")).events)
                .containsExactly("lookUp!{\"key\": 1", "complete");
    }

    @Test
    void an_empty_answer_has_no_parts() {
        Reply reply = Reply.builder().text("yes").toolCall("lookUp", "{}").build();
        assertThat(faulty(Fault.EMPTY_ANSWER, reply).events).containsExactly("complete");
    }

    @Test
    void a_made_up_citation_is_one_more_part() {
        Heard heard = faulty(Fault.MADE_UP_CITATION, Reply.text("Yes, it is."));
        assertThat(heard.events).startsWith("+Yes, ", "+it ", "+is.").hasSize(5);
        assertThat(textOf(heard)).matches("Yes, it is\\. \\[source: made-up-[0-9a-f]+\\]");
        assertThat(heard.response.aiMessage().text()).isEqualTo(textOf(heard));
        Heard json = faulty(Fault.MADE_UP_CITATION, Reply.text(" {\"sources\": []}"));
        assertThat(textOf(json)).matches("\\{\"sources\":\\[\"made-up-[0-9a-f]+\"\\]\\}");
        assertThat(json.response.aiMessage().text()).isEqualTo(textOf(json));
    }

    @Test
    void a_stall_is_in_mid_stream_and_lasts_as_long_as_the_plan_says() throws Exception {
        ManualClock clock = ManualClock.create();
        Heard heard = new Heard();
        CompletableFuture<Void> stream = stalling(clock, heard);
        clock.awaitTimers(1);
        assertThat(heard.events).isNotEmpty().doesNotContain("complete");
        clock.advance(Duration.ofSeconds(5));
        stream.get(10, TimeUnit.SECONDS);
        assertThat(textOf(heard)).isEqualTo(LONG);
        assertThat(heard.events).endsWith("complete");
    }

    @Test
    void a_cancel_ends_a_stall() throws Exception {
        ManualClock clock = ManualClock.create();
        Heard heard = new Heard();
        CompletableFuture<Void> stream = stalling(clock, heard);
        clock.awaitTimers(1);
        List<String> before = List.copyOf(heard.events);
        heard.handle.cancel();
        stream.get(10, TimeUnit.SECONDS);
        assertThat(heard.events).isEqualTo(before);
    }

    private static CompletableFuture<Void> stalling(ManualClock clock, Heard heard) {
        FaultyStreamingChatModel model = FaultyStreamingChatModel.wrap(
                ScriptedStreamingChatModel.replying(LONG),
                Faults.seeded(1)
                        .on(1, Fault.STALL)
                        .stallFor(Duration.ofSeconds(5))
                        .timeSource(clock));
        return CompletableFuture.runAsync(() -> model.chat("hello", heard));
    }

    private static Heard faulty(Fault fault, Reply reply) {
        Heard heard = new Heard();
        FaultyStreamingChatModel.wrap(
                        ScriptedStreamingChatModel.of(reply), Faults.seeded(7).on(1, fault))
                .chat("hello", heard);
        return heard;
    }

    private static String textOf(Heard heard) {
        return heard.events.stream()
                .filter(event -> event.startsWith("+"))
                .map(event -> event.substring(1))
                .collect(Collectors.joining());
    }
}
