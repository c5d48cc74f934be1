package io.fmware.observability.recorder;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Writes records into a segment: a file of a fixed size whose blocks are given by the file system before anything is written, so
 * that a full disk shows when the segment is made, and not in the middle of a record. What {@link #write} has returned from
 * is in the page cache of the operating system, and outlives the process. Not thread-safe.
 */
final class SegmentWriter {
    private static final int FILL = 1 << 20;
    private static final int PAGE = 1 << 12;

    private final Path file;
    private final FileChannel channel;
    private final MappedByteBuffer map;
    private final Frame.Checksum checksum;
    private final int size;
    private int at = SegmentHeader.LENGTH;
    private long records;

    private SegmentWriter(Path file, FileChannel channel, MappedByteBuffer map, long salt, int size) {
        this.file = file;
        this.channel = channel;
        this.map = map;
        this.checksum = new Frame.Checksum(salt);
        this.size = size;
    }

    /**
     * Makes a segment.
     *
     * @param size in bytes, a multiple of a block
     * @throws IOException if the file cannot be made or the disk is full; nothing is left of it then
     */
    static SegmentWriter create(Path file, long salt, int size) throws IOException {
        FileChannel channel =
                OwnerOnly.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            ByteBuffer zeros = ByteBuffer.allocateDirect(Math.min(FILL, size));
            for (long done = 0; done < size; done += zeros.limit()) {
                zeros.rewind().limit((int) Math.min(zeros.capacity(), size - done));
                writeAll(channel, zeros, done);
            }
            writeAll(channel, new SegmentHeader(SegmentHeader.VERSION, false, size, salt, 0).bytes(), 0);
            MappedByteBuffer map = channel.map(FileChannel.MapMode.READ_WRITE, 0, size);
            map.order(ByteOrder.LITTLE_ENDIAN);
            for (int page = PAGE; page < size; page += PAGE) {
                map.put(page, (byte) 0); // the first write to a page is the slow one
            }
            return new SegmentWriter(file, channel, map, salt, size);
        } catch (IOException | RuntimeException | Error e) {
            try (channel) {
                Files.deleteIfExists(file);
            } catch (IOException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    Path file() {
        return file;
    }

    /** How many bytes are used. */
    int position() {
        return at;
    }

    long records() {
        return records;
    }

    /** Whether records of these lengths have room here, and the one that seals the segment behind them. */
    boolean hasRoom(long bytes, int count) {
        return hasRoom(at, bytes, count, size);
    }

    static boolean hasRoom(long at, long bytes, int count, int size) {
        // Each fragment may waste a header and the alignment, and each record the end of a block.
        long fragments = bytes / Frame.MOST + 2L * count;
        return at + bytes + fragments * (Frame.HEADER + Frame.ALIGNMENT) + Frame.BLOCK / 32 <= size;
    }

    /** Writes a record of JSON. */
    void write(byte kind, String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        write(kind, bytes, bytes.length);
    }

    /** Writes a record. */
    void write(byte kind, byte[] data, int length) {
        int from = 0;
        do {
            int room = Frame.BLOCK - (at & (Frame.BLOCK - 1));
            if (room <= Frame.HEADER) {
                at += room; // zeros, as they are
                room = Frame.BLOCK;
            }
            int part = Math.min(length - from, room - Frame.HEADER);
            boolean first = from == 0;
            boolean last = from + part == length;
            byte which = first ? (last ? Frame.WHOLE : Frame.FIRST) : (last ? Frame.LAST : Frame.MIDDLE);
            int tail = Frame.tail(part, which, kind);
            int crc = checksum.of(at, tail, data, from, part);
            map.put(at + Frame.HEADER, data, from, part);
            map.putInt(at + 4, tail);
            VarHandle.releaseFence();
            map.putInt(at, crc); // last, so that who reads meanwhile sees a fragment that is complete
            at += Frame.HEADER + Frame.aligned(part);
            from += part;
        } while (from < length);
        records++;
    }

    /** Waits until everything until a position is on the disk. */
    void force(int until) {
        map.force(0, Math.min(until, size));
    }

    /** Also what the file system knows of the file, which it has to know after the loss of power. */
    void forceFile() throws IOException {
        channel.force(true);
    }

    /**
     * Goes on with a segment that nobody writes any more, behind its last whole record. What stands there of one that was not
     * written to its end is wiped out.
     */
    static SegmentWriter resume(Path file, FileChannel channel, long salt, Upkeep.Contents contents)
            throws IOException {
        int size = (int) channel.size();
        MappedByteBuffer map = channel.map(FileChannel.MapMode.READ_WRITE, 0, size);
        map.order(ByteOrder.LITTLE_ENDIAN);
        SegmentWriter writer = new SegmentWriter(file, channel, map, salt, size);
        writer.at = (int) contents.end;
        writer.records = contents.records;
        for (int i = writer.at; i < size; i++) {
            if (map.get(i) != 0) {
                map.put(i, (byte) 0);
            }
        }
        return writer;
    }

    /** Gives back what is not used of the file. */
    void truncate() throws IOException {
        map.force(0, at);
        channel.truncate(at);
    }

    /** Gives the file back as it is. Not cut off: who reads it meanwhile would miss its end. */
    void release() throws IOException {
        channel.close();
    }

    /** Ends the segment: what is not used of it is given back. */
    void close() throws IOException {
        try (channel) {
            truncate();
        }
    }
}
