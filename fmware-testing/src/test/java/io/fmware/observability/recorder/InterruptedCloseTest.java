package io.fmware.observability.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fmware.TimeSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class InterruptedCloseTest {
    @TempDir
    Path flights;

    @Test
    @Timeout(30)
    void a_recorder_that_an_interrupted_thread_closes_gives_its_files_back() throws Exception {
        FlightLog log = new FlightLog(
                flights,
                new LogSettings(256 << 10, Durability.PROCESS, Long.MAX_VALUE, Duration.ofDays(1)),
                TimeSource.system());
        byte[] event = "{\"t\":\"x\",\"r\":\"r\"}".getBytes(StandardCharsets.UTF_8);
        log.append(event, event.length, List.of());
        String writer = SegmentFile.all(flights).get(0).writer();
        Thread.currentThread().interrupt();
        log.close();
        assertThat(Thread.interrupted()).isTrue();
        await().until(() -> !WriterLock.isHeld(flights, writer));
        assertThat(SegmentFile.all(flights)).singleElement().matches(SegmentFile::packed);
    }
}
