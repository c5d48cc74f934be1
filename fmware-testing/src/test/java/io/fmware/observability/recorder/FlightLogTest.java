package io.fmware.observability.recorder;

import static java.nio.file.attribute.PosixFilePermission.OWNER_EXECUTE;
import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fmware.TimeSource;
import io.fmware.testing.ManualClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class FlightLogTest {
    private static final ContentIds IDS = new ContentIds(new byte[16]);
    private static final int SEGMENT = 8 * Frame.BLOCK;
    private static final LogSettings SETTINGS =
            new LogSettings(SEGMENT, Durability.PROCESS, 1L << 30, Duration.ofDays(30));

    @TempDir
    Path flights;

    private final List<RecordedEvent> events = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();

    private FlightLog open(LogSettings settings) throws IOException {
        return new FlightLog(flights, settings, TimeSource.system());
    }

    private static byte[] event(long number, int filling) {
        return ("{\"t\":\"tick\",\"r\":\"run\",\"n\":" + number + ",\"x\":\"" + "x".repeat(filling) + "\"}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static boolean append(FlightLog log, long number, int filling) {
        byte[] event = event(number, filling);
        return log.append(event, event.length, List.of());
    }

    private void read() throws IOException {
        events.clear();
        faults.clear();
        Recording.in(flights).events(events::add, faults::add);
    }

    private List<String> files() throws IOException {
        try (Stream<Path> all = Files.list(flights)) {
            return all.map(each -> each.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void events_fill_segment_after_segment_which_are_compressed_and_read_as_one() throws IOException {
        try (FlightLog log = open(SETTINGS)) {
            for (int i = 1; i <= 2_000; i++) {
                assertThat(append(log, i, 900)).isTrue();
            }
            read();
            assertThat(events).hasSize(2_000);
            assertThat(faults).isEmpty();
        }
        read();
        assertThat(events).extracting(RecordedEvent::sequence).isSorted().hasSize(2_000);
        assertThat(faults).isEmpty();
        assertThat(files()).hasSizeGreaterThan(6).allMatch(each -> each.endsWith(".flightz"));
        assertThat(bytes()).as("of 2 MB").isLessThan(200_000);
    }

    private long bytes() throws IOException {
        try (Stream<Path> all = Files.list(flights)) {
            return all.mapToLong(each -> each.toFile().length()).sum();
        }
    }

    @Test
    void a_content_is_stored_once_in_each_segment_that_names_it() throws IOException {
        Blob prompt = IDS.named("a long prompt".getBytes(StandardCharsets.UTF_8));
        try (FlightLog log = open(SETTINGS)) {
            for (int i = 1; i <= 500; i++) {
                byte[] event = event(i, 900);
                log.append(event, event.length, List.of(prompt));
            }
        }
        assertThat(Recording.in(flights).contents(java.util.Set.of(prompt.id().toString())))
                .containsValue("a long prompt");
        int stored = 0;
        for (SegmentFile each : SegmentFile.in(flights)) {
            stored += count(each, Kind.CONTENT);
        }
        assertThat(stored).isEqualTo(SegmentFile.in(flights).size());
    }

    private static int count(SegmentFile file, byte wanted) throws IOException {
        int[] count = {0};
        try (var channel = java.nio.channels.FileChannel.open(file.path());
                Blocks blocks = new PackedBlocks(channel, file.header(), file.salt())) {
            new SegmentReader(file.salt(), new SegmentReader.Visitor() {
                        @Override
                        public void record(byte kind, byte[] data, long offset) {
                            count[0] += kind == wanted ? 1 : 0;
                        }

                        @Override
                        public void fault(long offset, long length, String what) {
                            throw new AssertionError(what);
                        }

                        @Override
                        public void torn(long offset, long length) {
                            throw new AssertionError("torn");
                        }
                    })
                    .read(blocks);
        }
        return count[0];
    }

    @Test
    void two_recorders_in_one_directory_do_not_disturb_each_other() throws IOException {
        try (FlightLog one = open(SETTINGS);
                FlightLog other = open(SETTINGS)) {
            for (int i = 1; i <= 1_000; i++) {
                assertThat(append(i % 2 == 0 ? one : other, i, 900)).isTrue();
            }
        }
        read();
        assertThat(events)
                .extracting(RecordedEvent::sequence)
                .doesNotHaveDuplicates()
                .hasSize(1_000);
        assertThat(faults).isEmpty();
    }

    @Test
    void where_no_segment_can_be_made_events_are_counted_and_the_next_segment_tells_how_many() throws IOException {
        ManualClock clock = ManualClock.create();
        try (FlightLog log = new FlightLog(flights, SETTINGS, clock)) {
            assertThat(append(log, 1, 10)).isTrue();
            Path elsewhere = flights.resolveSibling("elsewhere");
            Files.move(flights, elsewhere);
            long written = 1;
            while (append(log, written + 1, 900)) {
                written++;
            }
            assertThat(append(log, written + 2, 900)).isFalse();
            assertThat(log.lost()).isEqualTo(2);

            Files.move(elsewhere, flights);
            assertThat(append(log, written + 3, 900))
                    .as("not tried again at once")
                    .isFalse();
            clock.advance(Duration.ofSeconds(2));
            assertThat(append(log, written + 4, 900)).isTrue();
            assertThat(log.lost()).isEqualTo(3);
        }
    }

    @Test
    void an_event_that_is_larger_than_a_segment_is_lost_and_no_other() throws IOException {
        try (FlightLog log = open(SETTINGS)) {
            assertThat(append(log, 1, 10)).isTrue();
            assertThat(append(log, 2, SEGMENT)).isFalse();
            assertThat(append(log, 3, 10)).isTrue();
            assertThat(append(log, 4, SEGMENT - Frame.BLOCK)).isTrue();
            assertThat(log.lost()).isEqualTo(1);
        }
        read();
        assertThat(events).extracting(RecordedEvent::sequence).containsExactly(1L, 3L, 4L);
    }

    @Test
    void contents_that_are_together_larger_than_a_segment_are_spread_over_several() throws IOException {
        List<Blob> contents = new ArrayList<>();
        for (int i = 1; i <= 10; i++) {
            contents.add(IDS.named(new byte[SEGMENT / 4 + i]));
        }
        contents.add(IDS.named(new byte[SEGMENT]));
        byte[] event = event(1, 10);
        try (FlightLog log = open(SETTINGS)) {
            assertThat(log.append(event, event.length, contents)).isTrue();
            log.append(contents);
            assertThat(log.lost()).as("the last one, twice").isEqualTo(2);
        }
        read();
        assertThat(events).hasSize(1);
        assertThat(faults)
                .extracting(Fault::kind, Fault::what)
                .containsOnly(
                        tuple(
                                Fault.Kind.LOST,
                                "an event or a content was lost: a record of 262176 bytes is larger than the 257920 that a segment has room for"));
        assertThat(Recording.in(flights)
                        .contents(contents.stream()
                                .map(each -> each.id().toString())
                                .collect(Collectors.toSet())))
                .hasSize(10);
    }

    @Test
    void what_was_left_half_done_is_deleted_after_a_day() throws IOException {
        Path old = Files.writeString(flights.resolve("20260101T000000.000000000Z-a-b.erasing.tmp"), "half");
        Path young = Files.writeString(flights.resolve("20260101T000000.000000001Z-a-b.tmp"), "half");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(25))));

        new FlightLog(flights, SETTINGS, TimeSource.system()).close();

        assertThat(old).doesNotExist();
        assertThat(young).exists();
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void nobody_but_the_user_of_the_process_can_read_a_recording() throws IOException {
        Path own = flights.resolve("own");
        try (FlightLog log = new FlightLog(own, SETTINGS, TimeSource.system())) {
            append(log, 1, 10);
            assertThat(Files.getPosixFilePermissions(own)).containsOnly(OWNER_READ, OWNER_WRITE, OWNER_EXECUTE);
            try (Stream<Path> all = Files.list(own)) {
                assertThat(all)
                        .isNotEmpty()
                        .allSatisfy(each ->
                                assertThat(Files.getPosixFilePermissions(each)).containsOnly(OWNER_READ, OWNER_WRITE));
            }
        }
        try (Stream<Path> all = Files.list(own)) {
            assertThat(all)
                    .singleElement()
                    .satisfies(each ->
                            assertThat(Files.getPosixFilePermissions(each)).containsOnly(OWNER_READ, OWNER_WRITE));
        }
    }

    @Test
    void the_oldest_segments_go_where_there_is_too_much_of_them() throws IOException {
        LogSettings little = new LogSettings(SEGMENT, Durability.PROCESS, 300_000, Duration.ofDays(30));
        Random random = new Random(4);
        try (FlightLog log = open(little)) {
            byte[] noise = new byte[900];
            for (int i = 1; i <= 3_000; i++) {
                random.nextBytes(noise); // which cannot be compressed
                log.append(List.of(IDS.named(noise)));
                append(log, i, 10);
            }
        }
        read();
        assertThat(events).extracting(RecordedEvent::sequence).contains(3_000L).doesNotContain(1L);
        assertThat(bytes()).isLessThan(300_000);
    }

    @Test
    void segments_go_that_are_too_old() throws IOException {
        try (FlightLog log = open(SETTINGS)) {
            append(log, 1, 10);
        }
        for (SegmentFile each : SegmentFile.in(flights)) {
            Files.setLastModifiedTime(each.path(), FileTime.from(Instant.now().minus(Duration.ofDays(31))));
        }
        try (FlightLog log = open(SETTINGS)) {
            append(log, 2, 10);
        }
        read();
        assertThat(events).extracting(RecordedEvent::sequence).containsExactly(2L);
    }

    @Test
    void what_survives_the_loss_of_power_is_on_the_disk_when_it_is_acknowledged() throws IOException {
        LogSettings safe = new LogSettings(SEGMENT, Durability.POWER, 1L << 30, Duration.ofDays(30));
        try (FlightLog log = open(safe)) {
            for (int i = 1; i <= 300; i++) {
                assertThat(append(log, i, 900)).isTrue();
            }
        }
        read();
        assertThat(events).hasSize(300);
        assertThat(faults).isEmpty();
    }

    @Test
    void each_flipped_bit_of_a_compressed_segment_costs_only_its_block_and_is_told() throws IOException {
        try (FlightLog log = open(SETTINGS)) {
            for (int i = 1; i <= 200; i++) {
                append(log, i, 900);
            }
        }
        SegmentFile file = SegmentFile.in(flights).stream()
                .max(Comparator.comparingLong(SegmentFile::size))
                .orElseThrow();
        byte[] whole = Files.readAllBytes(file.path());
        read();
        int all = events.size();
        int inBlock = Frame.BLOCK / 900 + 2;
        for (int at = 0; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= (byte) (1 << (at % 8));
            Files.write(file.path(), damaged);

            read();

            assertThat(faults).as("told at %s", at).isNotEmpty();
            assertThat(events.size()).as("kept at %s", at).isGreaterThanOrEqualTo(all - inBlock);
        }
    }

    @Test
    void each_cut_of_a_compressed_segment_is_told() throws IOException {
        try (FlightLog log = open(SETTINGS)) {
            for (int i = 1; i <= 200; i++) {
                append(log, i, 900);
            }
        }
        SegmentFile file = SegmentFile.in(flights).get(0);
        byte[] whole = Files.readAllBytes(file.path());
        for (int length = 0; length < whole.length; length++) {
            Files.write(file.path(), java.util.Arrays.copyOf(whole, length));

            read();

            assertThat(faults).as("told at %s", length).isNotEmpty();
        }
    }
}
