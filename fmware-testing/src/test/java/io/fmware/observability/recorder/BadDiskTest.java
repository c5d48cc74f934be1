package io.fmware.observability.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fmware.testing.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Disks that are full, and directories that nothing can be written into. */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
class BadDiskTest {
    private static final int SEGMENT = 8 * Frame.BLOCK;
    private static final String LOSES = "the flight recorder loses events";

    @TempDir
    Path directory;

    private Path flights;
    private final ManualClock clock = ManualClock.create();
    private final Random random = new Random(5);
    private final List<Long> recorded = new ArrayList<>();
    private long number;

    @BeforeEach
    void somewhere() throws IOException {
        flights = Files.createDirectory(directory.resolve("flights"));
    }

    private FlightRecorder open() throws IOException {
        return FlightRecorder.builder(flights)
                .content(ContentRule.all())
                .segmentBytes(SEGMENT)
                .time(clock)
                .open();
    }

    /** Records an event of about a kilobyte; returns whether it was recorded. */
    private boolean tick(FlightRecorder recorder) {
        long before = recorder.lost();
        recorder.event(Ticks.thought("run", ++number, Ticks.noise(random, 1_000)));
        if (recorder.lost() == before) {
            recorded.add(number);
            return true;
        }
        return false;
    }

    private void awaitSegments(int count) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> SegmentFile.all(flights).stream()
                                .filter(each -> each.size() == SEGMENT)
                                .count()
                        == count);
    }

    private List<Long> read() throws IOException {
        List<Long> numbers = new ArrayList<>();
        List<Fault> faults = new ArrayList<>();
        Recording.in(flights).events(event -> numbers.add(event.sequence()), faults::add);
        assertThat(faults).as("none but told losses").allMatch(each -> each.kind() == Fault.Kind.LOST);
        return numbers;
    }

    @Test
    void a_full_disk_loses_events_counts_them_says_so_once_and_the_recording_tells_it_when_there_is_room_again()
            throws Exception {
        try (SmallDisk disk = SmallDisk.over(flights, "size=3m")) {
            assertThat(disk).isNotNull();
            List<String> said = Said.during(LOSES, () -> {
                try (FlightRecorder recorder = open()) {
                    tick(recorder);
                    awaitSegments(2);
                    Path filler = SmallDisk.fill(flights);

                    while (tick(recorder)) {
                        assertThat(number).isLessThan(1_000);
                    }
                    assertThat(number).as("two segments were taken before").isGreaterThan(2 * SEGMENT / 1_400);
                    for (int i = 0; i < 9; i++) {
                        assertThat(tick(recorder)).isFalse();
                    }
                    assertThat(recorder.lost()).isEqualTo(10);
                    assertThat(read()).isEqualTo(recorded);

                    Files.delete(filler);
                    clock.advance(Duration.ofSeconds(2));
                    for (int i = 0; i < 200; i++) {
                        assertThat(tick(recorder)).isTrue();
                    }
                    assertThat(recorder.lost()).isEqualTo(10);
                    assertThat(Ticks.records(flights, Kind.LOSS))
                            .containsExactly("{\"records\":10,\"why\":\"no segment can be made in " + flights + "\"}");
                    assertThat(read()).isEqualTo(recorded);
                }
            });
            assertThat(said)
                    .singleElement()
                    .asString()
                    .contains("the flight recorder loses events: no segment can be made in " + flights
                            + "; the application goes on, and this is logged once");
            assertThat(Ticks.files(flights))
                    .as("nothing half compressed takes room")
                    .noneMatch(each -> each.endsWith(".tmp"));
            open().close();
            assertThat(Ticks.files(flights)).allMatch(each -> each.endsWith(".flightz"));
            assertThat(read()).isEqualTo(recorded);
        }
    }

    @Test
    void what_was_taken_of_a_disk_is_written_to_its_end_when_the_disk_is_full() throws Exception {
        try (SmallDisk disk = SmallDisk.over(flights, "size=3m")) {
            assertThat(disk).isNotNull();
            SegmentWriter writer = SegmentWriter.create(flights.resolve("segment"), 7, SEGMENT);
            SmallDisk.fill(flights);
            byte[] record = new byte[1_000];
            random.nextBytes(record);

            while (writer.hasRoom(record.length, 1)) {
                writer.write(Kind.EVENT, record, record.length);
            }

            writer.force(SEGMENT);
            assertThat(writer.position()).isGreaterThan(SEGMENT - 4_000);
            assertThatThrownBy(() -> SegmentWriter.create(flights.resolve("another"), 8, SEGMENT))
                    .isInstanceOf(IOException.class)
                    .hasMessage("No space left on device");
            assertThat(flights.resolve("another")).doesNotExist();
        }
    }

    @Test
    void a_directory_that_nothing_can_be_written_into_is_named_when_it_is_opened() throws Exception {
        try (SmallDisk disk = SmallDisk.over(flights, "ro")) {
            assertThat(disk).isNotNull();
            assertThatThrownBy(() -> FlightRecorder.open(flights))
                    .isInstanceOf(IOException.class)
                    .hasMessage("nothing can be recorded in " + flights + ": Read-only file system");
        }
    }

    @Test
    void a_directory_of_somebody_else_is_named_when_it_is_opened() throws Exception {
        org.junit.jupiter.api.Assumptions.assumeFalse(
                "root".equals(System.getProperty("user.name")), "nothing is forbidden to the superuser");
        Files.setPosixFilePermissions(flights, PosixFilePermissions.fromString("r-xr-xr-x"));

        assertThatThrownBy(() -> FlightRecorder.open(flights))
                .isInstanceOf(IOException.class)
                .hasMessage("nothing can be recorded in " + flights + ": AccessDeniedException");
    }

    @Test
    void a_full_disk_is_named_when_it_is_opened_and_nothing_is_left_there() throws Exception {
        try (SmallDisk disk = SmallDisk.over(flights, "size=128k")) {
            assertThat(disk).isNotNull();
            assertThatThrownBy(this::open)
                    .isInstanceOf(IOException.class)
                    .hasMessage("nothing can be recorded in " + flights + ": No space left on device");
            assertThat(Ticks.files(flights)).isEmpty();
        }
    }

    @Test
    void a_directory_that_becomes_read_only_loses_events_until_it_can_be_written_again() throws Exception {
        List<String> said = Said.during(LOSES, () -> {
            try (FlightRecorder recorder = open()) {
                tick(recorder);
                awaitSegments(2);
                try (SmallDisk over = SmallDisk.over(flights, "ro")) {
                    assertThat(over).isNotNull();
                    while (tick(recorder)) {
                        assertThat(number).isLessThan(1_000);
                    }
                    for (int i = 0; i < 100; i++) {
                        assertThat(tick(recorder)).isFalse();
                        clock.advance(Duration.ofSeconds(2)); // tried again each time
                    }
                    assertThat(recorder.lost()).isEqualTo(101);
                }
                assertThat(tick(recorder)).isTrue();
                assertThat(Ticks.records(flights, Kind.LOSS))
                        .containsExactly("{\"records\":101,\"why\":\"no segment can be made in " + flights + "\"}");
            }
        });
        assertThat(said).hasSize(1);
        assertThat(read()).isEqualTo(recorded);
    }
}
