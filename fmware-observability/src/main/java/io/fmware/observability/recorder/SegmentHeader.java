package io.fmware.observability.recorder;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The first 32 bytes of a segment, little endian: the word {@code FMFLIGHT} in ASCII, the version of the format (2 bytes), the
 * form (2 bytes: 0 as written, 1 compressed), the size for which the file was made (4 bytes), the salt (8 bytes), the number of
 * blocks of a compressed segment (4 bytes, else 0), and the CRC-32C of these 28 bytes.
 *
 * @param version the version of the format
 * @param compressed whether the blocks are compressed
 * @param size the size for which the file was made, in bytes
 * @param salt what checksums begin with
 * @param blocks how many blocks there are in a compressed segment
 */
record SegmentHeader(int version, boolean compressed, int size, long salt, int blocks) {
    static final int LENGTH = 32;
    static final int VERSION = 1;

    private static final byte[] WORD = {'F', 'M', 'F', 'L', 'I', 'G', 'H', 'T'};
    private static final int CHECKED = LENGTH - 4;

    ByteBuffer bytes() {
        ByteBuffer bytes = ByteBuffer.allocate(LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(WORD)
                .putShort((short) version)
                .putShort((short) (compressed ? 1 : 0))
                .putInt(size)
                .putLong(salt)
                .putInt(blocks);
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), 0, CHECKED);
        return bytes.putInt((int) crc.getValue()).flip();
    }

    /** Reads a header, {@code null} where it is damaged or none. */
    static @Nullable SegmentHeader of(byte[] from) {
        if (from.length < LENGTH) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.wrap(from).order(ByteOrder.LITTLE_ENDIAN);
        CRC32C crc = new CRC32C();
        crc.update(from, 0, CHECKED);
        if (bytes.getInt(CHECKED) != (int) crc.getValue()) {
            return null;
        }
        for (byte each : WORD) {
            if (bytes.get() != each) {
                return null;
            }
        }
        int version = Short.toUnsignedInt(bytes.getShort());
        boolean compressed = bytes.getShort() == 1;
        return new SegmentHeader(version, compressed, bytes.getInt(), bytes.getLong(), bytes.getInt());
    }
}
