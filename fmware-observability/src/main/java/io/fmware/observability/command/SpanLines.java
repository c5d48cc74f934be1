package io.fmware.observability.command;

import io.fmware.observability.recorder.RecordedEvent;
import io.fmware.observability.recorder.RecordedSpan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lays the tree of a run out in lines. Not thread-safe. */
final class SpanLines {
    private final OnRecording how;
    private final EventText text;
    private final boolean contents;
    private final @Nullable Prices prices;
    private final int deepest;
    private final String unended;
    private final Table table = new Table("-AT", "-TOOK", "WHAT");
    private final Set<String> told = new HashSet<>();
    private long zero;

    /** Something at a place: an event, or another place. */
    private record Item(
            long number,
            @Nullable RecordedEvent event,
            @Nullable RecordedSpan span) {}

    /**
     * Lines.
     *
     * @param contents whether what was said is told
     * @param deepest how deep it goes
     * @param unended what is said of what has no end
     */
    SpanLines(OnRecording how, EventText text, boolean contents, @Nullable Prices prices, int deepest, String unended) {
        this.how = how;
        this.text = text;
        this.contents = contents;
        this.prices = prices;
        this.deepest = deepest;
        this.unended = unended;
    }

    void write(RecordedSpan run) {
        zero = nanos(run);
        add(run, 0);
        table.write(how.screen()::line);
    }

    private static long nanos(RecordedSpan span) {
        long first = span.begun() == null ? Long.MAX_VALUE : span.begun().nanos();
        for (RecordedEvent each : span.events()) {
            first = Math.min(first, each.nanos());
        }
        for (RecordedSpan each : span.children()) {
            first = Math.min(first, nanos(each));
        }
        return first == Long.MAX_VALUE && span.ended() != null ? span.ended().nanos() : first;
    }

    /** The number of the first event in a place. */
    private static long number(RecordedSpan span) {
        long first = span.begun() == null ? Long.MAX_VALUE : span.begun().sequence();
        for (RecordedEvent each : span.events()) {
            first = each.sequence() == 0 ? first : Math.min(first, each.sequence()); // pieces of streams have none
        }
        for (RecordedSpan each : span.children()) {
            first = Math.min(first, number(each));
        }
        return first == Long.MAX_VALUE && span.ended() != null ? span.ended().sequence() : first;
    }

    private void add(RecordedSpan span, int level) {
        boolean moment =
                span.begun() == null && span.ended() == null && span.children().isEmpty();
        if (!moment) {
            Duration took = span.duration();
            line(nanos(span), took == null ? "" : Times.took(took), level, head(span));
            said(span.begun(), level + 1);
        }
        int inside = moment ? level : level + 1;
        if (inside > deepest) {
            int hidden = span.children().size() + span.events().size();
            if (hidden > 0) {
                table.add("", "", "  ".repeat(inside) + "\u2026 " + hidden + " more inside");
            }
        } else {
            items(span, inside);
        }
        if (!moment) {
            said(span.ended(), level + 1);
        }
    }

    private void items(RecordedSpan span, int level) {
        List<Item> items = new ArrayList<>();
        List<RecordedEvent> pieces = new ArrayList<>();
        for (RecordedEvent each : span.events()) {
            if (each.type().equals("chunk")) {
                pieces.add(each);
            } else {
                items.add(new Item(each.sequence(), each, null));
            }
        }
        for (RecordedSpan each : span.children()) {
            items.add(new Item(number(each), null, each));
        }
        items.sort(Comparator.comparingLong(Item::number));
        if (!pieces.isEmpty()) {
            long chars = 0;
            for (RecordedEvent each : pieces) {
                chars += each.json().path("chars").asLong();
            }
            line(pieces.get(0).nanos(), "", level, pieces.size() + " pieces of " + chars + " characters");
        }
        for (Item each : items) {
            if (each.event() != null) {
                line(each.event().nanos(), "", level, text.of(each.event()));
            } else if (each.span() != null) {
                add(each.span(), level);
            }
        }
    }

    private String head(RecordedSpan span) {
        StringBuilder out =
                new StringBuilder(how.name(span.kind()) + " " + how.name(span.name()) + number(span.path()));
        RecordedEvent ended = span.ended();
        if (ended != null && ended.json().path("attempts").asLong() > 1) {
            out.append(", ").append(ended.json().path("attempts").asLong()).append(" attempts");
        }
        String source = ended == null ? null : ended.text("source");
        if (source != null && !source.isEmpty() && !source.equals("model")) {
            out.append(", from ").append(how.name(source));
        }
        if (span.tokensIn() + span.tokensOut() > 0) {
            out.append(", in ").append(span.tokensIn()).append(" out ").append(span.tokensOut());
            if (prices != null) {
                out.append(", cost ").append(cost(span, prices));
            }
        }
        if (ended != null && ended.json().has("error")) {
            out.append(", ").append(how.screen().bad("failed: " + text.error(ended)));
        }
        return (span.begun() != null && ended == null
                        ? out.append(", ").append(how.screen().bad(unended))
                        : out)
                .toString();
    }

    private static String number(String path) {
        int at = path.lastIndexOf('#');
        String number = at < 0 ? "1" : path.substring(at + 1);
        return number.equals("1") ? "" : Shown.cut("#" + number, Shown.NAME);
    }

    private static Prices.Cost cost(RecordedSpan span, Prices prices) {
        Prices.Cost cost = span.ended() == null ? Prices.Cost.NONE : prices.of(span.ended());
        for (RecordedSpan each : span.children()) {
            cost = cost.plus(cost(each, prices));
        }
        return cost;
    }

    /** The contents of the beginning or the end of a place, each told once. */
    private void said(@Nullable RecordedEvent event, int level) {
        if (event == null || !contents) {
            return;
        }
        List<Fields.Named> all = Fields.contents(event.json());
        List<Fields.Named> fresh = new ArrayList<>();
        for (Fields.Named each : all) {
            boolean withError = each.field().equals("message") && event.json().has("error"); // told with it
            if (!withError && told.add(each.id())) {
                fresh.add(each);
            }
        }
        long above = messages(all) - messages(fresh);
        if (above > 0 && !fresh.isEmpty()) {
            table.add("", "", how.screen().faint("  ".repeat(level) + above + " as above"));
        }
        for (Fields.Named each : fresh) {
            table.add("", "", "  ".repeat(level) + how.screen().faint(text.by(each) + ":") + " " + text.content(each));
        }
    }

    private static long messages(List<Fields.Named> among) {
        return among.stream().filter(each -> each.field().equals("messages")).count();
    }

    private void line(long nanos, String took, int level, String what) {
        table.add(Times.took(Duration.ofNanos(nanos - zero)), took, "  ".repeat(level) + what);
    }
}
