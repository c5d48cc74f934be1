package io.fmware.observability.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.fmware.event.EventOrigin;
import io.fmware.event.FmEvent;
import io.fmware.event.RunPath;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TriggerTest {
    private static final RunPath CLAIM = RunPath.root("claim");

    private static EventOrigin at(String run, int seconds) {
        return new EventOrigin(run, CLAIM, 1, Instant.ofEpochSecond(seconds));
    }

    private static FmEvent callStarted(String run, int seconds) {
        return new FmEvent.CallStarted(
                at(run, seconds),
                "m",
                ChatRequest.builder().messages(UserMessage.from("how?")).build());
    }

    private static FmEvent callEnded(String run, int seconds) {
        return new FmEvent.CallEnded(at(run, seconds), "m", null, "model", 1, null);
    }

    @Test
    void a_call_that_takes_longer_than_it_may_fires_when_it_has_ended() {
        Trigger slow = Trigger.slowCalls(Duration.ofSeconds(5));

        assertThat(slow.fires(callStarted("1", 0))).isFalse();
        assertThat(slow.fires(callStarted("2", 0))).isFalse();
        assertThat(slow.fires(callEnded("1", 5))).isFalse();
        assertThat(slow.fires(callEnded("2", 6))).isTrue();
        assertThat(slow.fires(callEnded("3", 60)))
                .as("its beginning is not known")
                .isFalse();
    }

    @Test
    void a_run_that_takes_longer_than_it_may_fires_and_calls_in_it_do_not() {
        Trigger slow = Trigger.slowRuns(Duration.ofSeconds(5));

        assertThat(slow.fires(new FmEvent.RunStarted(at("1", 0), "claim", Map.of())))
                .isFalse();
        assertThat(slow.fires(callStarted("1", 0))).isFalse();
        assertThat(slow.fires(callEnded("1", 9))).isFalse();
        assertThat(slow.fires(new FmEvent.RunEnded(at("1", 9), 0, null))).isTrue();
        assertThat(slow.fires(new FmEvent.RunEnded(at("1", 99), 0, null)))
                .as("it is forgotten")
                .isFalse();
    }

    @Test
    void runs_that_are_never_closed_do_not_fill_the_memory() {
        Trigger slow = Trigger.slowCalls(Duration.ofSeconds(5));
        for (int i = 0; i < 25_000; i++) {
            slow.fires(callStarted("run " + i, 0));
        }
        assertThat(slow.fires(callEnded("run 0", 60))).as("forgotten").isFalse();
        assertThat(slow.fires(callEnded("run 24999", 60))).isTrue();
    }

    @Test
    void each_of_two_triggers_sees_all_events() {
        List<String> seen = new ArrayList<>();
        Trigger both = ((Trigger) event -> seen.add("one")).or(event -> seen.add("two"));

        assertThat(both.fires(callEnded("1", 1))).isTrue();
        assertThat(seen).containsExactly("one", "two");
        assertThat(Trigger.never().or(Trigger.never()).fires(callEnded("1", 1))).isFalse();
    }

    @Test
    void what_counts_as_slow_must_be_positive() {
        assertThatThrownBy(() -> Trigger.slowCalls(Duration.ZERO))
                .hasMessage("what counts as slow must be positive, but is PT0S");
    }
}
