package io.fmware.observability.recorder;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads the records of a segment: all that are whole, whatever happened to the rest, which is reported. Not thread-safe; one for
 * each reading.
 */
final class SegmentReader {

    /** Told of what is in a segment, in the order in which it was written. */
    interface Visitor {

        /**
         * A record.
         *
         * @param offset where it begins
         */
        void record(byte kind, byte[] data, long offset) throws IOException;

        /** Something is damaged: bytes that are not as they were written. */
        void fault(long offset, long length, String what);

        /** The last record was not written to its end. That is how a killed process leaves a segment, and no damage. */
        void torn(long offset, long length);
    }

    private final Frame.Checksum checksum;
    private final Visitor visitor;
    private final ByteArrayOutputStream parts = new ByteArrayOutputStream();
    private long begun = -1;
    private byte kind;
    /** Where nothing was written any more, as far as it looks; and the first bytes behind that are not zero. */
    private long end = -1;

    private long stray = -1;
    private long strayEnd;
    /** Whether what cannot be read at the end has its checksum, which is written last: it was whole once. */
    private boolean wasWhole;

    SegmentReader(long salt, Visitor visitor) {
        this.checksum = new Frame.Checksum(salt);
        this.visitor = visitor;
    }

    /** Reads all blocks; returns the offset behind the last whole record. */
    long read(Blocks blocks) throws IOException {
        long whole = SegmentHeader.LENGTH;
        long last = 0;
        for (Blocks.Block block = blocks.next(this::damaged); block != null; block = blocks.next(this::damaged)) {
            long until = read(block);
            whole = until >= 0 ? until : whole;
            last = block.offset() + block.length();
        }
        if (end >= 0 && wasWhole) {
            broken();
            visitor.fault(end, strayEnd - end, "a part of a block cannot be read");
        } else if (begun >= 0) { // the process ended in the middle of a record
            long from = begun;
            begun = -1;
            visitor.torn(from, Math.max(0, (end < 0 ? last : Math.max(end, strayEnd)) - from));
        } else if (stray >= 0) {
            visitor.torn(end, strayEnd - end);
        }
        return whole;
    }

    private void damaged(long offset, long length, String what) {
        broken();
        visitor.fault(offset, length, what);
    }

    /** A record of which a part is missing. */
    private void broken() {
        begun = -1;
        parts.reset();
    }

    /** Reads a block; returns the offset behind the last record that ends in it, -1 for none. */
    private long read(Blocks.Block block) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(block.bytes(), 0, block.length()).order(ByteOrder.LITTLE_ENDIAN);
        int at = block.offset() == 0 ? SegmentHeader.LENGTH : 0;
        long whole = -1;
        while (block.length() - at > Frame.HEADER) {
            if (!isWhole(block, bytes, at)) {
                int following = following(block, bytes, at);
                if (bytes.getLong(at) == 0) {
                    nothingAt(block, at);
                } else {
                    unreadable(block, bytes, at);
                }
                if (following < 0) {
                    return whole;
                }
                at = following;
            }
            int tail = bytes.getInt(at + 4);
            int length = tail & 0xffff;
            byte part = (byte) (tail >>> 16);
            resumed(block.offset() + at);
            if (fragment(block, at, length, part, (byte) (tail >>> 24))) {
                whole = block.offset() + at + Frame.HEADER + Frame.aligned(length);
            }
            at += Frame.HEADER + Frame.aligned(length);
        }
        if (!isZero(block.bytes(), at, block.length())) {
            resumed(block.offset() + at);
            visitor.fault(block.offset() + at, block.length() - at, "bytes between two blocks are not zero");
        }
        return whole;
    }

    /** Whether there is a fragment as it was written. */
    private boolean isWhole(Blocks.Block block, ByteBuffer bytes, int at) {
        int tail = bytes.getInt(at + 4);
        int length = tail & 0xffff;
        byte part = (byte) (tail >>> 16);
        int behind = at + Frame.HEADER + Frame.aligned(length);
        return at < block.written()
                && part >= Frame.WHOLE
                && part <= Frame.LAST
                && behind <= block.length()
                && isZero(block.bytes(), at + Frame.HEADER + length, behind)
                && checksum.of(block.offset() + at, tail, block.bytes(), at + Frame.HEADER, length) == bytes.getInt(at);
    }

    /** The next fragment in a block behind something that is none; -1 if there is none. */
    private int following(Blocks.Block block, ByteBuffer bytes, int from) {
        int most = Math.min(block.written(), block.length() - Frame.HEADER);
        for (int at = from + Frame.ALIGNMENT; at < most; at += Frame.ALIGNMENT) {
            if (isWhole(block, bytes, at)) {
                return at;
            }
        }
        return -1;
    }

    /** Takes a fragment in; returns whether a record ends with it. */
    private boolean fragment(Blocks.Block block, int at, int length, byte part, byte of) throws IOException {
        boolean starts = part == Frame.WHOLE || part == Frame.FIRST;
        if (starts && begun >= 0) {
            visitor.fault(begun, block.offset() + at - begun, "a record has no end");
            broken();
        }
        if (!starts && (begun < 0 || of != kind)) {
            visitor.fault(block.offset() + at, Frame.HEADER + length, "a record has no beginning");
            broken();
            return false;
        }
        if (starts) {
            begun = block.offset() + at;
            kind = of;
        }
        parts.write(block.bytes(), at + Frame.HEADER, length);
        if (part == Frame.FIRST || part == Frame.MIDDLE) {
            return false;
        }
        byte[] data = parts.toByteArray();
        long from = begun;
        broken();
        visitor.record(of, data, from);
        return true;
    }

    /** There is a header of zeros: the end of what was written, unless something follows. */
    private void nothingAt(Blocks.Block block, int at) {
        if (end < 0) {
            end = block.offset() + at;
        }
        for (int i = at; i < block.length(); i++) {
            if (block.bytes()[i] != 0) {
                stray = stray < 0 ? block.offset() + i : stray;
                strayEnd = block.offset() + i + 1;
            }
        }
    }

    /** There is no fragment where one should be: the last one that was being written, or damage if something follows. */
    private void unreadable(Blocks.Block block, ByteBuffer bytes, int at) {
        resumed(block.offset() + at);
        int behind = at + Frame.HEADER + Frame.aligned(bytes.getShort(at + 4) & 0xffff);
        boolean cut = behind > block.length() && behind <= Frame.BLOCK; // with the file
        wasWhole = bytes.getInt(at) != 0 && at < block.written() && !cut;
        end = block.offset() + at;
        stray = end;
        for (int i = at; i < block.length(); i++) {
            strayEnd = block.bytes()[i] != 0 ? block.offset() + i + 1 : strayEnd;
        }
    }

    /** Something was found behind what looked like the end: that was damage. */
    private void resumed(long offset) {
        if (end >= 0) {
            long from = end;
            end = -1;
            stray = -1;
            wasWhole = false;
            broken();
            visitor.fault(from, offset - from, "a part of a block cannot be read");
        }
    }

    private static boolean isZero(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
