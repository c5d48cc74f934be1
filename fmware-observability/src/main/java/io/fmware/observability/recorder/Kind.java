package io.fmware.observability.recorder;

/** The kinds of records in a segment. Numbers are never given a second meaning; a reader passes over those it does not know. */
final class Kind {
    /** Who wrote the segment, as JSON; the first record. */
    static final byte HEAD = 1;
    /** An event, as JSON. */
    static final byte EVENT = 2;
    /** A content: 16 bytes of id, 16 of opener, then UTF-8. */
    static final byte CONTENT = 3;
    /** Events and contents that were lost, as JSON: how many, and why. */
    static final byte LOSS = 4;
    /** The end of a segment, as JSON: how many records stand before it. The last record. */
    static final byte SEAL = 5;
    /** What was erased here, as JSON: how many events and contents, how many damaged bytes went with them, and when. */
    static final byte ERASED = 6;

    private Kind() {}
}
