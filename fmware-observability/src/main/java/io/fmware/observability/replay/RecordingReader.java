package io.fmware.observability.replay;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fmware.event.FmEvent;
import io.fmware.event.Redactor;
import io.fmware.observability.recorder.RecordedEvent;
import io.fmware.observability.recorder.Recording;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes a cassette of a run in a recording, and of the runs inside of it. Not thread-safe. */
final class RecordingReader {
    private final String id;
    private final Map<String, List<RecordedEvent>> runs = new LinkedHashMap<>();
    private final List<String> problems = new ArrayList<>();
    private final Marks marks;
    private final Map<String, String> marked = new HashMap<>();
    private @Nullable String writer;

    private RecordingReader(String id, Redactor used) {
        this.id = id;
        this.marks = Marks.of(used);
    }

    static Cassette read(Recording recording, String id, Redactor used) throws IOException {
        RecordingReader reader = new RecordingReader(id, used);
        recording.events(reader::event, fault -> reader.problems.add("the recording is damaged: " + fault));
        if (reader.runs.isEmpty()) {
            throw new IllegalArgumentException("run " + id + " is not in the recording; see Recording.runs()");
        }
        Set<String> ids = new HashSet<>();
        reader.runs.values().forEach(events -> events.forEach(event -> ids.addAll(event.contentIds())));
        return reader.cassette(recording.contents(ids));
    }

    /** Takes events of the run, and of those that began inside of one that was taken. */
    private void event(RecordedEvent event) {
        if (writer != null && !writer.equals(event.writer())) {
            return; // two recorders have told of one run, each of all of it
        }
        boolean wanted = runs.containsKey(event.run()) || event.run().equals(id);
        if (!wanted && event.type().equals("run.started")) {
            String outer = event.text("outer");
            wanted = outer != null && runs.containsKey(outer);
        }
        if (wanted) {
            writer = event.writer();
            runs.computeIfAbsent(event.run(), key -> new ArrayList<>()).add(event);
        }
    }

    private Cassette cassette(Map<String, String> contents) {
        List<Taped> taped = new ArrayList<>();
        Map<String, Integer> places = new HashMap<>();
        Map<String, Integer> numbers = new HashMap<>();
        Map<String, String> with = new TreeMap<>();
        runs.forEach((run, events) -> {
            RunReader reading = new RunReader(contents, marks, marked, problems);
            events.forEach(reading::event);
            int outer = places.getOrDefault(reading.outer(), -1);
            places.put(run, taped.size());
            with.putAll(reading.recordedWith());
            taped.add(reading.taped(numbers.merge(outer + " " + reading.name(), 1, Integer::sum), outer));
        });
        return new Cassette(taped, with, problems);
    }

    /** Reads the events of one run. */
    private static final class RunReader {
        private final Map<String, String> contents;
        private final Marks marks;
        private final Map<String, String> marked;
        private final List<String> problems;
        private final Map<String, Crossed> crossed = new LinkedHashMap<>();
        private final List<Turn> order = new ArrayList<>();
        private final Map<String, String> attributes = new LinkedHashMap<>();
        private final Map<String, String> with = new TreeMap<>();
        private String name = "";
        private String outer = "";
        private boolean exact;
        private boolean ended;
        private @Nullable String error;
        private long next = 1;

        /** A boundary as far as it is known. */
        private static final class Crossed {
            private final Told told;
            private @Nullable ObjectNode asked;
            private @Nullable ObjectNode given;
            private final List<ObjectNode> pieces = new ArrayList<>();

            Crossed(Told told) {
                this.told = told;
            }

            Step step() {
                return new Step(told.path(), told.kind(), asked, given, pieces);
            }
        }

        RunReader(Map<String, String> contents, Marks marks, Map<String, String> marked, List<String> problems) {
            this.marked = marked;
            this.contents = contents;
            this.marks = marks;
            this.problems = problems;
        }

        String name() {
            return name;
        }

        String outer() {
            return outer;
        }

        Map<String, String> recordedWith() {
            return with;
        }

        void event(RecordedEvent event) {
            count(event);
            ObjectNode whole = event.whole(contents);
            String path = Marks.ANY.plain(whole.path("p").asText());
            marks.numbered(whole, marked);
            whole.put("p", path);
            switch (event.type()) {
                case "run.started" -> {
                    name = path;
                    outer = whole.path("outer").asText();
                    whole.path("with")
                            .properties()
                            .forEach(each ->
                                    with.put(each.getKey(), each.getValue().asText()));
                    exact = whole.path("exact").asBoolean();
                    whole.path("attributes")
                            .properties()
                            .forEach(each -> attributes.put(
                                    each.getKey(), each.getValue().asText()));
                }
                case "run.ended" -> {
                    ended = true;
                    error = whole.has("error") ? whole.get("error").asText() : null;
                }
                case "chunk" -> {
                    Crossed at = crossed.get(path);
                    if (at != null) {
                        at.pieces.add(Told.fields(whole));
                    }
                }
                case "turn" -> turn(path, whole.path("turn").asText());
                default -> boundary(Told.of(whole));
            }
        }

        private void turn(String path, String turn) {
            if (turn.equals(FmEvent.TurnTaken.LOST)) {
                exact = false;
                problems.add(path
                        + ": a thread was blocked here by something that is no boundary, such as a lock or a result of"
                        + " another thread, and went on beside others; what they read of each other may differ");
            } else {
                order.add(new Turn(path, turn));
            }
        }

        private void count(RecordedEvent event) {
            if (name.isEmpty()) {
                name = Paths.run(Marks.ANY.plain(event.path()));
            }
            if (event.sequence() > next) {
                problems.add("run " + name + " lacks " + (event.sequence() == next + 1 ? "event " : "events ")
                        + (event.sequence() == next + 1 ? next : next + " to " + (event.sequence() - 1))
                        + ": what was recorded then cannot be replayed");
            }
            if (event.sequence() > 0) {
                next = event.sequence() + 1;
            }
        }

        private void boundary(@Nullable Told told) {
            if (told == null) {
                return;
            }
            Crossed at = crossed.computeIfAbsent(told.path(), path -> new Crossed(told));
            if (told.asked() != null) {
                at.asked = told.asked();
            }
            if (told.given() != null) {
                at.given = told.given();
            }
            order.add(new Turn(told.path(), told.given() == null ? Turn.OPEN : Turn.CLOSE));
        }

        Taped taped(int number, int place) {
            if (!ended) {
                problems.add("run " + name + " has no end in the recording: it went on, or its process died");
            }
            Map<String, Step> steps = new LinkedHashMap<>();
            crossed.forEach((path, at) -> steps.put(path, at.step()));
            return new Taped(name, number, place, attributes, exact, steps, order, error);
        }
    }
}
