package io.fmware.examples.support;

import io.fmware.observability.recorder.FlightRecorder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Records what happens, in the directory that the environment names. */
final class BlackBox {
    static final String VARIABLE = "FMWARE_FLIGHTS";
    static final String OFF = "off";

    /** Enough for a few hundred questions; what is taken of the disk at once. */
    private static final int SEGMENT = 1 << 20;

    private BlackBox() {}

    /** The recorder, {@code null} where nothing is to be recorded, or can be, which is said. */
    static @Nullable FlightRecorder of(Map<String, String> env, PrintStream err) {
        String directory = env.getOrDefault(VARIABLE, "").strip();
        if (directory.equalsIgnoreCase(OFF)) {
            return null;
        }
        try {
            return FlightRecorder.builder(Path.of(directory.isEmpty() ? "flights" : directory))
                    .segmentBytes(SEGMENT)
                    .open();
        } catch (IOException | InvalidPathException e) {
            err.println("support-assistant: nothing is recorded: " + e + "; set " + VARIABLE
                    + " to a directory that can be written, or to " + OFF);
            return null;
        }
    }
}
