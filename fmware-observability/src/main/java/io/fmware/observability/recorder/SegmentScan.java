package io.fmware.observability.recorder;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks through a segment, whole or being written, plain or compressed, and tells what is in it and what is wrong with it. Not
 * thread-safe; one for each reading.
 */
abstract class SegmentScan implements SegmentReader.Visitor {
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private SegmentFile segment;
    private final Consumer<? super Fault> faults;
    private long from;
    private boolean sealed;
    private long unreadable;
    private long @Nullable [] torn;

    SegmentScan(SegmentFile segment, Consumer<? super Fault> faults) {
        this.segment = segment;
        this.faults = faults;
    }

    /** Any record, before it is told of as what it is. */
    void raw(byte kind, byte[] data, long offset) throws IOException {}

    /** Who has written the segment, as JSON. */
    void head(JsonNode json) throws IOException {}

    /** An event, as JSON. */
    void event(byte[] json, long offset) throws IOException {}

    /** A content. */
    void content(Blob content) throws IOException {}

    /** The segment as it is read; compressed meanwhile, maybe. */
    final SegmentFile segment() {
        return segment;
    }

    /** How many bytes of it are damaged, of what was read so far. */
    final long unreadable() {
        return unreadable;
    }

    /** Reads all of it. */
    final void read() throws IOException {
        readFrom(0);
    }

    /**
     * Reads what stands behind an offset.
     *
     * @param known where the last whole record ended that is known
     * @return where the last whole record ends now
     */
    final long readFrom(long known) throws IOException {
        from = known;
        try (FileChannel channel = FileChannel.open(segment.path(), StandardOpenOption.READ)) {
            return read(channel);
        } catch (NoSuchFileException e) {
            SegmentFile packed = segment.as(true);
            if (segment.packed() || !Files.exists(packed.path())) {
                return known; // it was too old and deleted
            }
            segment = packed; // it was compressed since it was listed
            return readFrom(known);
        }
    }

    private long read(FileChannel channel) throws IOException {
        long size = channel.size(); // before reading: what is sealed meanwhile is cut down
        SegmentHeader found = SegmentFile.header(channel);
        if (found == null && !segment.packed() && SegmentFile.isUnwritten(channel)) {
            return from;
        }
        if (found == null) {
            fault(0, SegmentHeader.LENGTH, "the header is damaged");
        } else if (found.version() > SegmentHeader.VERSION) {
            tell(
                    Fault.Kind.NEWER,
                    0,
                    size,
                    "the segment is of version " + found.version() + " of the format, and this reads versions up to "
                            + SegmentHeader.VERSION + "; read it with a newer FMware");
            return from;
        }
        SegmentHeader header = Objects.requireNonNullElseGet(
                found,
                () -> new SegmentHeader(SegmentHeader.VERSION, segment.packed(), 0, segment.salt(), Integer.MAX_VALUE));
        try (Blocks blocks = segment.packed()
                ? new PackedBlocks(channel, header, segment.salt())
                : new PlainBlocks(channel, from & -Frame.BLOCK)) {
            long whole = new SegmentReader(segment.salt(), this).read(blocks);
            if (found != null) {
                end(header, size);
            }
            return Math.max(whole, from);
        }
    }

    private void end(SegmentHeader header, long size) {
        boolean finished = header.compressed() || size != header.size();
        if (torn != null && finished) {
            fault(torn[0], torn[1], "the last record is not whole");
        } else if (finished && !sealed) {
            fault(size, 0, "the end of the segment is missing");
        }
    }

    @Override
    public final void record(byte kind, byte[] data, long offset) throws IOException {
        sealed = kind == Kind.SEAL;
        if (offset < from) {
            return;
        }
        raw(kind, data, offset);
        switch (kind) {
            case Kind.EVENT -> event(data, offset);
            case Kind.CONTENT -> {
                Blob content = Blob.read(data);
                if (content == null) {
                    fault(offset, data.length, "a content is too short to be one");
                } else {
                    content(content);
                }
            }
            case Kind.HEAD, Kind.LOSS, Kind.ERASED -> {
                JsonNode json = parsed(data, offset);
                if (json != null) {
                    told(kind, json, offset, data.length);
                }
            }
            default -> {
                // the end, and what a newer version may add
            }
        }
    }

    private void told(byte kind, JsonNode json, long offset, long length) throws IOException {
        if (kind == Kind.HEAD) {
            head(json);
        } else if (kind == Kind.LOSS) {
            String why = json.path("why").asText();
            tell(Fault.Kind.LOST, offset, length, lost(json.path("records").asLong()) + " lost: " + why);
        } else {
            String when = json.path("at").asText();
            long damaged = json.path("damaged").asLong();
            tell(
                    Fault.Kind.ERASED,
                    offset,
                    length,
                    many(json.path("events").asLong()) + " erased on " + when
                            + (damaged == 0 ? "" : ", with " + damaged + " bytes that could not be read"));
        }
    }

    private static String many(long events) {
        return events == 1 ? "an event was" : events + " events were";
    }

    private static String lost(long records) {
        return records == 1 ? "an event or a content was" : records + " events or contents were";
    }

    @Override
    public final void fault(long offset, long length, String what) {
        if (offset >= from) {
            tell(Fault.Kind.DAMAGED, offset, length, what);
        }
    }

    private void tell(Fault.Kind kind, long offset, long length, String what) {
        unreadable += kind == Fault.Kind.DAMAGED ? length : 0;
        faults.accept(new Fault(kind, segment.path(), offset, length, what));
    }

    @Override
    public final void torn(long offset, long length) {
        torn = new long[] {offset, length};
    }

    /** The JSON of a record, {@code null} where it is none. */
    final @Nullable JsonNode parsed(byte[] data, long offset) {
        try {
            return JSON.readTree(data);
        } catch (JsonProcessingException e) {
            fault(offset, data.length, "a record is no JSON");
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e); // which memory does not throw
        }
    }
}
