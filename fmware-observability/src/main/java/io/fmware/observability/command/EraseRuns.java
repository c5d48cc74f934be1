package io.fmware.observability.command;

import io.fmware.observability.recorder.Erasure;
import io.fmware.observability.recorder.Fault;
import io.fmware.observability.recorder.RecordedRun;
import io.fmware.observability.recorder.Recording;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Takes the runs of a person out of a recording. */
@Command(
        name = "erase",
        sortOptions = false,
        header = "Takes runs out of a recording, for good.",
        footer = {"", "Exit code 1 where something is left, which is told."})
final class EraseRuns extends OnRecording {
    @Option(names = "--attribute", paramLabel = "NAME=VALUE", description = "those with it: user=u1; all, of several")
    private Map<String, String> attributes = new LinkedHashMap<>();

    @Option(
            names = "--run",
            paramLabel = "RUN",
            description = "the run with this id, the whole of it; beside --attribute, those too")
    private Set<String> runs = new TreeSet<>();

    @Option(names = "--yes", description = "do it; without that it is only said how much would go")
    private boolean sure;

    EraseRuns(Screen screen) {
        super(screen);
    }

    @Override
    int run(Recording recording, Faults faults) throws IOException {
        if (attributes.isEmpty() && runs.isEmpty()) {
            throw new UserError("say whose runs are to be erased: --attribute user=u1, or --run ID");
        }
        List<RecordedRun> all = recording.runs(faults);
        for (String each : runs) {
            if (all.stream().noneMatch(run -> run.id().equals(each))) {
                throw new UserError("there is no run with the id '" + Shown.cut(each, Shown.NAME)
                        + "'; to erase takes the whole id, which list --full shows");
            }
        }
        if (!sure) {
            List<RecordedRun> meant = all.stream().filter(this::isMeant).toList();
            long events = meant.stream().mapToLong(RecordedRun::events).sum();
            screen().line(Shown.many(meant.size(), "run") + " with " + Shown.many(events, "event")
                    + ", and the runs inside, would be erased; --yes does it");
            return OK;
        }
        Erasure erasure = recording.erase(this::isMeant);
        screen().line("erased: " + Shown.many(erasure.runs(), "run") + " with " + Shown.many(erasure.events(), "event")
                + ", and " + Shown.many(erasure.contents(), "content"));
        for (String each : left(erasure)) {
            screen().line(screen().bad("left: ") + shown(each, 2 * Shown.CONTENT));
        }
        return erasure.isComplete() ? OK : NOT;
    }

    private boolean isMeant(RecordedRun run) {
        return runs.contains(run.id())
                || (!attributes.isEmpty() && run.attributes().entrySet().containsAll(attributes.entrySet()));
    }

    private static List<String> left(Erasure erasure) {
        List<String> left = new ArrayList<>();
        for (String each : erasure.open()) {
            left.add("run " + each + " goes on");
        }
        for (Path each : erasure.waiting()) {
            left.add(each + " is being written; erase again when its recorder has ended");
        }
        if (erasure.unknown() > 0) {
            left.add(Shown.many(erasure.unknown(), "run")
                    + " whose beginning is gone, so that it is not known whose they are");
        }
        for (Fault each : erasure.unreadable()) {
            left.add("what cannot be read: " + each);
        }
        return left;
    }
}
