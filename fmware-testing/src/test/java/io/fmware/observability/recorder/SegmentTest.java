package io.fmware.observability.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentTest {
    private static final long SALT = 0x1234_5678_9abc_def0L;
    private static final int SIZE = 8 * Frame.BLOCK;

    @TempDir
    Path directory;

    /** What was read from a segment. */
    private static final class Read implements SegmentReader.Visitor {
        final List<byte[]> records = new ArrayList<>();
        final List<long[]> faults = new ArrayList<>();
        final List<long[]> torn = new ArrayList<>();

        @Override
        public void record(byte kind, byte[] data, long offset) {
            records.add(data);
        }

        @Override
        public void fault(long offset, long length, String what) {
            faults.add(new long[] {offset, length});
        }

        @Override
        public void torn(long offset, long length) {
            torn.add(new long[] {offset, length});
        }
    }

    private static Read read(Path file) throws IOException {
        Read read = new Read();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            new SegmentReader(SALT, read).read(new PlainBlocks(channel, 0));
        }
        return read;
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Writes records of random lengths, among them empty ones and such that are longer than a block. */
    private List<byte[]> written(SegmentWriter writer) {
        Random random = new Random(1);
        List<byte[]> all = new ArrayList<>();
        while (true) {
            int length = random.nextInt(20) == 0 ? random.nextInt(70_000) : random.nextInt(2_000);
            if (!writer.hasRoom(length, 1)) {
                return all;
            }
            byte[] record = bytes(random, length);
            writer.write(Kind.EVENT, record, record.length);
            all.add(record);
        }
    }

    @Test
    void what_is_written_is_read_while_the_segment_is_open_and_when_it_is_closed() throws IOException {
        Path file = directory.resolve("segment");
        SegmentWriter writer = SegmentWriter.create(file, SALT, SIZE);
        List<byte[]> written = written(writer);

        Read open = read(file);
        writer.close();
        Read closed = read(file);

        assertThat(written).hasSizeGreaterThan(50);
        assertThat(open.records).usingRecursiveComparison().isEqualTo(written);
        assertThat(closed.records).usingRecursiveComparison().isEqualTo(written);
        assertThat(open.faults).isEmpty();
        assertThat(open.torn).isEmpty();
        assertThat(closed.faults).isEmpty();
        assertThat(closed.torn).isEmpty();
    }

    @Test
    void each_flipped_bit_costs_only_what_stands_in_its_block_and_is_told() throws IOException {
        Path file = directory.resolve("segment");
        SegmentWriter writer = SegmentWriter.create(file, SALT, SIZE);
        List<byte[]> written = written(writer);
        writer.close();
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(2);

        for (int i = 0; i < 1_000; i++) {
            int at = SegmentHeader.LENGTH + random.nextInt(whole.length - SegmentHeader.LENGTH);
            byte[] damaged = whole.clone();
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, damaged);

            Read read = read(file);

            assertThat(read.faults.size() + read.torn.size())
                    .as("told at %s", at)
                    .isPositive();
            Set<ByteBuffer> found = wrapped(read.records);
            assertThat(wrapped(written)).containsAll(found);
            assertThat(found).as("kept at %s", at).containsAll(wrapped(outside(written, at / Frame.BLOCK)));
        }
    }

    private static Set<ByteBuffer> wrapped(List<byte[]> records) {
        return records.stream().map(ByteBuffer::wrap).collect(Collectors.toSet());
    }

    /** The records of which no byte stands in a block. */
    private static List<byte[]> outside(List<byte[]> written, int block) {
        List<byte[]> outside = new ArrayList<>();
        long at = SegmentHeader.LENGTH;
        for (byte[] each : written) {
            long next = at + Frame.size(at, each.length);
            if (next <= (long) block * Frame.BLOCK || at >= (block + 1L) * Frame.BLOCK) {
                outside.add(each);
            }
            at = next;
        }
        return outside;
    }
}
