package io.fmware.observability.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.event.FmEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErrorsTest {
    @TempDir
    Path flights;

    @Test
    void what_a_trigger_throws_is_taken_for_a_no_errors_too() throws IOException {
        Trigger broken = event -> {
            throw new AssertionError("broken");
        };
        try (FlightRecorder recorder =
                        FlightRecorder.builder(flights).trigger(broken).open();
                FmPipeline pipeline = FmPipeline.builder().watch(recorder).build()) {
            pipeline.run("claim").open().close();
        }
        assertThat(Recording.in(flights).runs(fault -> {}))
                .singleElement()
                .extracting(RecordedRun::events)
                .isEqualTo(2L);
    }

    @Test
    void an_event_that_cannot_be_shown_is_counted_as_lost() throws IOException {
        Object memory = new Object() {
            @Override
            public String toString() {
                throw new NoClassDefFoundError("gone");
            }
        };
        try (FlightRecorder recorder = FlightRecorder.open(flights);
                FmPipeline pipeline = FmPipeline.builder().watch(recorder).build()) {
            try (FmRun run = pipeline.run("claim").open()) {
                FmRun.note(at -> new FmEvent.MemoryRead(at, memory, List.of(), null));
                assertThat(run.id()).isNotEmpty();
            }
            assertThat(recorder.lost()).isOne();
        }
    }
}
