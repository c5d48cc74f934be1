package io.fmware.observability.recorder;

import java.nio.file.Path;

/**
 * Something that is not as it was written, or was not written. Immutable.
 *
 * @param segment the file
 * @param offset where in the segment as it was written, in bytes
 * @param length how much of it, in bytes
 * @param what what is wrong
 */
public record Fault(Path segment, long offset, long length, String what) {

    @Override
    public String toString() {
        return segment.getFileName() + ", bytes " + offset + " to " + (offset + length) + ": " + what;
    }
}
