package io.fmware.observability.recorder;

import io.fmware.TimeSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The log of a flight recorder, for the figures that measure it without what makes events. */
public final class RecorderLog implements AutoCloseable {
    private final FlightLog log;

    /**
     * Opens a log in a directory, with the segments and the durability that a recorder has by default.
     *
     * @param directory where to
     * @throws IOException if nothing can be written there
     */
    public RecorderLog(Path directory) throws IOException {
        log = new FlightLog(
                directory,
                new LogSettings(16 << 20, Durability.PROCESS, 8L << 30, Duration.ofDays(1)),
                TimeSource.system());
    }

    /**
     * Appends an event.
     *
     * @param event its bytes
     * @return whether a kill of the process does not lose it any more
     */
    public boolean append(byte[] event) {
        return log.append(event, event.length, List.of());
    }

    @Override
    public void close() {
        log.close();
    }
}
