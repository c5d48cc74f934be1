package io.fmware.observability.recorder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/** The blocks of a segment as it was written. */
final class PlainBlocks implements Blocks {
    private final FileChannel channel;
    private long at;

    /**
     * @param from the offset of the block to begin with
     */
    PlainBlocks(FileChannel channel, long from) {
        this.channel = channel;
        this.at = from;
    }

    @Override
    public @Nullable Block next(Faults faults) throws IOException {
        byte[] bytes = new byte[Frame.BLOCK];
        ByteBuffer into = ByteBuffer.wrap(bytes);
        long offset = at;
        SegmentFile.readAll(channel, into, offset);
        at += into.position();
        return into.position() == 0 ? null : new Block(offset, bytes, into.position());
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
