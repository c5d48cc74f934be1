package io.fmware.observability.recorder;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Adds up what is known of runs, event by event. Not thread-safe. */
final class RunCounts {
    private final Map<RunKey, Counts> runs = new LinkedHashMap<>();

    void count(RecordedEvent event) {
        runs.computeIfAbsent(new RunKey(event.writer(), event.run()), key -> new Counts(event))
                .count(event);
    }

    List<RecordedRun> all() {
        List<RecordedRun> all = new ArrayList<>();
        runs.forEach((key, counts) -> all.add(counts.run(key)));
        all.sort(Comparator.comparing(RecordedRun::begun));
        return all;
    }

    /** Of one run. */
    private static final class Counts {
        private final Instant begun;
        private final long first;
        private String name;
        private Map<String, String> attributes = Map.of();
        private @Nullable String outer;
        private boolean started;
        private long last;
        private boolean ended;
        private @Nullable String error;
        private long events;
        private long failures;
        private long calls;
        private long attempts;
        private long tokensIn;
        private long tokensOut;
        private @Nullable String head;

        Counts(RecordedEvent event) {
            begun = event.at();
            first = event.nanos();
            String path = event.path();
            int end = path.indexOf('/');
            name = end < 0 ? path : path.substring(0, end);
        }

        void count(RecordedEvent event) {
            events++;
            last = event.nanos();
            head = event.text("h");
            if (event.isFailure()) {
                failures++;
            }
            switch (event.type()) {
                case "run.started" -> started(event);
                case "run.ended" -> {
                    ended = true;
                    error = event.text("error");
                }
                case "call.started" -> calls++;
                case "attempt.started" -> attempts++;
                case "attempt.ended" -> {
                    tokensIn += event.json().path("tokensIn").asLong();
                    tokensOut += event.json().path("tokensOut").asLong();
                }
                default -> {
                    // counted above
                }
            }
        }

        private void started(RecordedEvent event) {
            String told = event.text("name");
            name = told == null ? name : told;
            outer = event.text("outer");
            started = true;
            Map<String, String> found = new LinkedHashMap<>();
            for (Map.Entry<String, JsonNode> each :
                    event.json().path("attributes").properties()) {
                found.put(each.getKey(), each.getValue().asText());
            }
            attributes = found;
        }

        RecordedRun run(RunKey key) {
            return new RecordedRun(
                    key.run(),
                    key.writer(),
                    name,
                    attributes,
                    outer,
                    started,
                    begun,
                    Duration.ofNanos(Math.max(0, last - first)),
                    ended,
                    error,
                    events,
                    failures,
                    calls,
                    attempts,
                    tokensIn,
                    tokensOut,
                    head);
        }
    }
}
