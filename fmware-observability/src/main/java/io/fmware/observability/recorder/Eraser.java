package io.fmware.observability.recorder;

import com.fasterxml.jackson.databind.JsonNode;
import io.fmware.TimeSource;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Takes runs out of a recording. Segments are written anew without them, the newest first, so that the beginning of a run, by which
 * it is found, goes last: who is killed meanwhile does it again. Not thread-safe; one for each erasure.
 */
final class Eraser {
    private static final String UNFINISHED = ".erasing.tmp";
    private static final String ALONE = "erasing";

    private final Path directory;
    private final TimeSource time;
    private final List<Fault> unreadable = new ArrayList<>();
    private final Set<RunKey> meant = new HashSet<>();
    private final Set<BlobId> named = new HashSet<>();
    private final Set<RunKey> gone = new HashSet<>();
    private final List<Path> waiting = new ArrayList<>();
    private long events;
    private long contents;

    Eraser(Path directory, TimeSource time) {
        this.directory = directory;
        this.time = time;
    }

    /**
     * Erases, alone in the directory: two at a time would each bring back what the other one has taken out.
     *
     * @throws IOException if somebody else is at it, or the disk cannot be read or written
     */
    Erasure erase(Predicate<? super RecordedRun> which) throws IOException {
        WriterLock alone = WriterLock.of(directory, ALONE);
        if (alone == null) {
            throw new IOException(
                    "runs are being erased from " + directory + " already; erase again when that has ended");
        }
        try {
            return eraseAlone(which);
        } finally {
            alone.delete();
        }
    }

    private Erasure eraseAlone(Predicate<? super RecordedRun> which) throws IOException {
        sweep();
        recover();
        List<RecordedRun> runs = runs();
        choose(runs, which);
        List<RecordedRun> all = runs.stream()
                .filter(each -> meant.contains(new RunKey(each.writer(), each.id())))
                .toList();
        List<SegmentFile> segments = new ArrayList<>(SegmentFile.in(directory));
        for (SegmentFile each : segments) {
            nameAll(each);
        }
        Collections.reverse(segments);
        for (SegmentFile each : segments) {
            erase(each);
        }
        return new Erasure(
                gone.size(),
                events,
                contents,
                open(all),
                waiting,
                runs.stream().filter(each -> !each.started()).count(),
                unreadable);
    }

    /** Those that are meant, and those inside of them; where the clock went back, a run begins before the one around it. */
    private void choose(List<RecordedRun> runs, Predicate<? super RecordedRun> which) {
        for (RecordedRun each : runs) {
            if (which.test(each)) {
                meant.add(new RunKey(each.writer(), each.id()));
            }
        }
        Set<RunKey> known = new HashSet<>();
        runs.forEach(each -> known.add(new RunKey(each.writer(), each.id())));
        int before;
        do {
            before = meant.size();
            Set<String> ids = new HashSet<>();
            meant.forEach(each -> ids.add(each.run()));
            for (RecordedRun each : runs) {
                if (isInside(each, known, ids)) {
                    meant.add(new RunKey(each.writer(), each.id()));
                }
            }
        } while (meant.size() > before);
    }

    /** Whether the run around one goes: the one of the same recorder, or where it has not recorded that, of any. */
    private boolean isInside(RecordedRun run, Set<RunKey> known, Set<String> ids) {
        String outer = run.outer();
        if (outer == null) {
            return false;
        }
        RunKey own = new RunKey(run.writer(), outer);
        return known.contains(own) ? meant.contains(own) : ids.contains(outer);
    }

