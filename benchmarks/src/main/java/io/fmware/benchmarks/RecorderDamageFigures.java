package io.fmware.benchmarks;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.fmware.FmPipeline;
import io.fmware.observability.recorder.ContentRule;
import io.fmware.observability.recorder.FlightRecorder;
import io.fmware.observability.recorder.RecorderSegment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Cuts a recorded segment at every byte and flips bits in it at random. Two things count: an event of which no byte stands in what was
 * damaged, and that is not given byte for byte; and an event that is missing or changed where no fault is told. An exception ends
 * the measurement.
 */
final class RecorderDamageFigures implements FigureGroup {
    private static final String DAMAGE = "recorder.damage";
    private static final int BLOCK = 1 << 15;
    private static final int FLIPS = 100_000;
    private static final int CALLS = 60;

    private long cuts;
    private long flips;
    private long lostBeyond;
    private long notTold;

    @Override
    public List<String> names() {
        return List.of(DAMAGE);
    }

    @Override
    public void measure(Set<String> wanted, Output output) throws Exception {
        Path memory = Path.of("/dev/shm");
        Path directory = Files.isWritable(memory)
                ? Files.createTempDirectory(memory, "damage")
                : Files.createTempDirectory("damage");
        try {
            Path live = record(directory.resolve("flights"));
            Path packed;
            try (Stream<Path> files = Files.list(directory.resolve("flights"))) {
                packed = files.filter(file -> file.toString().endsWith(".flightz"))
                        .findFirst()
                        .orElseThrow();
            }
            Path sealed = sealed(live, packed, directory);
            Random random = new Random(1);
            cut(sealed, false);
            cut(packed, true);
            flip(live, false, random, FLIPS / 2);
            flip(sealed, false, random, FLIPS / 4);
            flip(packed, true, random, FLIPS / 4);
            output.print(new Figure(
                    DAMAGE,
                    lostBeyond + notTold,
                    "count",
                    "events lost beyond the damage " + lostBeyond + ", events missing or changed without a fault told "
                            + notTold + "; a segment of "
                            + RecorderSegment.read(packed).events().size() + " events cut at each of " + cuts
                            + " lengths from 1 byte (sealed and compressed), " + flips
                            + " flipped bits, seed 1, half of them in the segment as a kill leaves it; beyond: of which no "
                            + "byte stands in the damaged block of 32 KiB, or behind the cut; no exception; "
                            + Jdk.running()));
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path each :
                        files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                    Files.delete(each);
                }
            }
        }
    }

    /** Records; returns a copy of the segment as it was when the recorder was still open, which is how a kill leaves it. */
    private static Path record(Path flights) throws IOException {
        try (FlightRecorder recorder = FlightRecorder.builder(flights)
                        .content(ContentRule.all())
                        .segmentBytes(256 << 10)
                        .open();
                FmPipeline pipeline = FmPipeline.builder().watch(recorder).build()) {
            ChatModel model = pipeline.wrap(new ChatModel() {
                @Override
                public ChatResponse doChat(ChatRequest request) {
                    return ChatResponse.builder()
                            .aiMessage(AiMessage.from("A transfer costs nothing."))
                            .build();
                }
            });
            for (int i = 0; i < CALLS; i++) {
                model.chat("What does transfer " + i + " cost?");
            }
            try (Stream<Path> files = Files.list(flights)) {
                Path segment = files.filter(file -> file.toString().endsWith(".flight"))
                        .sorted()
                        .findFirst()
                        .orElseThrow();
                Path copies = Files.createDirectory(flights.resolveSibling("live"));
                return Files.copy(segment, copies.resolve(String.valueOf(segment.getFileName())));
            }
        }
    }

    /** The segment sealed and cut off behind its end, as it stays where there is no room to compress it. */
    private static Path sealed(Path live, Path packed, Path directory) throws IOException {
        Path file = Files.createDirectory(directory.resolve("sealed")).resolve(String.valueOf(live.getFileName()));
        Files.write(file, RecorderSegment.unpacked(packed));
        return file;
    }

    private void cut(Path file, boolean isPacked) throws IOException {
        List<RecorderSegment.Found> whole = RecorderSegment.read(file).events();
        List<long[]> blocks = isPacked ? blocks(file) : List.of();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            byte[] bytes = Files.readAllBytes(file);
            for (long length = channel.size() - 1; length > 0; length--) {
                channel.truncate(length);
                check(whole, file, isPacked ? written(blocks, length) : length, Long.MAX_VALUE);
                cuts++;
            }
            channel.write(ByteBuffer.wrap(bytes), 0);
        }
    }

    private void flip(Path file, boolean isPacked, Random random, int times) throws IOException {
        RecorderSegment before = RecorderSegment.read(file);
        if (!before.faults().isEmpty() || before.events().size() < CALLS) {
            throw new IllegalStateException("the segment is not whole: " + before.faults());
        }
        List<RecorderSegment.Found> whole = before.events();
        List<long[]> blocks = isPacked ? blocks(file) : List.of();
        byte[] bytes = Files.readAllBytes(file);
        int written = bytes.length;
        while (bytes[written - 1] == 0) {
            written--;
        }
        int most = Math.min(bytes.length, written + 4096); // and what is behind the end
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int i = 0; i < times; i++) {
                int at = random.nextInt(most);
                byte flipped = (byte) (bytes[at] ^ 1 << random.nextInt(8));
                channel.write(ByteBuffer.wrap(new byte[] {flipped}), at);
                long[] damaged = isPacked ? damaged(blocks, at) : new long[] {at & -BLOCK, (at & -BLOCK) + BLOCK};
                check(whole, file, damaged[0], damaged[1]);
                channel.write(ByteBuffer.wrap(bytes, at, 1), at);
                flips++;
            }
        }
    }

    /** Reads, and compares with what was there, where what stands from an offset until another one may be missing. */
    private void check(List<RecorderSegment.Found> whole, Path file, long from, long until) throws IOException {
        RecorderSegment read = RecorderSegment.read(file);
        Set<RecorderSegment.Found> found = new HashSet<>(read.events());
        int there = 0;
        for (RecorderSegment.Found each : whole) {
            if (found.contains(each)) {
                there++;
            } else {
                lostBeyond += each.end() <= from || each.offset() >= until ? 1 : 0;
                notTold += read.faults().isEmpty() ? 1 : 0;
            }
        }
        notTold += found.size() > there || read.events().size() > there ? 1 : 0; // what was never written
    }

    /** Of each block of a compressed segment: where it begins in the file, and ends; where it does as it was written. */
    private static List<long[]> blocks(Path packed) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(packed)).order(ByteOrder.LITTLE_ENDIAN);
        List<long[]> blocks = new ArrayList<>();
        int at = 32;
        while (at < bytes.capacity()) {
            int end = at + 24 + ((bytes.getInt(at + 20) + 7) & -8);
            long offset = (long) bytes.getInt(at + 12) * BLOCK;
            blocks.add(new long[] {at, end, offset, offset + BLOCK});
            at = end;
        }
        return blocks;
    }

    private static long written(List<long[]> blocks, long length) {
        long until = 0;
        for (long[] each : blocks) {
            until = each[1] <= length ? each[3] : until;
        }
        return until;
    }

    private static long[] damaged(List<long[]> blocks, int at) {
        for (long[] each : blocks) {
            if (at >= each[0] && at < each[1]) {
                return new long[] {each[2], each[3]};
            }
        }
        return new long[] {0, 0}; // the header, by which nothing is lost
    }
}
