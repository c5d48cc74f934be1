package io.fmware.observability.command;

import io.fmware.observability.recorder.RecordedRun;
import io.fmware.observability.recorder.Recording;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A table of runs. */
@Command(
        name = "list",
        sortOptions = false,
        header = "Lists the runs, newest last.",
        footer = {"", "ENDED says 'open' where the recorder still writes, 'never ended' where its process has died."})
final class ListRuns extends OnRecording {
    @Option(names = "--failed", description = "only those that failed, never ended, or have failures inside")
    private boolean failed;

    @Option(names = "--name", paramLabel = "NAME", description = "only those of this name")
    private @Nullable String wantedName;

    @Option(names = "--since", paramLabel = "TIME", description = "begun not before: 2h, 2026-11-22, 2026-11-22T10:15")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "begun before")
    private @Nullable String until;

    @Option(names = "--attribute", paramLabel = "NAME=VALUE", description = "only those with it: user=u1")
    private Map<String, String> attributes = new LinkedHashMap<>();

    @Option(names = "--limit", paramLabel = "N", description = "only the newest N")
    private int limit = Integer.MAX_VALUE;

    @Option(
            names = "--prices",
            paramLabel = "FILE",
            description = "properties: model.in, model.out, for 1,000,000 tokens")
    private @Nullable Path pricesFile;

    private final Map<String, Boolean> writing = new HashMap<>();

    ListRuns(Screen screen) {
        super(screen);
    }

    private record Key(String writer, String run) {}

    @Override
    int run(Recording recording, Faults faults) throws IOException {
        if (limit < 1) {
            throw new UserError("--limit must be at least 1");
        }
        Prices prices = Prices.of(pricesFile);
        Map<Key, Prices.Cost> costs = new HashMap<>();
        Predicate<RecordedRun> wanted = wanted();
        Progress progress = new Progress(screen());
        List<RecordedRun> all = recording.runs(
                event -> {
                    progress.step();
                    Prices.Cost cost = prices == null ? Prices.Cost.NONE : prices.of(event);
                    if (!cost.equals(Prices.Cost.NONE)) {
                        costs.merge(new Key(event.writer(), event.run()), cost, Prices.Cost::plus);
                    }
                },
                faults);
        progress.end();
        Prefixes prefixes = new Prefixes(all);
        List<RecordedRun> found = new ArrayList<>();
        for (RecordedRun each : all) {
            if (wanted.test(each) && (!failed || isFailed(each, recording))) {
                found.add(each);
            }
        }
        if (found.isEmpty()) {
            screen().say("flights: "
                    + (all.isEmpty()
                            ? "no runs are recorded here"
                            : "none of " + all.size() + " runs is one of those"));
            return OK;
        }
        Table table = prices == null
                ? new Table("BEGUN", "RUN", "NAME", "-TOOK", "-EVENTS", "-CALLS", "-IN", "-OUT", "ENDED")
                : new Table("BEGUN", "RUN", "NAME", "-TOOK", "-EVENTS", "-CALLS", "-IN", "-OUT", "-COST", "ENDED");
        for (RecordedRun each : found.subList(Math.max(0, found.size() - limit), found.size())) {
            List<String> row = new ArrayList<>(List.of(
                    Times.seconds(each.begun(), zone()),
                    isFull() ? Shown.all(each.id()) : Shown.cut(prefixes.of(each.id()), 2 * Shown.NAME),
                    name(each.name()),
                    Times.took(each.duration()),
                    String.valueOf(each.events()),
                    String.valueOf(each.calls()),
                    String.valueOf(each.tokensIn()),
                    String.valueOf(each.tokensOut())));
            if (prices != null) {
                row.add(costs.getOrDefault(new Key(each.writer(), each.id()), Prices.Cost.NONE)
                        .toString());
            }
            row.add(ended(each, recording));
            table.add(row.toArray(new String[0]));
        }
        table.write(screen()::line);
        if (prices != null) {
            prices.tell(screen());
        }
        return OK;
    }

    private Predicate<RecordedRun> wanted() {
        Instant now = screen().now();
        Instant from = since == null ? Instant.MIN : Times.parsed(since, now, zone());
        Instant to = until == null ? Instant.MAX : Times.parsed(until, now, zone());
        return run -> EventFilter.isBetween(run.begun(), from, to)
                && (wantedName == null || wantedName.equals(run.name()))
                && run.attributes().entrySet().containsAll(attributes.entrySet());
    }

    private boolean isFailed(RecordedRun run, Recording recording) throws IOException {
        return run.error() != null || run.failures() > 0 || (!run.ended() && !isWriting(recording, run.writer()));
    }

    private String ended(RecordedRun run, Recording recording) throws IOException {
        if (run.error() != null) {
            return screen().bad("failed: " + error(run.error()));
        }
        String inside =
                run.failures() == 0 ? "" : run.failures() == 1 ? ", 1 failure" : ", " + run.failures() + " failures";
        String how = run.ended() ? "ok" : isWriting(recording, run.writer()) ? "open" : "never ended";
        return isFailed(run, recording) ? screen().bad(how + inside) : how;
    }

    private boolean isWriting(Recording recording, String writer) throws IOException {
        Boolean known = writing.get(writer);
        if (known == null) {
            known = recording.isWriting(writer);
            writing.put(writer, known);
        }
        return known;
    }
}
