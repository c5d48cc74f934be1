package io.fmware.observability.recorder;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of a compressed segment. Each stands by itself behind 24 bytes, little endian: the salt of the segment (8 bytes),
 * which also marks where a block begins where the one before it is damaged; the CRC-32C (4) of what follows; the number of the
 * block (4); the length of what it is uncompressed (4) and compressed (4). Then the block, deflated (RFC 1951), and zeros up to
 * a multiple of eight.
 */
final class PackedBlocks implements Blocks {
    private static final int HEADER = 24;
    private static final int CHECKED_FROM = 12;
    /** What deflate makes of a block at worst is a little more than the block. */
    private static final int MOST = Frame.BLOCK + 1024;

    private final FileChannel channel;
    private final SegmentHeader header;
    private final long salt;
    private final Inflater inflater = new Inflater(true);
    private long at = SegmentHeader.LENGTH;
    private int expected;

    PackedBlocks(FileChannel channel, SegmentHeader header, long salt) {
        this.channel = channel;
        this.header = header;
        this.salt = salt;
    }

    /** The bytes of a block in a compressed segment. */
    static ByteBuffer pack(byte[] block, int length, int number, long salt, Deflater deflater) {
        byte[] packed = new byte[MOST];
        deflater.reset();
        deflater.setInput(block, 0, length);
        deflater.finish();
        int count = deflater.deflate(packed);
        ByteBuffer bytes = ByteBuffer.allocate(HEADER + Frame.aligned(count)).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(salt)
                .putInt(0)
                .putInt(number)
                .putInt(length)
                .putInt(count)
                .put(packed, 0, count);
        bytes.putInt(8, checksum(bytes.array()));
        return bytes.rewind();
    }

    private static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, CHECKED_FROM, bytes.length - CHECKED_FROM);
        return (int) crc.getValue();
    }

    @Override
    public @Nullable Block next(Faults faults) throws IOException {
        long size = channel.size();
        long lost = -1;
        while (at + HEADER <= size) {
            Block block = blockAt(size);
            if (block == null) {
                lost = lost < 0 ? at : lost;
                at += Frame.ALIGNMENT;
                continue;
            }
            int number = (int) (block.offset() / Frame.BLOCK);
            if (lost >= 0 || number != expected) {
                faults.fault(
                        (long) expected * Frame.BLOCK,
                        (long) (number - expected) * Frame.BLOCK,
                        "a compressed block cannot be read");
            }
            expected = number + 1;
            return block;
        }
        if (expected < header.blocks() || lost >= 0 || at < size) {
            long missing = Math.max(1, header.blocks() - expected);
            faults.fault((long) expected * Frame.BLOCK, missing * Frame.BLOCK, "the end of the segment is missing");
            expected = header.blocks();
            at = size;
        }
        return null;
    }

    private @Nullable Block blockAt(long size) throws IOException {
        ByteBuffer head = ByteBuffer.wrap(read(at, HEADER)).order(ByteOrder.LITTLE_ENDIAN);
        if (head.getLong() != salt) {
            return null;
        }
        int crc = head.getInt();
        int number = head.getInt();
        int length = head.getInt();
        int count = head.getInt();
        if (number < expected
                || number >= header.blocks()
                || length < 0
                || length > Frame.BLOCK
                || count < 0
                || count > MOST
                || at + HEADER + Frame.aligned(count) > size) {
            return null;
        }
        byte[] whole = read(at, HEADER + Frame.aligned(count));
        if (crc != checksum(whole)) {
            return null;
        }
        byte[] block = new byte[Frame.BLOCK];
        inflater.reset();
        inflater.setInput(whole, HEADER, count);
        try {
            if (inflater.inflate(block) != length) {
                return null;
            }
        } catch (DataFormatException e) {
            return null; // which the checksum would have told, had it been written so
        }
        at += whole.length;
        return new Block((long) number * Frame.BLOCK, block, length);
    }

    private byte[] read(long from, int length) throws IOException {
        byte[] bytes = new byte[length];
        SegmentFile.readAll(channel, ByteBuffer.wrap(bytes), from);
        return bytes;
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        channel.close();
    }
}
