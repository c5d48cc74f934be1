package io.fmware.observability.recorder;

import io.fmware.event.EventOrigin;
import io.fmware.event.FmEvent;
import io.fmware.event.RunPath;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** Events that tests hand to a recorder, and what they find of them in its files. */
final class Ticks {
    static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private Ticks() {}

    static EventOrigin origin(String run, long number) {
        return new EventOrigin(run, RunPath.root("tick"), number, NOON);
    }

    static FmEvent started(String run) {
        return new FmEvent.RunStarted(origin(run, 1), "tick", Map.of());
    }

    /** An event with a content. */
    static FmEvent thought(String run, long number, String text) {
        return new FmEvent.Thought(origin(run, number), text);
    }

    /** A text that cannot be made much shorter by compressing. */
    static String noise(Random random, int length) {
        byte[] bytes = new byte[length * 3 / 4];
        random.nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** The names of the files of a recording. */
    static List<String> files(Path flights) throws IOException {
        try (Stream<Path> all = Files.list(flights)) {
            return all.map(each -> each.getFileName().toString()).sorted().toList();
        }
    }

    /** The records of one kind, as text, in the order in which they are read; nothing may be damaged. */
    static List<String> records(Path flights, byte wanted) throws IOException {
        List<String> found = new ArrayList<>();
        for (SegmentFile each : SegmentFile.in(flights)) {
            try (FileChannel channel = FileChannel.open(each.path())) {
                SegmentHeader header = SegmentFile.header(channel);
                if (header == null) {
                    continue; // it is being made
                }
                Blocks blocks =
                        each.packed() ? new PackedBlocks(channel, header, each.salt()) : new PlainBlocks(channel, 0);
                new SegmentReader(each.salt(), new SegmentReader.Visitor() {
                            @Override
                            public void record(byte kind, byte[] data, long offset) {
                                if (kind == wanted) {
                                    found.add(new String(data, StandardCharsets.UTF_8));
                                }
                            }

                            @Override
                            public void fault(long offset, long length, String what) {
                                throw new AssertionError(each.path() + ", " + offset + ": " + what);
                            }

                            @Override
                            public void torn(long offset, long length) {
                                // what is being written
                            }
                        })
                        .read(blocks);
            }
        }
        return found;
    }
}
