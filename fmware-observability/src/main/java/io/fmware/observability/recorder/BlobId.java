package io.fmware.observability.recorder;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

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

    /** Reads an id as it stands in events, {@code null} where it is none. */
    static @Nullable BlobId parsed(String text) {
        if (text.length() != 2 * LENGTH) {
            return null;
        }
        try {
            return new BlobId(
                    HexFormat.fromHexDigitsToLong(text, 0, LENGTH),
                    HexFormat.fromHexDigitsToLong(text, LENGTH, 2 * LENGTH));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
    }
}
