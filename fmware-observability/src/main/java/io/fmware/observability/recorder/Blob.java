package io.fmware.observability.recorder;

import java.nio.ByteBuffer;

/** A content that is stored once in a segment. Immutable, as long as nobody changes the bytes. */
final class Blob {
    private final BlobId id;
    private final byte[] record;

    private Blob(BlobId id, byte[] record) {
        this.id = id;
        this.record = record;
    }

    static Blob of(BlobId id, byte[] content) {
        ByteBuffer record = ByteBuffer.allocate(BlobId.LENGTH + content.length);
        record.putLong(id.high()).putLong(id.low()).put(content);
        return new Blob(id, record.array());
    }

    /** The keyed hash of the content. */
    BlobId id() {
        return id;
    }

    /** The id and the content, as they stand in a record. */
    byte[] record() {
        return record;
    }
}
