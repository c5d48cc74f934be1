package io.fmware.observability.recorder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Gives what has come into a recording since the last look. Not thread-safe. */
public final class RecordingFollower {
    private final Path directory;
    private final Map<String, Long> known = new HashMap<>();
    private final Set<Fault> told = new HashSet<>();

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
        List<SegmentFile> segments = SegmentFile.in(directory);
        Set<String> there = new HashSet<>();
        for (SegmentFile each : segments) {
            there.add(each.stem());
            boolean finished = Long.valueOf(Long.MAX_VALUE).equals(known.get(each.stem()));
            if (!finished) {
                Recording.EventScan scan = new Recording.EventScan(each, events, fault -> {
                    if (told.add(fault)) {
                        faults.accept(fault);
                    }
                });
                long until = scan.readFrom(known.getOrDefault(each.stem(), 0L));
                known.put(each.stem(), scan.segment().packed() ? Long.MAX_VALUE : until);
            }
        }
        known.keySet().retainAll(there);
        told.removeIf(each -> !Files.exists(each.segment()));
    }
}
