package io.fmware.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FaultyChatModelTest {

    private static final String LONG = "one two three four five";

    @Test
    void refuses_with_the_exceptions_of_langchain4j_and_does_not_call_the_model() {
        ScriptedChatModel delegate = ScriptedChatModel.replying("fine");
        FaultyChatModel model = FaultyChatModel.wrap(
                delegate,
                Faults.seeded(1).on(1, Fault.RATE_LIMIT).on(2, Fault.TIMEOUT).on(3, Fault.SERVER_ERROR));
        assertThatThrownBy(() -> model.chat("hello"))
                .isInstanceOf(RateLimitException.class)
                .hasMessage("injected rate limit on call 1")
                .cause()
                .isInstanceOfSatisfying(
                        HttpException.class,
                        http -> assertThat(http.statusCode()).isEqualTo(429));
        assertThatThrownBy(() -> model.chat("hello"))
                .isInstanceOf(TimeoutException.class)
                .hasMessage("injected timeout on call 2");
        assertThatThrownBy(() -> model.chat("hello"))
                .isInstanceOf(InternalServerException.class)
                .hasMessage("injected server error on call 3");
        assertThat(delegate.requests()).isEmpty();
        assertThat(model.chat("hello")).isEqualTo("fine");
        assertThat(model.injected())
                .containsExactly(
                        new InjectedFault(1, Fault.RATE_LIMIT),
                        new InjectedFault(2, Fault.TIMEOUT),
                        new InjectedFault(3, Fault.SERVER_ERROR));
    }

    @Test
    void a_truncated_answer_is_shorter_and_has_neither_usage_nor_finish_reason() {
        ChatResponse response =
                faulty(Fault.TRUNCATED, Reply.builder().text(LONG).usage(1, 5).build());
        assertThat(LONG).startsWith(response.aiMessage().text());
        assertThat(response.aiMessage().text()).isNotEqualTo(LONG);
        assertThat(response.tokenUsage()).isNull();
        assertThat(response.finishReason()).isNull();
    }

    @Test
    void a_broken_event_is_a_plain_runtime_exception() {
        assertThatThrownBy(() -> faulty(Fault.BROKEN_EVENT, Reply.text("yes")))
                .isExactlyInstanceOf(RuntimeException.class)
                .hasMessage("injected broken event on call 1");
    }

    @Test
    void malformed_json_is_never_closed() {
        for (String text :
                new String[] {"{\"answer\": \"yes\"}", "[1, 2]", "no json, \"quoted\"", "{", "", "{\"a\": 1} so"}) {
            String spoiled =
                    faulty(Fault.MALFORMED_JSON, Reply.text(text)).aiMessage().text();
            assertThatThrownBy(() -> new ObjectMapper().readTree(spoiled)).isInstanceOf(JsonProcessingException.class);
        }
        ChatResponse response = faulty(Fault.MALFORMED_JSON, Reply.toolCall("lookUp", "{\"key\": 1}"));
        assertThat(response.aiMessage().toolExecutionRequests().get(0).arguments())
                .isEqualTo("{\"key\": 1");
        assertThat(response.aiMessage().text()).isNull();
    }

    @Test
    void an_empty_answer_has_neither_text_nor_tool_calls() {
        ChatResponse response = faulty(
                Fault.EMPTY_ANSWER,
                Reply.builder().text("yes").toolCall("lookUp", "{}").build());
        assertThat(response.aiMessage().text()).isEmpty();
        assertThat(response.aiMessage().hasToolExecutionRequests()).isFalse();
    }

    @Test
    void a_made_up_citation_goes_where_the_answer_keeps_its_sources() {
        assertThat(faulty(Fault.MADE_UP_CITATION, Reply.text("Yes."))
                        .aiMessage()
                        .text())
                .matches("Yes\\. \\[source: made-up-[0-9a-f]+\\]");
        assertThat(faulty(Fault.MADE_UP_CITATION, Reply.text("{\"answer\":\"yes\",\"sources\":[\"a\"]}"))
                        .aiMessage()
                        .text())
                .matches("\\{\"answer\":\"yes\",\"sources\":\\[\"a\",\"made-up-[0-9a-f]+\"\\]\\}");
        assertThat(faulty(Fault.MADE_UP_CITATION, Reply.text("{\"answer\":\"yes\"}"))
                        .aiMessage()
                        .text())
                .matches("\\{\"answer\":\"yes\",\"source\":\"made-up-[0-9a-f]+\"\\}");
    }

    @Test
    void a_stall_lasts_as_long_as_the_plan_says() throws Exception {
        ManualClock clock = ManualClock.create();
        FaultyChatModel model = FaultyChatModel.wrap(
                ScriptedChatModel.replying("yes"),
                Faults.seeded(1)
                        .on(1, Fault.STALL)
                        .stallFor(Duration.ofSeconds(5))
                        .timeSource(clock));
        CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> model.chat("hello"));
        clock.awaitTimers(1);
        clock.advance(Duration.ofMillis(4999));
        assertThat(answer).isNotDone();
        clock.advance(Duration.ofMillis(1));
        assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo("yes");
    }

    @Test
    void rates_are_met_over_many_calls() {
        Faults faults = Faults.seeded(42).rate(0.2, Fault.RATE_LIMIT).rate(0.05, Fault.STALL);
        Map<Fault, Integer> counts = new EnumMap<>(Fault.class);
        for (int call = 1; call <= 10_000; call++) {
            faults.on(call).ifPresent(fault -> counts.merge(fault, 1, Integer::sum));
        }
        assertThat(counts.get(Fault.RATE_LIMIT)).isBetween(1900, 2100);
        assertThat(counts.get(Fault.STALL)).isBetween(440, 560);
        assertThat(counts).hasSize(2);
    }

    @Test
    void refuses_rates_that_add_up_to_more_than_one() {
        assertThatThrownBy(() -> Faults.seeded(1).rate(0.6, Fault.STALL).rate(0.5, Fault.TIMEOUT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("rates are from 0 to 1 and so is their sum: {TIMEOUT=0.5, STALL=0.6}");
        assertThatThrownBy(() -> Faults.seeded(1).rate(Double.NaN, Fault.STALL))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static ChatResponse faulty(Fault fault, Reply reply) {
        return FaultyChatModel.wrap(
                        ScriptedChatModel.of(reply), Faults.seeded(7).on(1, fault))
                .chat(UserMessage.from("hello"));
    }
}
