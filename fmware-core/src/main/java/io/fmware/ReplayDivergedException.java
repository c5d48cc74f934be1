package io.fmware;

import java.util.Objects;

/**
 * A replayed run left the path that was recorded: the program, a prompt, a tool or a library has changed, or something that is
 * not deterministic is not behind a boundary. No model was asked in the place of the recording. See the message for where.
 */
public final class ReplayDivergedException extends FmwareException {
    private static final long serialVersionUID = 1L;

    /** Where in the run, as a path. */
    private final String path;

    /**
     * Stops a replay.
     *
     * @param path where in the run it left what was recorded
     * @param message what was recorded, what came instead, and what to do; without secrets
     */
    public ReplayDivergedException(String path, String message) {
        super(Objects.requireNonNull(message, "message"), null);
        this.path = Objects.requireNonNull(path, "path");
    }

    /**
     * Where in the run it left what was recorded.
     *
     * @return the path, such as {@code claim/desk#1/tool:lookup#2}
     */
    public String path() {
        return path;
    }
}
