package io.fmware.observability.command;

import io.fmware.observability.recorder.Recording;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What all subcommands have in common: a recording, and how it is shown. */
abstract class OnRecording implements Callable<Integer> {
    static final int OK = 0;
    static final int NOT = 1;
    static final int TROUBLE = 2;

    private final Screen screen;

    @Parameters(index = "0", paramLabel = "DIR", description = "the directory of the recording")
    private Path directory = Path.of("");

    @Option(names = "--utc", description = "times in UTC; by default in the zone of this machine")
    private boolean utc;

    @Option(names = "--full", description = "cut nothing")
    private boolean full;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    OnRecording(Screen screen) {
        this.screen = screen;
    }

    @Override
    public final Integer call() throws IOException {
        Faults faults = new Faults();
        int code = run(Recording.in(directory), faults);
        screen.flush();
        faults.tell(screen);
        return code;
    }

    /** Does it; returns the exit code. */
    abstract int run(Recording recording, Faults faults) throws IOException;

    final Screen screen() {
        return screen;
    }

    final ZoneId zone() {
        return utc ? ZoneOffset.UTC : screen.zone();
    }

    /** A text of the recording in a line. */
    final String shown(String text, int most) {
        return full ? Shown.all(text) : Shown.cut(text, most);
    }

    final String name(String text) {
        return shown(text, Shown.NAME);
    }

    final String content(String text) {
        return shown(text, Shown.CONTENT);
    }

    final String run(String id) {
        return full ? Shown.all(id) : Shown.brief(id);
    }

    final String error(String type) {
        return full ? Shown.all(type) : name(Shown.simple(type));
    }

    final boolean isFull() {
        return full;
    }
}
