package io.fmware.observability.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.fmware.observability.recorder.RecordedEvent;
import io.fmware.observability.recorder.Recording;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Looks for a text: first in the contents, then in the events, which name the contents. Neither is held in memory. */
@Command(
        name = "search",
        sortOptions = false,
        header = "Looks for a text in events and in contents that were recorded.",
        footer = {"", "Exit code 1 where nothing was found."})
final class SearchText extends OnRecording {
    private static final int AROUND = 40;
    /** So many contents are remembered with the place that was found; of more than that it is known that it is in them. */
    private static final int MOST_PLACES = 100_000;

    private static final int LEAST_OF_ID = 8;
    private static final String BEGUN = "run.started";

    @Parameters(index = "1", paramLabel = "TEXT", description = "what to look for, in capitals or not")
    private String wanted = "";

    @Option(names = "--regex", description = "TEXT is a regular expression, as Java has them")
    private boolean regex;

    @Mixin
    private EventFilter filter = new EventFilter();

    @Option(names = "--limit", paramLabel = "N", description = "only the first N events")
    private long limit = Long.MAX_VALUE;

    private long found;

    SearchText(Screen screen) {
        super(screen);
    }

    /** There are as many as were wanted. */
    private static final class Enough extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Enough() {
            super(null, null, false, false);
        }
    }

    /** The id of a content, in sixteen bytes. */
    private record Id(long high, long low) {
        static @Nullable Id of(String text) {
            try {
                return text.length() != 32
                        ? null
                        : new Id(Long.parseUnsignedLong(text, 0, 16, 16), Long.parseUnsignedLong(text, 16, 32, 16));
            } catch (NumberFormatException e) {
                return null;
            }
        }
    }

    @Override
    int run(Recording recording, Faults faults) throws IOException {
        if (limit < 1) {
            throw new UserError("--limit must be at least 1");
        }
        Finder finder = regex ? Finder.pattern(wanted) : Finder.text(wanted);
        Predicate<RecordedEvent> among = filter.wanted(this);
        Progress progress = new Progress(screen());
        Map<Id, String> contents = new HashMap<>();
        recording.contents((id, text) -> {
            progress.step();
            Finder.Match match = finder.in(text);
            Id key = match == null ? null : Id.of(id);
            if (match != null && key != null) {
                contents.putIfAbsent(key, contents.size() < MOST_PLACES ? around(text, match) : "found");
            }
        });
        try {
            recording.events(
                    event -> {
                        progress.step();
                        String where = among.test(event) ? where(event, finder, contents) : null;
                        if (where != null) {
                            progress.end();
                            tell(event, where);
                        }
                    },
                    faults);
        } catch (Enough e) {
            // and no more is wanted
        }
        progress.end();
        if (found == 0) {
            screen().say("flights: nothing found; of contents, only those that were recorded are searched");
            return NOT;
        }
        return OK;
    }

    private void tell(RecordedEvent event, String where) {
        screen().line(screen().faint(Times.millis(event.at(), zone())) + "  " + run(event.run()) + "  "
                + name(event.type()) + "  " + content(event.path()) + "  " + where);
        if (++found >= limit) {
            throw new Enough();
        }
    }

    /** Where in an event it is, {@code null} where it is not. */
    private @Nullable String where(RecordedEvent event, Finder finder, Map<Id, String> contents) {
        Place place = new Place(finder);
        Fields.plain(event.json(), place::look);
        if (event.type().equals(BEGUN)) {
            place.look("run", event.json().path("r")); // once, and not in all of its events
        }
        place.look("path", event.json().path("p"));
        if (place.found != null) {
            return place.found;
        }
        for (Fields.Named each : Fields.contents(event.json())) {
            Id id = contents.isEmpty() ? null : Id.of(each.id());
            String text = id == null ? null : contents.get(id);
            if (text != null) {
                return name(each.field()) + ": " + text;
            }
            if (wanted.length() >= LEAST_OF_ID && each.id().startsWith(wanted)) {
                return name(each.field()) + ": " + screen().found(name(each.id()));
            }
        }
        return null;
    }

    /** The first field in which it is. */
    private final class Place {
        private final Finder finder;
        private @Nullable String found;

        Place(Finder finder) {
            this.finder = finder;
        }

        void look(String field, JsonNode value) {
            if (found == null && value.isTextual()) {
                Finder.Match match = finder.in(value.textValue());
                found = match == null ? null : name(field) + ": " + around(value.textValue(), match);
            }
        }
    }

    /** What was found, with what stands around it. */
    private String around(String text, Finder.Match match) {
        int from = isFull() ? 0 : Math.max(0, match.from() - AROUND);
        int to = isFull() ? text.length() : Math.min(text.length(), match.to() + AROUND);
        if (from > 0 && Character.isLowSurrogate(text.charAt(from))) {
            from--;
        }
        if (to < text.length() && Character.isLowSurrogate(text.charAt(to))) {
            to++;
        }
        return (from > 0 ? "\u2026" : "")
                + Shown.all(text.substring(from, match.from()))
                + screen().found(content(text.substring(match.from(), match.to())))
                + Shown.all(text.substring(match.to(), to))
                + (to < text.length() ? "\u2026" : "");
    }
}
