package io.fmware.observability.recorder;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Follows the hashes of all runs of a recording, segment by segment. Not thread-safe; one for each check. */
final class Verifier {
    private static final String LAST = "run.ended";

    private final Map<String, String> heads;
    private final Set<String> unseen;
    private final Map<Key, Chain> chains = new LinkedHashMap<>();
    private final Map<String, Writer> writers = new TreeMap<>();
    private final List<Verification.Problem> problems = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();
    private long runs;
    private long events;
    private long contents;
    private long unlinked;

    private record Key(String writer, String run) {}

    /** How far the events of a run are known. */
    private static final class Chain {
        private byte[] head = RunChain.first();
        private boolean begun;
    }

    /** The segments of a writer. */
    private static final class Writer {
        private long first = Long.MAX_VALUE;
        private long last;
        private long count;
    }

    Verifier(Map<String, String> heads) {
        this.heads = Map.copyOf(heads);
        this.unseen = new HashSet<>(heads.keySet());
    }

    void read(SegmentFile segment) throws IOException {
        Writer writer = writers.computeIfAbsent(segment.writer(), key -> new Writer());
        writer.count++;
        new SegmentScan(segment, faults::add) {
            @Override
            void head(JsonNode json) {
                long number = json.path("segment").asLong();
                writer.first = Math.min(writer.first, number);
                writer.last = Math.max(writer.last, number);
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
        }.read();
    }

    private void check(RecordedEvent event, byte[] data) {
        events++;
        Key key = new Key(event.writer(), event.run());
        Chain chain = chains.computeIfAbsent(key, run -> new Chain());
        byte[] skeleton = RunChain.unlinked(data);
        if (skeleton == null) {
            unlinked++;
        } else {
            byte[] hash = RunChain.next(chain.head, skeleton, skeleton.length);
            byte[] named = RunChain.hash(data);
            if (!Arrays.equals(hash, named)) {
                broken(event, chain.begun);
            }
            chain.head = named;
        }
        if (!chain.begun) {
            chain.begun = true;
            runs++;
        }
        if (event.type().equals(LAST)) {
            ended(event.run(), RunChain.shown(chain.head));
            chains.remove(key);
        }
    }

    private void broken(RecordedEvent event, boolean begun) {
        String which = event.sequence() == 0 ? event.type() : event.type() + " with number " + event.sequence();
        if (begun) {
            problem(
                    event.run(),
                    which
                            + " does not follow from what stands before it: one of both was changed, or events between them are missing");
        } else if (writers.getOrDefault(event.writer(), new Writer()).first <= 1) {
            problem(event.run(), "what stands before " + which + " is missing");
        } // else its beginning was in a segment that was too old and deleted
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
