package io.fmware.observability.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import io.fmware.FmPipeline;
import io.fmware.FmRun;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OuterIdTest {
    /** A UUID that looks like an account number, as one of 7,500 does. */
    private static final String ID = "be045e27-114f-3123-a361-cebfa6ca9a7d";

    @TempDir
    Path flights;

    @Test
    void a_run_inside_of_one_names_it_as_it_is_recorded_and_goes_with_it() throws IOException {
        try (FlightRecorder recorder = FlightRecorder.open(flights);
                FmPipeline pipeline = FmPipeline.builder().watch(recorder).build();
                FmRun outer = pipeline.run("claim").id(ID).user("u1").open();
                FmRun inner = pipeline.run("inner").id("inner").open()) {
            assertThat(inner.outer()).isSameAs(outer);
        }
        assertThat(Recording.in(flights).runs(fault -> {}))
                .extracting(RecordedRun::outer)
                .containsExactly(null, ID);
        assertThat(Recording.in(flights)
                        .erase(run -> "u1".equals(run.attributes().get("user")))
                        .runs())
                .isEqualTo(2);
    }
}
