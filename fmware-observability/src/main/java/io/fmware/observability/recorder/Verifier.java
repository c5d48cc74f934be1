package io.fmware.observability.recorder;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Follows the hashes of all runs of a recording, segment by segment. Not thread-safe; one for each check. */
final class Verifier {
    static final String LAST = "run.ended";

    private final Map<String, String> heads;
    private final Set<String> unseen;
    private final Map<Key, ChainCheck> chains = new LinkedHashMap<>();
    private final Map<String, Writer> writers = new TreeMap<>();
    private final List<Verification.Problem> problems = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();
    private long runs;
    private long events;
    private long contents;
    private long unlinked;

    private record Key(String writer, String run) {}

    /** The segments of a writer. */
    private static final class Writer {
        private long first = Long.MAX_VALUE;
        private long last;
        private long count;
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
        writer.count++;
        return new SegmentScan(segment, fault -> {
            faults.add(fault);
            writer.forgets |= fault.kind() == Fault.Kind.ERASED;
        }) {
            @Override
            void head(JsonNode json) {
                long number = json.path("segment").asLong();
                writer.first = Math.min(writer.first, number);
                writer.last = Math.max(writer.last, number);
                writer.forgets |= writer.first > 1;
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
        Key key = new Key(event.writer(), event.run());
        ChainCheck chain = chains.get(key);
        if (chain == null) {
            chain = new ChainCheck();
            chains.put(key, chain);
            runs++;
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
            long missing = writer.last - writer.first + 1 - writer.count;
            if (writer.last > 0 && missing > 0) {
                problem(
                        "",
                        missing + " segments of recorder " + name + " are missing between " + writer.first + " and "
                                + writer.last);
            }
        });
        for (String each : unseen) {
            problem(each, "it was recorded, and its end is not there");
        }
        return new Verification(runs, events, contents, chains.size(), unlinked, problems, faults);
    }
}
