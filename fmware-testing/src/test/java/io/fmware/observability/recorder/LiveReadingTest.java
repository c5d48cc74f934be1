package io.fmware.observability.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fmware.TimeSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Reading a segment while it is written. */
@Timeout(60)
class LiveReadingTest {
    private static final long SALT = 0x1234_5678_9abc_def0L;

    private static final int SEGMENTS = 200;
    private static final int RECORDS = 10_000;

    @TempDir
    Path directory;

    /** Expects numbers from 0 without a gap, and nothing damaged. */
    private static final class Numbers implements SegmentReader.Visitor {
        private long next;

        @Override
        public void record(byte kind, byte[] data, long offset) {
            assertThat(ByteBuffer.wrap(data).getLong()).isEqualTo(next++);
        }

        @Override
        public void fault(long offset, long length, String what) {
            throw new AssertionError(what + " at " + offset + ", " + length + " bytes, behind record " + next);
        }

        @Override
        public void torn(long offset, long length) {
            // what is being written
        }
    }

    private static void write(SegmentWriter writer, long from, long until) {
        for (long i = from; i < until; i++) {
            writer.write(Kind.EVENT, ByteBuffer.allocate(16).putLong(i).array(), 16);
        }
    }

    private FileChannel open(String name) throws IOException {
        return FileChannel.open(directory.resolve(name), StandardOpenOption.READ);
    }

    @Test
    void what_is_written_behind_a_block_while_it_is_read_is_no_damage_of_the_block() throws IOException {
        SegmentWriter writer = SegmentWriter.create(directory.resolve("segment"), SALT, 8 * Frame.BLOCK);
        write(writer, 0, 100);
        Numbers numbers = new Numbers();
        try (FileChannel channel = open("segment")) {
            Blocks blocks = new PlainBlocks(channel, 0);
            new SegmentReader(SALT, numbers).read(new Blocks() {
                @Override
                public @Nullable Block next(Faults faults) throws IOException {
                    Block block = blocks.next(faults);
                    if (writer.records() == 100) {
                        write(writer, 100, 4_000); // into the next two blocks
                    }
                    return block;
                }

                @Override
                public void close() {}
            });
        }
        assertThat(numbers.next).isEqualTo(100);
    }

    @Test
    void a_segment_that_is_begun_while_the_one_before_it_is_read_is_left_for_the_next_time() throws IOException {
        LogSettings settings = new LogSettings(8 * Frame.BLOCK, Durability.PROCESS, 1L << 30, Duration.ofDays(1));
        AtomicLong written = new AtomicLong();
        List<Long> read = new ArrayList<>();
        try (FlightLog log = new FlightLog(directory, settings, TimeSource.system())) {
            append(log, written, 10);
            await().until(() -> SegmentFile.all(directory).size() == 2);
            Recording.in(directory)
                    .events(
                            event -> {
                                read.add(event.sequence());
                                append(log, written, 400); // into the next segment, and the one behind it
                            },
                            fault -> {
                                throw new AssertionError(fault);
                            });
        }
        assertThat(read).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
    }

    private static void append(FlightLog log, AtomicLong written, int count) {
        for (int i = 0; i < count; i++) {
            byte[] event = ("{\"n\":" + written.incrementAndGet() + ",\"x\":\"" + "x".repeat(900) + "\"}")
                    .getBytes(StandardCharsets.UTF_8);
            assertThat(log.append(event, event.length, List.of())).isTrue();
        }
    }

    @Test
    void who_reads_while_a_thread_writes_as_fast_as_it_can_finds_a_beginning_without_holes() throws Exception {
        for (int i = 0; i < SEGMENTS; i++) {
            String name = "segment" + i;
            SegmentWriter writer = SegmentWriter.create(directory.resolve(name), SALT, 8 * Frame.BLOCK);
            Thread writing = new Thread(() -> write(writer, 0, RECORDS));
            writing.start();
            long before = 0;
            try (FileChannel channel = open(name)) {
                boolean ended;
                do {
                    ended = !writing.isAlive();
                    Numbers numbers = new Numbers();
                    new SegmentReader(SALT, numbers).read(new PlainBlocks(channel, 0));
                    assertThat(numbers.next).isGreaterThanOrEqualTo(before);
                    before = numbers.next;
                } while (!ended);
            }
            assertThat(before).isEqualTo(RECORDS);
        }
    }
}
