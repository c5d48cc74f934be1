package io.fmware.observability.recorder;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts the events of a run at their places. Not thread-safe. */
final class SpanTree {
    private static final List<String> BEGINNINGS = List.of(".started", ".called");
    private static final List<String> ENDS = List.of(".ended", ".returned");

    /** Deeper places are told of at this depth; no application nests so far, and a recording may be forged. */
    private static final int DEEPEST = 500;

    private final Map<String, Place> places = new LinkedHashMap<>();
    private final Place root;

    /** A place in the run. */
    private static final class Place {
        private final String path;
        private @Nullable RecordedEvent begun;
        private @Nullable RecordedEvent ended;
        private final List<RecordedEvent> events = new ArrayList<>();
        private final List<Place> children = new ArrayList<>();

        Place(String path) {
            this.path = path;
        }

        void take(RecordedEvent event) {
            if (begun == null && isOne(event.type(), BEGINNINGS)) {
                begun = event;
            } else if (ended == null && isOne(event.type(), ENDS)) {
                ended = event;
            } else {
                events.add(event);
            }
        }

        private static boolean isOne(String type, List<String> ends) {
            return ends.stream().anyMatch(type::endsWith);
        }

        RecordedSpan span() {
            List<RecordedSpan> spans = new ArrayList<>();
            for (Place each : children) {
                spans.add(each.span());
            }
            String segment = path.substring(path.lastIndexOf('/') + 1);
            int colon = segment.indexOf(':');
            return new RecordedSpan(path, kind(segment, colon), name(segment, colon), begun, ended, events, spans);
        }

        private String kind(String segment, int colon) {
            RecordedEvent one = begun == null ? ended : begun;
            if (one != null) {
                return one.type().substring(0, one.type().indexOf('.'));
            }
            return colon > 0 ? segment.substring(0, colon) : "place";
        }

        private static String name(String segment, int colon) {
            int number = segment.lastIndexOf('#');
            return segment.substring(colon + 1, number > colon ? number : segment.length());
        }
    }

    SpanTree(List<RecordedEvent> events) {
        if (events.isEmpty()) {
            throw new IllegalArgumentException("there must be events to make a tree of, but there are none");
        }
        String first = events.get(0).path();
        int end = first.indexOf('/');
        root = place(end < 0 ? first : first.substring(0, end));
        for (RecordedEvent each : events) {
            place(cut(each.path())).take(each);
        }
    }

    private static String cut(String path) {
        int end = -1;
        for (int i = 0; i < DEEPEST; i++) {
            end = path.indexOf('/', end + 1);
            if (end < 0) {
                return path;
            }
        }
        return path.substring(0, end);
    }

    /** The place with a path, made where it is not there, with those around it. */
    private Place place(String path) {
        List<Place> made = new ArrayList<>();
        String at = path;
        Place around = places.get(at);
        while (around == null) {
            Place place = new Place(at);
            places.put(at, place);
            made.add(place);
            int end = at.lastIndexOf('/');
            if (end < 0) {
                around = place;
                if (root != null && place != root) {
                    root.children.add(place); // a path that begins elsewhere, as no recorder writes it
                }
                break;
            }
            at = at.substring(0, end);
            around = places.get(at);
        }
        for (int i = made.size() - 1; i >= 0; i--) {
            Place each = made.get(i);
            if (each != around) {
                around.children.add(each);
                around = each;
            }
        }
        return around;
    }

    RecordedSpan root() {
        return root.span();
    }
}