    /** What erasures have left that were killed may be of anybody. */
    private void sweep() throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + UNFINISHED)) {
            for (Path each : files) {
                Files.deleteIfExists(each);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private List<String> open(List<RecordedRun> runs) throws IOException {
        List<String> open = new ArrayList<>();
        for (RecordedRun each : runs) {
            if (!each.ended() && WriterLock.isHeld(directory, each.writer())) {
                open.add(each.id());
            }
        }
        return open;
    }

    /** What killed processes have left is ended first, so that nothing but what is being written is left as it is. */
    private void recover() throws IOException {
        for (SegmentFile each : SegmentFile.in(directory)) {
            if (!each.packed()) {
                WriterLock dead = WriterLock.of(directory, each.writer());
                if (dead != null) {
                    try {
                        Upkeep.recover(each);
                    } finally {
                        dead.delete();
                    }
                }
            }
        }
    }

    private List<RecordedRun> runs() throws IOException {
        RunCounts counts = new RunCounts();
        for (SegmentFile each : SegmentFile.in(directory)) {
            new Recording.EventScan(each, counts::count, fault -> {
                        if (fault.kind() == Fault.Kind.DAMAGED || fault.kind() == Fault.Kind.NEWER) {
                            unreadable.add(fault);
                        }
                    })
                    .read();
        }
        return counts.all();
    }

    private boolean isMeant(SegmentFile segment, JsonNode event) {
        return meant.contains(new RunKey(segment.writer(), event.path("r").asText()));
    }

    /** Notes the contents that are named by events which stay. */
    private void nameAll(SegmentFile segment) throws IOException {
        new SegmentScan(segment, fault -> {}) { // told above
            @Override
            void event(byte[] data, long offset) {
                JsonNode json = parsed(data, offset);
                if (json != null && !isMeant(segment, json)) {
                    for (JsonNode each : json.findValues("#")) {
                        BlobId id = BlobId.parsed(each.asText());
                        if (id != null) {
                            named.add(id);
                        }
                    }
                }
            }
        }.read();
    }

    private void erase(SegmentFile segment) throws IOException {
        Sieve found = new Sieve(segment, null);
        found.read();
        if (found.events + found.contents == 0) {
            return;
        }
        if (segment.packed()) {
            rewrite(segment, found);
            return;
        }
        WriterLock dead = WriterLock.of(directory, segment.writer());
        if (dead == null) {
            waiting.add(segment.path());
            return;
        }
        try { // a segment that is damaged, and nobody writes
            rewrite(segment, found);
        } finally {
            dead.delete();
        }
    }

    private void rewrite(SegmentFile segment, Sieve found) throws IOException {
        Path unfinished = directory.resolve(segment.stem() + UNFINISHED);
        long size = found.bytes + found.bytes / 1_000 + 2 * Frame.BLOCK & -Frame.BLOCK; // headers of fragments included
        if (size > Integer.MAX_VALUE) {
            throw new IOException(segment.path() + " says that it has " + size + " bytes, which no segment has");
        }
        SegmentWriter into = SegmentWriter.create(unfinished, segment.salt(), (int) size);
        try {
            new Sieve(segment, into).read();
            into.write(
                    Kind.ERASED,
                    "{\"events\":" + found.events + ",\"contents\":" + found.contents + ",\"damaged\":"
                            + found.unreadable() + ",\"at\":\"" + time.instant() + "\"}");
            FlightLog.seal(into);
            into.close();
            try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.READ)) {
                if (!Upkeep.pack(segment, channel)) {
                    throw new IOException(unfinished + " cannot be read back; " + segment.path() + " stays as it was");
                }
            }
        } finally {
            Files.deleteIfExists(unfinished);
        }
        gone.addAll(found.runs);
        events += found.events;
        contents += found.contents;
    }

    /** Tells what is to go of a segment from what stays, which it writes where that is wanted. */
    private final class Sieve extends SegmentScan {
        private final @Nullable SegmentWriter into;
        private final Set<RunKey> runs = new HashSet<>();
        private long events;
        private long contents;
        private long bytes;

        Sieve(SegmentFile segment, @Nullable SegmentWriter into) {
            super(segment, fault -> {});
            this.into = into;
        }

        @Override
        void raw(byte kind, byte[] data, long offset) {
            bytes = offset + data.length;
            if (goes(kind, data, offset)) {
                return;
            }
            if (into != null && kind != Kind.SEAL) {
                into.write(kind, data, data.length);
            }
        }

        private boolean goes(byte kind, byte[] data, long offset) {
            if (kind == Kind.EVENT) {
                JsonNode json = parsed(data, offset);
                boolean goes = json != null && isMeant(segment(), json);
                if (json != null && goes) {
                    events++;
                    runs.add(new RunKey(segment().writer(), json.path("r").asText()));
                }
                return goes;
            }
            Blob content = kind == Kind.CONTENT ? Blob.read(data) : null;
            boolean goes = content != null && !named.contains(content.id());
            contents += goes ? 1 : 0;
            return goes;
        }
    }
}
