package io.fmware.observability.recorder;

import java.util.List;

/** An event as it is stored: its skeleton, and the contents that it names. Immutable, as long as nobody changes the bytes. */
final class StoredEvent {
    private final byte[] skeleton;
    private final List<Blob> contents;

    StoredEvent(byte[] skeleton, List<Blob> contents) {
        this.skeleton = skeleton;
        this.contents = List.copyOf(contents);
    }

    /** JSON, UTF-8. */
    byte[] skeleton() {
        return skeleton;
    }

    List<Blob> contents() {
        return contents;
    }
}
