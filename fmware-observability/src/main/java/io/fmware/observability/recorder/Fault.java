package io.fmware.observability.recorder;

import java.nio.file.Path;

/**
 * Something that is not as it was written, was not written, or is not there any more. Immutable.
 *
 * @param kind what it is about
 * @param segment the file
 * @param offset where in the segment as it was written, in bytes
 * @param length how much of it, in bytes
 * @param what what is wrong
 */
public record Fault(Kind kind, Path segment, long offset, long length, String what) {

    /** What a fault is about. */
    public enum Kind {
        /** Bytes are not as they were written, or are missing. */
        DAMAGED,
        /** The recorder says that it could not record events. */
        LOST,
        /** Events were erased on purpose. */
        ERASED,
        /** A newer version of FMware wrote it, and can read it. */
        NEWER
    }

    @Override
    public String toString() {
        return segment.getFileName() + ", bytes " + offset + " to " + (offset + length) + ": " + what;
    }
}
