package io.fmware.observability.recorder;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * The id of a content, see {@link ContentIds}: the first 16 bytes of a hash.
 *
 * @param high the first eight bytes
 * @param low the other eight
 */
record BlobId(long high, long low) {
    static final int LENGTH = 16;

    static BlobId of(byte[] from) {
        ByteBuffer bytes = ByteBuffer.wrap(from);
        return new BlobId(bytes.getLong(), bytes.getLong());
    }

    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
    }
}
