package io.fmware.observability.recorder;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A content that is stored once in a segment. Its record is its id, the opener, which proves that the id is its own, and the
 * content. Immutable, as long as nobody changes the bytes.
 */
final class Blob {
    static final int OPENER = 16;

    private static final int HEADER = BlobId.LENGTH + OPENER;

    private final BlobId id;
    private final byte[] record;

    private Blob(BlobId id, byte[] record) {
        this.id = id;
        this.record = record;
    }

    static Blob of(byte[] digest, byte[] opener, byte[]... content) {
        BlobId id = id(digest, opener, 0);
        int length = 0;
        for (byte[] part : content) {
            length = Math.addExact(length, part.length);
        }
        ByteBuffer record = ByteBuffer.allocate(Math.addExact(HEADER, length));
        record.putLong(id.high()).putLong(id.low()).put(opener);
        for (byte[] part : content) {
            record.put(part);
        }
        return new Blob(id, record.array());
    }

    private static BlobId id(byte[] digest, byte[] opener, int from) {
        MessageDigest id = Sha256.begin();
        id.update(opener, from, OPENER);
        id.update(digest);
        return BlobId.of(id.digest());
    }

    /** Reads a record, {@code null} where it is too short for one. */
    static @Nullable Blob read(byte[] record) {
        return record.length < HEADER ? null : new Blob(BlobId.of(record), record);
    }

    /** Of the content, made with its opener. */
    BlobId id() {
        return id;
    }

    /** The id, the opener and the content, as they stand in a record. */
    byte[] record() {
        return record;
    }

    /** What proves that the id is that of the content. */
    byte[] opener() {
        return Arrays.copyOfRange(record, BlobId.LENGTH, HEADER);
    }

    /** How long the content is, in bytes. */
    int length() {
        return record.length - HEADER;
    }

    String text() {
        return new String(record, HEADER, length(), StandardCharsets.UTF_8);
    }

    /** Whether the content is the one that its id was made of. */
    boolean isGenuine() {
        return id(Sha256.of(Arrays.copyOfRange(record, HEADER, record.length)), record, BlobId.LENGTH)
                .equals(id);
    }
}
