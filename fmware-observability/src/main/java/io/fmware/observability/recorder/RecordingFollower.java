package io.fmware.observability.recorder;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Gives what has come into a recording since the last look. Not thread-safe. */
public final class RecordingFollower {
    private final Path directory;
    private final Map<String, Segment> open = new HashMap<>();
    private final Set<String> finished = new HashSet<>();
    private final Set<Fault> told = new HashSet<>();

    /** A segment that was being written when it was looked at. */
    private static final class Segment {
        private long until;
        /** Of the events that were given: a segment may be written anew, by an erasure, before the rest of it is read. */
        private final Set<Long> given = new HashSet<>();
    }

    RecordingFollower(Path directory) {
        this.directory = directory;
    }

    /**
     * Looks once.
     *
     * @param events told of each event that has come, in the order in which each process has recorded them
     * @param faults told once of each part that cannot be read, or is not there
     * @throws IOException if the disk cannot be read
     */
    public void poll(Consumer<? super RecordedEvent> events, Consumer<? super Fault> faults) throws IOException {
        Set<String> there = new HashSet<>();
        for (SegmentFile each : SegmentFile.in(directory)) {
            there.add(each.stem());
            if (!finished.contains(each.stem())) {
                read(each, events, fault -> {
                    if (told.add(fault)) {
                        faults.accept(fault);
                    }
                });
            }
        }
        open.keySet().retainAll(there);
        finished.retainAll(there);
        told.removeIf(each -> !Files.exists(each.segment()));
    }

    private void read(SegmentFile file, Consumer<? super RecordedEvent> events, Consumer<? super Fault> faults)
            throws IOException {
        Segment segment = open.computeIfAbsent(file.stem(), stem -> new Segment());
        SegmentScan scan = new SegmentScan(file, faults) {
            @Override
            void event(byte[] data, long offset) {
                JsonNode json = parsed(data, offset);
                if (json != null && segment.given.add(fingerprint(data))) {
                    events.accept(new RecordedEvent(segment().writer(), json));
                }
            }
        };
        segment.until = scan.readFrom(file.packed() ? 0 : segment.until);
        if (file.packed()) {
            open.remove(file.stem());
            finished.add(file.stem());
        }
    }

    private static long fingerprint(byte[] event) {
        return ByteBuffer.wrap(Sha256.of(event)).getLong();
    }
}
