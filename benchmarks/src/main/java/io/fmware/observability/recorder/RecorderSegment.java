package io.fmware.observability.recorder;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What a reader finds in one segment, for the figures that damage it. */
public final class RecorderSegment {
    /**
     * An event as it was found.
     *
     * @param offset where in the segment, as it was written
     * @param end where what it takes ends
     * @param json its bytes, as text
     */
    public record Found(long offset, long end, String json) {}

    private final List<Found> events = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();

    private RecorderSegment() {}

    /**
     * Reads a segment as a recording is read.
     *
     * @param file the segment
     * @return what was found
     * @throws IOException if the disk cannot be read
     */
    public static RecorderSegment read(Path file) throws IOException {
        RecorderSegment found = new RecorderSegment();
        SegmentFile segment = Objects.requireNonNull(SegmentFile.of(file), "no segment");
        new SegmentScan(segment, found.faults::add) {
            @Override
            void event(byte[] json, long offset) {
                found.events.add(new Found(
                        offset,
                        offset + Frame.size(offset, json.length),
                        new String(json, java.nio.charset.StandardCharsets.UTF_8)));
            }
        }.read();
        return found;
    }

    /**
     * The bytes of a compressed segment as it was written, cut off behind its end.
     *
     * @param file a compressed segment
     * @return its bytes
     * @throws IOException if the disk cannot be read
     */
    public static byte[] unpacked(Path file) throws IOException {
        SegmentFile segment = Objects.requireNonNull(SegmentFile.of(file), "no segment");
        SegmentHeader header = Objects.requireNonNull(segment.header(), "no header");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Blocks blocks = new PackedBlocks(FileChannel.open(file), header, segment.salt())) {
            Blocks.Faults none = (offset, length, what) -> {
                throw new IllegalStateException(what);
            };
            for (Blocks.Block each = blocks.next(none); each != null; each = blocks.next(none)) {
                bytes.write(each.bytes(), 0, each.length());
            }
        }
        return bytes.toByteArray();
    }

    /**
     * The events.
     *
     * @return in the order of writing
     */
    public List<Found> events() {
        return events;
    }

    /**
     * What is not as it was written.
     *
     * @return the faults
     */
    public List<Fault> faults() {
        return faults;
    }
}
