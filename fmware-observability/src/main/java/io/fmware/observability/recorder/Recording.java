package io.fmware.observability.recorder;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what flight recorders have written into a directory, also while they write. Whatever has happened to the files, all
 * events are given that are whole; what is not is told.
 *
 * <p>Reads from the disk each time, and holds nothing of it in memory. Thread-safe.
 */
public final class Recording {
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final Path directory;

    private Recording(Path directory) {
        this.directory = directory;
    }

    /**
     * The recording in a directory.
     *
     * @param directory the directory that recorders were opened with
     * @return the recording
     * @throws IOException if there is no such directory
     */
    public static Recording in(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw Files.exists(directory)
                    ? new NotDirectoryException(directory.toString())
                    : new NoSuchFileException(directory.toString(), null, "there is no such directory");
        }
        return new Recording(directory);
    }

    /**
     * Reads all events, in the order in which each process has recorded them.
     *
     * @param events told of each event
     * @param faults told of each part that cannot be read
     * @throws IOException if the disk cannot be read
     */
    public void events(Consumer<? super RecordedEvent> events, Consumer<? super Fault> faults) throws IOException {
        for (SegmentFile each : SegmentFile.in(directory)) {
            read(each, new Visitor(each, faults) {
                @Override
                public void record(byte kind, byte[] data, long offset) throws IOException {
                    super.record(kind, data, offset);
                    if (kind == Kind.EVENT) {
                        JsonNode json = parsed(data, offset);
                        if (json != null) {
                            events.accept(new RecordedEvent(json));
                        }
                    }
                }
            });
        }
    }

    /**
     * Contents by their ids, as far as they were recorded.
     *
     * @param ids the ids, as in an event
     * @return those that were found
     * @throws IOException if the disk cannot be read
     */
    public Map<String, String> contents(Set<String> ids) throws IOException {
        Set<String> wanted = new HashSet<>(ids);
        Map<String, String> found = new HashMap<>();
        for (SegmentFile each : SegmentFile.in(directory)) {
            read(each, new Visitor(each, fault -> {}) {
                @Override
                public void record(byte kind, byte[] data, long offset) throws IOException {
                    super.record(kind, data, offset);
                    if (kind == Kind.CONTENT && data.length >= BlobId.LENGTH) {
                        String id = BlobId.of(data).toString();
                        if (wanted.contains(id)) {
                            found.put(
                                    id,
                                    new String(
                                            Arrays.copyOfRange(data, BlobId.LENGTH, data.length),
                                            StandardCharsets.UTF_8));
                        }
                    }
                }
            });
        }
        return found;
    }

    /** What all readings of a segment have in common. */
    private static class Visitor implements SegmentReader.Visitor {
        private final SegmentFile segment;
        private final Consumer<? super Fault> faults;
        private boolean sealed;
        private long[] torn = {};

        Visitor(SegmentFile segment, Consumer<? super Fault> faults) {
            this.segment = segment;
            this.faults = faults;
        }

        @Override
        public void record(byte kind, byte[] data, long offset) throws IOException {
            sealed = kind == Kind.SEAL;
        }

        @Override
        public void fault(long offset, long length, String what) {
            faults.accept(new Fault(segment.path(), offset, length, what));
        }

        @Override
        public void torn(long offset, long length) {
            torn = new long[] {offset, length};
        }

        /** The JSON of a record, {@code null} where it is none. */
        final @Nullable JsonNode parsed(byte[] data, long offset) throws IOException {
            try {
                return JSON.readTree(data);
            } catch (JsonProcessingException e) {
                fault(offset, data.length, "an event is no JSON");
                return null;
            }
        }

        /** Called when all was read of a file of some size. */
        void end(SegmentHeader header, long size) {
            boolean finished = header.compressed() || size != header.size();
            if (torn.length > 0 && finished) {
                fault(torn[0], torn[1], "the last record is not whole");
            } else if (finished && !sealed) {
                fault(size, 0, "the end of the segment is missing");
            }
        }
    }

    private static void read(SegmentFile segment, Visitor visitor) throws IOException {
        try (FileChannel channel = FileChannel.open(segment.path(), StandardOpenOption.READ)) {
            SegmentHeader found = SegmentFile.header(channel);
            if (found == null && !segment.packed() && SegmentFile.isUnwritten(channel)) {
                return;
            }
            if (found == null) {
                visitor.fault(0, SegmentHeader.LENGTH, "the header is damaged");
            } else if (found.version() > SegmentHeader.VERSION) {
                visitor.fault(
                        0,
                        channel.size(),
                        "the segment is of version " + found.version()
                                + " of the format, and this reads versions up to " + SegmentHeader.VERSION
                                + "; read it with a newer FMware");
                return;
            }
            SegmentHeader header = Objects.requireNonNullElseGet(
                    found,
                    () -> new SegmentHeader(
                            SegmentHeader.VERSION, segment.packed(), 0, segment.salt(), Integer.MAX_VALUE));
            try (Blocks blocks = segment.packed()
                    ? new PackedBlocks(channel, header, segment.salt())
                    : new PlainBlocks(channel, 0)) {
                new SegmentReader(segment.salt(), visitor).read(blocks);
                if (found != null) {
                    visitor.end(header, channel.size());
                }
            }
        } catch (NoSuchFileException e) {
            SegmentFile packed = segment.as(true);
            if (!segment.packed() && Files.exists(packed.path())) { // it was compressed since it was listed
                read(packed, visitor);
            } // else it was too old and deleted
        }
    }
}
