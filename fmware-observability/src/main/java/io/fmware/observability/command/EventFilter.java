package io.fmware.observability.command;

import io.fmware.observability.recorder.RecordedEvent;
import java.time.Instant;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which events are wanted. */
final class EventFilter {
    @Option(names = "--type", paramLabel = "TYPE", description = "of this type, or kind: tool, tool.returned")
    private @Nullable String type;

    @Option(names = "--path", paramLabel = "TEXT", description = "with this in the path: tool:lookUpCover")
    private @Nullable String path;

    @Option(names = "--run", paramLabel = "RUN", description = "of runs whose id begins so")
    private @Nullable String run;

    @Option(names = "--since", paramLabel = "TIME", description = "not before: 2h, 2026-11-22, 2026-11-22T10:15")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "before")
    private @Nullable String until;

    /** What an event has to be; times are those of a command. */
    Predicate<RecordedEvent> wanted(OnRecording of) {
        Instant now = of.screen().now();
        Instant from = since == null ? Instant.MIN : Times.parsed(since, now, of.zone());
        Instant to = until == null ? Instant.MAX : Times.parsed(until, now, of.zone());
        boolean timed = since != null || until != null;
        return event -> isOf(event) && (!timed || isBetween(event.at(), from, to));
    }

    private boolean isOf(RecordedEvent event) {
        return (run == null || event.run().startsWith(run))
                && (type == null || isOf(event.type(), type))
                && (path == null || event.path().contains(path));
    }

    private static boolean isOf(String type, String wanted) {
        return type.equals(wanted)
                || (type.startsWith(wanted) && type.length() > wanted.length() && type.charAt(wanted.length()) == '.');
    }

    /** Whether it takes events out of runs. */
    boolean isOfEvents() {
        return type != null || path != null;
    }

    static boolean isBetween(Instant at, Instant from, Instant to) {
        return !at.isBefore(from) && at.isBefore(to);
    }
}
