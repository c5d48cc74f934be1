package io.fmware.observability.recorder;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Follows the hashes of all runs of a recording, segment by segment. Not thread-safe; one for each check. */
final class Verifier {
    static final String LAST = "run.ended";

    private final Map<String, String> heads;
    private final Set<String> unseen;
    private final Map<RunKey, ChainCheck> chains = new LinkedHashMap<>();
    private final Map<String, Writer> writers = new TreeMap<>();
    private final List<Verification.Problem> problems = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();
    private long runs;
    private long events;
    private long contents;
    private long unlinked;

    /** The segments of a writer. */
    private static final class Writer {
        private final NavigableSet<Long> numbers = new TreeSet<>();
        /** Segments whose number cannot be read. */
        private long unknown;
        /** Whether segments were too old and deleted, or runs were erased before they ended. */
        private boolean forgets;
    }

    Verifier(Map<String, String> heads) {
        this.heads = Map.copyOf(heads);
        this.unseen = new HashSet<>(heads.keySet());
    }

    /** A reading of a segment. */
    SegmentScan scan(SegmentFile segment) {
        Writer writer = writers.computeIfAbsent(segment.writer(), key -> new Writer());
        writer.unknown++;
        return new SegmentScan(segment, fault -> {
            faults.add(fault);
            writer.forgets |= fault.kind() == Fault.Kind.ERASED;
        }) {
            @Override
            void head(JsonNode json) {
                long number = json.path("segment").asLong();
                writer.unknown--;
                writer.forgets |= writer.numbers.isEmpty() && number > 1;
                if (!json.path("writer").asText().equals(segment().writer())) {
                    problem(
                            "",
                            segment().path().getFileName() + " was written by another recorder than it is named after");
                } else if (!writer.numbers.add(number)) {
                    problem("", segment().path().getFileName() + " has the number of another segment, " + number);
                }
            }

            @Override
            void event(byte[] data, long offset) {
                JsonNode json = parsed(data, offset);
                if (json != null) {
                    check(new RecordedEvent(segment().writer(), json), data);
                }
            }

            @Override
            void content(Blob content) {
                contents++;
                if (!content.isGenuine()) {
                    problems.add(new Verification.Problem("", "content " + content.id() + " was changed"));
                }
            }
        };
    }

    private void check(RecordedEvent event, byte[] data) {
        events++;
        RunKey key = new RunKey(event.writer(), event.run());
        ChainCheck chain = chains.get(key);
        if (chain == null) {
            chain = new ChainCheck();
            chains.put(key, chain);
            runs++;
            if (heads.containsKey(event.run()) && !unseen.contains(event.run())) {
                problem(event.run(), event.type() + " stands behind its end");
            }
        }
        ChainCheck.Link link = chain.next(data);
        switch (link) {
            case WHOLE -> {}
            case NONE -> unlinked++;
            case BROKEN -> problem(event.run(), ChainCheck.told(link, event));
            case BEHEADED -> {
                boolean excused = writers.getOrDefault(event.writer(), new Writer()).forgets;
                if (!excused || heads.containsKey(event.run())) { // a hash of its end alone proves no beginning
                    problem(event.run(), ChainCheck.told(link, event));
                }
            }
        }
        if (event.type().equals(LAST)) {
            ended(event.run(), chain.head());
            chains.remove(key);
        }
    }

    private void ended(String run, String head) {
        String known = heads.get(run);
        if (known != null && unseen.remove(run) && !known.equals(head)) {
            problem(run, "its last hash is " + head + ", and was " + known + " when it was recorded");
        }
    }

    private void problem(String run, String what) {
        problems.add(new Verification.Problem(run, what));
    }

    Verification result() {
        writers.forEach((name, writer) -> {
            if (writer.numbers.isEmpty()) {
                return;
            }
            long first = writer.numbers.first();
            long last = writer.numbers.last();
            long missing = last - first + 1 - writer.numbers.size() - writer.unknown;
            if (missing > 0) {
                problem(
                        "",
                        missing + " segments of recorder " + name + " are missing between " + first + " and " + last);
            }
        });
        for (String each : unseen) {
            problem(each, "it was recorded, and its end is not there");
        }
        return new Verification(runs, events, contents, chains.size(), unlinked, problems, faults);
    }
}
