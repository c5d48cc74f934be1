package io.fmware.observability.recorder;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * How records lie in a segment: in blocks of 32 KiB, cut into fragments that never cross the end of a block, as in the log of
 * LevelDB (google/leveldb, doc/log_format.md). Damage costs what stands there; reading goes on with
 * the next fragment in the block that is whole, or the next block.
 *
 * <p>A fragment is a header of eight bytes, little endian, and its data, filled up with zeros to a multiple of eight:
 *
 * <pre>
 * 0  4  CRC-32C of the salt of the segment, the offset of the fragment, the rest of the header, and the data with its zeros
 * 4  2  length of the data
 * 6  1  part: 1 whole record, 2 first, 3 middle, 4 last fragment
 * 7  1  kind of record
 * </pre>
 *
 * <p>The salt is drawn for each segment: who writes into a field of an event cannot make a fragment that is taken for one.
 */
final class Frame {
    static final int BLOCK = 1 << 15;
    static final int HEADER = 8;
    static final int ALIGNMENT = 8;
    /** The most data in one fragment. */
    static final int MOST = BLOCK - HEADER;

    static final byte WHOLE = 1;
    static final byte FIRST = 2;
    static final byte MIDDLE = 3;
    static final byte LAST = 4;

    private Frame() {}

    /** The next multiple of eight. */
    static int aligned(int length) {
        return (length + ALIGNMENT - 1) & -ALIGNMENT;
    }

    /** How many bytes a record takes that begins at an offset: headers, zeros and the rest of a block that holds no more. */
    static long size(long offset, long length) {
        long at = offset;
        long left = length;
        do {
            long room = BLOCK - (at & (BLOCK - 1));
            if (room <= HEADER) {
                at += room;
                room = BLOCK;
            }
            long part = Math.min(left, room - HEADER);
            at += HEADER + ((part + ALIGNMENT - 1) & -ALIGNMENT);
            left -= part;
        } while (left > 0);
        return at - offset;
    }

    /** Computes checksums of fragments. Not thread-safe. */
    static final class Checksum {
        private final CRC32C crc = new CRC32C();
        private final ByteBuffer before = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);

        Checksum(long salt) {
            before.putLong(0, salt);
        }

        /**
         * The checksum of a fragment.
         *
         * @param offset where its header stands in the segment
         * @param tail the last four bytes of its header
         */
        int of(long offset, int tail, byte[] data, int from, int length) {
            before.putLong(8, offset);
            before.putInt(16, tail);
            crc.reset();
            crc.update(before.array());
            crc.update(data, from, length);
            for (int i = length; i < aligned(length); i++) {
                crc.update(0);
            }
            return (int) crc.getValue();
        }
    }

    static int tail(int length, byte part, byte kind) {
        return length | part << 16 | kind << 24;
    }
}
