package io.fmware.observability.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.fmware.observability.recorder.RecordedEvent;
import io.fmware.observability.recorder.RecordedSpan;
import io.fmware.observability.recorder.Recording;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** One run, as a tree or event by event. */
@Command(name = "show", sortOptions = false, header = "Shows a run as a tree, by path.")
final class ShowRun extends OnRecording {
    @Parameters(index = "1", paramLabel = "RUN", description = "the id of the run, or its beginning")
    private String run = "";

    @Option(names = "--content", description = "what was asked, answered and thought too, as far as it was recorded")
    private boolean content;

    @Option(names = "--events", description = "all events in their order instead of the tree")
    private boolean events;

    @Option(names = "--depth", paramLabel = "N", description = "only N levels below the run")
    private int depth = Integer.MAX_VALUE;

    @Option(
            names = "--prices",
            paramLabel = "FILE",
            description = "properties: model.in, model.out, for 1,000,000 tokens")
    private @Nullable Path pricesFile;

    ShowRun(Screen screen) {
        super(screen);
    }

    @Override
    int run(Recording recording, Faults faults) throws IOException {
        if (depth < 0) {
            throw new UserError("--depth must not be negative");
        }
        Prices prices = Prices.of(pricesFile);
        ChosenRun chosen = new ChosenRun(run);
        Progress progress = new Progress(screen());
        recording.events(
                event -> {
                    progress.step();
                    chosen.take(event);
                },
                faults);
        progress.end();
        boolean first = true;
        for (List<RecordedEvent> each : chosen.found()) {
            if (!first) {
                screen().line("");
            }
            first = false;
            show(recording, each, chosen.inside(), prices);
        }
        if (prices != null) {
            prices.tell(screen());
        }
        return OK;
    }

    private void show(Recording recording, List<RecordedEvent> of, Map<String, String> inside, @Nullable Prices prices)
            throws IOException {
        Set<String> ids = new LinkedHashSet<>();
        of.forEach(each -> ids.addAll(each.contentIds()));
        Contents contents = Contents.of(recording, ids, content);
        EventText text = new EventText(this, contents);
        RecordedSpan span = RecordedSpan.of(of);
        head(span, of.get(0), inside);
        if (events) {
            long zero = of.get(0).nanos();
            Table table = new Table("-NO", "-AT", "TYPE", "PATH AND WHAT IT SAYS");
            for (RecordedEvent each : of) {
                table.add(
                        each.sequence() == 0 ? "" : String.valueOf(each.sequence()),
                        Times.took(Duration.ofNanos(each.nanos() - zero)),
                        name(each.type()),
                        content(each.path()) + text.fields(each));
            }
            table.write(screen()::line);
        } else {
            String unended = recording.isWriting(of.get(0).writer()) ? "open" : "never ended";
            new SpanLines(this, text, content, prices, depth, unended).write(span);
        }
        if (!ids.isEmpty()) {
            screen().line("");
            screen().line(screen().faint(ids.size() + " contents are named here, " + contents.count()
                    + " of them recorded" + (content || contents.count() == 0 ? "" : "; --content shows them")));
        }
    }

    private void head(RecordedSpan span, RecordedEvent first, Map<String, String> inside) {
        screen().line("run     " + Shown.all(first.run()));
        screen().line("begun   " + Times.millis(first.at(), zone()));
        RecordedEvent begun = span.begun();
        if (begun == null) {
            screen().line("");
            return;
        }
        List<String> attributes = new ArrayList<>();
        for (Map.Entry<String, JsonNode> each : begun.json().path("attributes").properties()) {
            attributes.add(name(each.getKey()) + "=" + name(each.getValue().asText()));
        }
        if (!attributes.isEmpty()) {
            screen().line("for     " + String.join(", ", attributes));
        }
        String outer = begun.text("outer");
        if (outer != null) {
            screen().line("in run  " + name(outer));
        }
        inside.forEach((id, name) -> screen().line("inside  " + name(id) + " " + name(name)));
        screen().line("");
    }
}
