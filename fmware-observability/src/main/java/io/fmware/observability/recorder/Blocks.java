package io.fmware.observability.recorder;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The blocks of a segment, one after the other. Not thread-safe. */
interface Blocks extends Closeable {

    /**
     * The next block.
     *
     * @param faults told of what is damaged on the way
     * @return the block, {@code null} at the end
     */
    @Nullable
    Block next(Faults faults) throws IOException;

    /** A block. */
    final class Block {
        private final long offset;
        private final byte[] bytes;
        private final int length;
        private final int written;

        Block(long offset, byte[] bytes, int length) {
            this(offset, bytes, length, length);
        }

        Block(long offset, byte[] bytes, int length, int written) {
            this.offset = offset;
            this.bytes = bytes;
            this.length = length;
            this.written = written;
        }

        /** Where it stands in the segment as it was written. */
        long offset() {
            return offset;
        }

        byte[] bytes() {
            return bytes;
        }

        /** How much of the bytes belongs to it. */
        int length() {
            return length;
        }

        /** Where in the block a fragment may still begin; what begins behind that was written after reading had begun. */
        int written() {
            return written;
        }
    }

    /** Told of what is damaged. */
    interface Faults {
        void fault(long offset, long length, String what);
    }
}
