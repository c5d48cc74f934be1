package io.fmware.observability.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import io.fmware.event.Failure;
import io.fmware.event.FmEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs that nobody closes, until there are too many of them. */
@Timeout(60)
class ManyRunsTest {
    private static final int MOST_CHAINS = 100_000;
    private static final int MOST_TROUBLED = 10_000;

    @TempDir
    Path flights;

    private List<RecordedEvent> read() throws IOException {
        List<RecordedEvent> events = new ArrayList<>();
        Recording.in(flights).events(events::add, fault -> {
            throw new AssertionError(fault);
        });
        return events;
    }

    @Test
    void a_run_that_never_ends_is_recorded_as_far_as_it_went() throws IOException {
        try (FlightRecorder recorder = FlightRecorder.open(flights)) {
            recorder.event(Ticks.started("endless"));
            recorder.event(Ticks.thought("endless", 2, "..."));
        }
        assertThat(read()).extracting(RecordedEvent::type).containsExactly("run.started", "thinking");
        try (FlightRecorder recorder = FlightRecorder.open(flights)) {
            recorder.event(Ticks.thought("endless", 3, "in the next process"));
        }
        assertThat(read()).extracting(RecordedEvent::sequence).containsExactly(1L, 2L, 3L);
    }

    @Test
    void runs_beyond_a_hundred_thousand_open_ones_are_recorded_without_a_chain() throws IOException {
        try (FlightRecorder recorder = FlightRecorder.open(flights)) {
            for (int i = 1; i <= MOST_CHAINS + 10; i++) {
                recorder.event(Ticks.started("run" + i));
            }
            recorder.event(Ticks.thought("run1", 2, "has a chain already"));
            assertThat(recorder.lost()).isZero();
        }
        List<RecordedEvent> events = read();
        assertThat(events).hasSize(MOST_CHAINS + 11);
        assertThat(events.subList(0, MOST_CHAINS)).allMatch(each -> each.json().has("h"));
        assertThat(events.subList(MOST_CHAINS, MOST_CHAINS + 10))
                .noneMatch(each -> each.json().has("h"));
        assertThat(events.get(MOST_CHAINS + 10).json().has("h")).isTrue();
    }

    @Test
    void beyond_ten_thousand_runs_in_trouble_the_first_ones_are_forgotten() throws IOException {
        try (FlightRecorder recorder =
                FlightRecorder.builder(flights).trigger(Trigger.failures()).open()) {
            for (int i = 1; i <= MOST_TROUBLED; i++) {
                recorder.event(new FmEvent.Failed(Ticks.origin("run" + i, 1), new Failure("x", "it failed")));
            }
            recorder.event(Ticks.thought("run1", 2, "kept"));
            recorder.event(new FmEvent.Failed(Ticks.origin("one more", 1), new Failure("x", "it failed")));
            recorder.event(Ticks.thought("run1", 3, "not kept"));
            recorder.event(Ticks.thought("one more", 2, "kept as well"));
            assertThat(recorder.lost()).isZero();
        }
        List<RecordedEvent> events = read();
        List<String> last = events.subList(MOST_TROUBLED, events.size()).stream()
                .filter(each -> each.type().equals("thinking"))
                .map(each -> each.json().path("text").path("#").asText())
                .toList();
        assertThat(events).hasSize(MOST_TROUBLED + 4);
        assertThat(Recording.in(flights).contents(Set.copyOf(last)).values())
                .containsExactlyInAnyOrder("kept", "kept as well");
    }
}
