package io.fmware.observability.command;

import io.fmware.observability.recorder.RecordedEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Finds the run that a beginning of an id stands for, in one reading: its events, apart by the recorders that have recorded a run
 * of that id. A whole id stands for itself, also where it is the beginning of another one. Not thread-safe.
 */
final class ChosenRun {
    private static final int CANDIDATES = 10;

    private final String beginning;
    private final Set<String> ids = new TreeSet<>();
    private final Map<String, Map<String, List<RecordedEvent>>> events = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> inner = new LinkedHashMap<>();

    ChosenRun(String beginning) {
        this.beginning = beginning;
    }

    void take(RecordedEvent event) {
        String outer = event.type().equals("run.started") ? event.text("outer") : null;
        if (outer != null && isMeant(outer)) {
            inner.computeIfAbsent(outer, key -> new LinkedHashMap<>())
                    .put(event.run(), String.valueOf(event.text("name")));
        }
        String run = event.run();
        if (!run.startsWith(beginning)) {
            return;
        }
        if (ids.size() <= CANDIDATES || run.equals(beginning)) {
            ids.add(run);
        }
        if (ids.size() > 1) {
            events.keySet().removeIf(each -> !each.equals(beginning));
        }
        if (ids.size() == 1 || run.equals(beginning)) {
            events.computeIfAbsent(run, key -> new LinkedHashMap<>())
                    .computeIfAbsent(event.writer(), key -> new ArrayList<>())
                    .add(event);
        }
    }

    private boolean isMeant(String outer) {
        return outer.startsWith(beginning) && (ids.size() <= 1 || outer.equals(beginning));
    }

    private String id() {
        if (ids.isEmpty()) {
            throw new UserError("there is no run whose id begins with '" + Shown.cut(beginning, Shown.NAME) + "'");
        }
        if (ids.contains(beginning)) {
            return beginning;
        }
        if (ids.size() > 1) {
            throw new UserError("'" + Shown.cut(beginning, Shown.NAME) + "' is the beginning of several runs: "
                    + ids.stream()
                            .limit(CANDIDATES)
                            .map(each -> Shown.cut(each, Shown.NAME))
                            .collect(Collectors.joining(", "))
                    + (ids.size() > CANDIDATES ? " and more" : ""));
        }
        return ids.iterator().next();
    }

    /** The events of the run, by recorder. */
    List<List<RecordedEvent>> found() {
        return List.copyOf(events.getOrDefault(id(), Map.of()).values());
    }

    /** The names of the runs that were opened inside of it, by their ids. */
    Map<String, String> inside() {
        return inner.getOrDefault(id(), Map.of());
    }
}
