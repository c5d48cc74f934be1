package io.fmware.observability.recorder;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VanishedSegmentTest {
    @TempDir
    Path flights;

    @Test
    void a_segment_that_its_writer_has_ended_since_it_was_listed_stops_nobody() {
        Path gone = flights.resolve(SegmentFile.name(Instant.EPOCH, "00000000000000ab", 1));
        assertThatCode(() -> Upkeep.recover(Objects.requireNonNull(SegmentFile.of(gone))))
                .doesNotThrowAnyException();
    }
}
