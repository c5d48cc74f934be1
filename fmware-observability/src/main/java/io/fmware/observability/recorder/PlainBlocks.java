package io.fmware.observability.recorder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of a segment as it was written; maybe while it is written. What was written when reading begins is read, and nothing
 * behind it: a block that is read before the next one was begun would seem to have lost its end.
 */
final class PlainBlocks implements Blocks {
    private final FileChannel channel;
    private long at;
    /** The last block with something in it, and how much of it there is. */
    private long last = -1;

    private int written;

    /**
     * @param from the offset of the block to begin with
     */
    PlainBlocks(FileChannel channel, long from) {
        this.channel = channel;
        this.at = from;
    }

    @Override
    public @Nullable Block next(Faults faults) throws IOException {
        if (last < 0) {
            findLast();
        }
        if (at > last) {
            return null;
        }
        byte[] bytes = new byte[Frame.BLOCK];
        long offset = at;
        int length = read(bytes, offset);
        at += Frame.BLOCK;
        return length == 0 ? null : new Block(offset, bytes, length, offset == last ? written : length);
    }

    private void findLast() throws IOException {
        byte[] bytes = new byte[Frame.BLOCK];
        last = Math.max(0, channel.size() - 1) & -Frame.BLOCK;
        while (true) {
            written = read(bytes, last);
            while (written > 0 && bytes[written - 1] == 0) {
                written--;
            }
            if (written > 0 || last == 0) {
                return;
            }
            last -= Frame.BLOCK;
        }
    }

    private int read(byte[] bytes, long from) throws IOException {
        ByteBuffer into = ByteBuffer.wrap(bytes);
        SegmentFile.readAll(channel, into, from);
        return into.position();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
