package io.fmware.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.exception.HttpException;
import dev.langchain4j.rag.query.Query;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FmEventTest {
    private static final EventOrigin ORIGIN = new EventOrigin("r-1", RunPath.root("claim"), 1, Instant.EPOCH);

    @Test
    void the_names_of_events_and_their_depths_stay_as_they_are() throws Exception {
        List<String> vocabulary = new ArrayList<>();
        for (Class<?> kind : FmEvent.class.getPermittedSubclasses()) {
            FmEvent event = sample(kind);
            vocabulary.add(event.type() + " " + event.depth());
            assertThat(event.origin()).isSameAs(ORIGIN);
        }

        assertThat(FmEvent.VERSION).isEqualTo(1);
        assertThat(vocabulary)
                .containsExactlyInAnyOrder(
                        "run.started RUN",
                        "run.ended RUN",
                        "agent.started AGENT",
                        "agent.ended AGENT",
                        "step.started STEP",
                        "step.ended STEP",
                        "plan STEP",
                        "decision STEP",
                        "message AGENT",
                        "thinking STEP",
                        "tool.called STEP",
                        "tool.returned STEP",
                        "question STEP",
                        "retrieval.started STEP",
                        "retrieval.ended STEP",
                        "search STEP",
                        "memory.read STEP",
                        "memory.written STEP",
                        "call.started CALL",
                        "call.ended CALL",
                        "attempt.started CALL",
                        "attempt.ended CALL",
                        "chunk BYTES",
                        "request.sent BYTES",
                        "verdict CALL",
                        "cache CALL",
                        "feedback RUN",
                        "evaluation RUN",
                        "error STEP",
                        "boundary STEP",
                        "turn BYTES");
    }

    @Test
    void what_an_application_changes_later_does_not_change_an_event() {
        Map<String, Object> inputs = new HashMap<>(Map.of("claim", "c1"));
        List<String> options = new ArrayList<>(List.of("pay", "refuse"));
        FmEvent.AgentStarted started = new FmEvent.AgentStarted(ORIGIN, "fraud", inputs, null);
        FmEvent.Decided decided = new FmEvent.Decided(ORIGIN, "what now", options, "pay", null);
        inputs.clear();
        options.clear();

        assertThat(started.inputs()).containsExactly(Map.entry("claim", "c1"));
        assertThat(decided.options()).containsExactly("pay", "refuse");
        assertThatThrownBy(() -> started.inputs().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> decided.options().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void an_argument_of_an_agent_may_be_null() {
        Map<String, Object> inputs = new HashMap<>();
        inputs.put("policy", null);

        assertThat(new FmEvent.AgentStarted(ORIGIN, "fraud", inputs, null).inputs())
                .containsKey("policy");
    }

    @Test
    void an_exception_is_described_by_its_class_and_message() {
        assertThat(Failure.of(new IllegalStateException("down")))
                .isEqualTo(new Failure("java.lang.IllegalStateException", "down"));
        assertThat(Failure.of(new IllegalStateException()))
                .isEqualTo(new Failure("java.lang.IllegalStateException", ""));
    }

    @Test
    void a_failure_tells_its_first_four_causes_the_last_one_and_the_status_of_a_response() {
        Throwable failing = new HttpException(503, "busy");
        for (int i = 1; i <= 7; i++) {
            failing = new IllegalStateException("level " + i, failing);
        }
        List<String> told = new ArrayList<>();
        for (Failure each = Failure.of(failing); each != null; each = each.cause()) {
            told.add(each.message() + " " + each.status());
        }
        Throwable itself = new IllegalStateException("a");
        itself.initCause(new IllegalStateException("b", itself));

        assertThat(told).containsExactly("level 7 0", "level 6 0", "level 5 0", "level 4 0", "level 3 0", "busy 503");
        assertThat(Failure.of(new HttpException(503, "busy")))
                .isEqualTo(new Failure("dev.langchain4j.exception.HttpException", "busy", 503, null));
        assertThat(Failure.of(itself).toString()).contains("message=b");
    }

    @Test
    void the_sequence_of_events_starts_at_one() {
        assertThatThrownBy(() -> new EventOrigin("r-1", RunPath.root("claim"), 0, Instant.EPOCH))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the sequence of an event starts at 1, but is 0");
    }

    private static FmEvent sample(Class<?> kind) throws ReflectiveOperationException {
        RecordComponent[] components = kind.getRecordComponents();
        Object[] values = Arrays.stream(components).map(c -> value(c.getType())).toArray();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        return (FmEvent) kind.getConstructor(types).newInstance(values);
    }

    private static Object value(Class<?> type) {
        if (type == EventOrigin.class) {
            return ORIGIN;
        }
        if (type == Map.class) {
            return Map.of();
        }
        if (type == List.class) {
            return List.of();
        }
        if (type == String.class || type == Object.class) {
            return "x";
        }
        if (type == boolean.class) {
            return true;
        }
        if (type == int.class) {
            return 1;
        }
        if (type == long.class) {
            return 1L;
        }
        if (type == double.class) {
            return 1.0;
        }
        return type == Query.class ? Query.from("x") : null;
    }
}
