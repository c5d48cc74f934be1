package io.fmware.observability.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import io.fmware.TimeSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damage to segments of a process that was killed, which are not sealed; and segments of another version. */
class DamageTest {
    private static final int SEGMENT = 8 * Frame.BLOCK;
    private static final LogSettings SETTINGS =
            new LogSettings(SEGMENT, Durability.PROCESS, 1L << 30, Duration.ofDays(30));
    private static final String NAME = "20261122T120000.000000000Z-%016x-%016x";
    private static final int EVENTS = 20;

    @TempDir
    Path flights;

    private final List<Long> events = new ArrayList<>();
    private final List<Fault> faults = new ArrayList<>();
    private final List<int[]> places = new ArrayList<>();
    private Path segment;

    @BeforeEach
    void a_process_was_killed() throws IOException {
        segment = written(1);
    }

    /** A segment in which some events of one block stand, not sealed. */
    private Path written(long writer) throws IOException {
        Path file = flights.resolve(String.format(NAME, writer, writer) + ".flight");
        SegmentWriter open = SegmentWriter.create(file, writer, SEGMENT);
        byte[] head = "{\"writer\":\"x\"}".getBytes(StandardCharsets.UTF_8);
        open.write(Kind.HEAD, head, head.length);
        places.clear();
        for (int i = 1; i <= EVENTS; i++) {
            byte[] event = ("{\"t\":\"tick\",\"r\":\"" + writer + "\",\"n\":" + i + ",\"x\":\"" + "x".repeat(10 * i)
                            + "\"}")
                    .getBytes(StandardCharsets.UTF_8);
            int from = open.position();
            open.write(Kind.EVENT, event, event.length);
            places.add(new int[] {from, from + Frame.HEADER + event.length});
        }
        return file;
    }

    private void read() throws IOException {
        events.clear();
        faults.clear();
        Recording.in(flights).events(event -> events.add(event.sequence()), faults::add);
    }

    private static List<Long> allBut(int missing) {
        List<Long> numbers = new ArrayList<>();
        for (long i = 1; i <= EVENTS; i++) {
            if (i != missing) {
                numbers.add(i);
            }
        }
        return numbers;
    }

    @Test
    void each_flipped_bit_of_a_segment_that_is_not_sealed_costs_one_event_and_is_told() throws IOException {
        byte[] whole = Files.readAllBytes(segment);
        read();
        assertThat(events).isEqualTo(allBut(0));
        assertThat(faults).isEmpty();
        for (int i = 1; i <= EVENTS; i++) {
            for (int at = places.get(i - 1)[0]; at < places.get(i - 1)[1]; at += 3) {
                byte[] damaged = whole.clone();
                damaged[at] ^= (byte) (1 << (at % 8));
                Files.write(segment, damaged);

                read();

                assertThat(events).as("at %s", at).isEqualTo(allBut(i));
                assertThat(faults)
                        .as("at %s", at)
                        .singleElement()
                        .extracting(Fault::what)
                        .isEqualTo("a part of a block cannot be read");
            }
        }
    }

    @Test
    void a_sector_of_zeros_costs_what_stood_there_and_is_told() throws IOException {
        byte[] whole = Files.readAllBytes(segment);
        Arrays.fill(whole, 512, 1024, (byte) 0);
        Files.write(segment, whole);

        read();

        long before = places.stream().filter(each -> each[1] <= 512).count();
        long behind = places.stream().filter(each -> each[0] >= 1024).count();
        assertThat(before).isPositive();
        assertThat(behind).isPositive();
        assertThat(events).hasSize((int) (before + behind));
        assertThat(faults).hasSize(1);
    }

    @Test
    void a_record_that_was_not_written_to_its_end_is_no_damage() throws IOException {
        byte[] whole = Files.readAllBytes(segment);
        int[] last = places.get(EVENTS - 1);
        for (int at = last[0]; at < last[0] + 4; at++) {
            whole[at] = 0; // its checksum is written last
        }
        for (int until = last[1]; until >= last[0] + 4; until--) {
            Files.write(segment, whole);

            read();

            assertThat(events).as("until %s", until).isEqualTo(allBut(EVENTS));
            assertThat(faults).as("until %s", until).isEmpty();
            whole[until - 1] = 0;
        }
    }

    @Test
    void what_is_damaged_stays_as_it_is_when_the_next_process_puts_the_directory_in_order() throws IOException {
        byte[] damaged = Files.readAllBytes(segment);
        damaged[places.get(3)[0] + 9] ^= 1;
        Files.write(segment, damaged);

        new FlightLog(flights, SETTINGS, TimeSource.system()).close();

        assertThat(Files.readAllBytes(segment)).isEqualTo(damaged);
        read();
        assertThat(events).isEqualTo(allBut(4));
        assertThat(faults).hasSize(1);
    }

    @Test
    void a_segment_that_was_cut_is_told_for_ever() throws IOException {
        byte[] whole = Files.readAllBytes(segment);
        for (int length : new int[] {1, 31, 32, 40, places.get(0)[0], places.get(0)[0] + 1, places.get(0)[1], 2_000}) {
            Files.write(segment, Arrays.copyOf(whole, length));
            read();
            assertThat(faults).as("cut to %s", length).isNotEmpty();
            List<Fault> told = List.copyOf(faults);
            List<Long> left = List.copyOf(events);

            new FlightLog(flights, SETTINGS, TimeSource.system()).close();

            read();
            assertThat(faults).as("cut to %s, and put in order", length).isEqualTo(told);
            assertThat(events).isEqualTo(left);
            for (SegmentFile each : SegmentFile.in(flights)) {
                Files.delete(each.path());
            }
        }
    }

    @Test
    void a_segment_of_a_newer_version_is_told_left_as_it_is_and_those_beside_it_are_read() throws IOException {
        byte[] newer = Files.readAllBytes(segment);
        ByteBuffer.wrap(newer).put(new SegmentHeader(2, false, SEGMENT, 1, 0).bytes());
        Files.write(segment, newer);
        Path packed = flights.resolve(String.format(NAME, 3, 3) + ".flightz");
        Files.write(
                packed,
                Arrays.copyOf(new SegmentHeader(2, true, SEGMENT, 3, 1).bytes().array(), 99));
        written(2);
        List<String> expected = List.of(
                segment.getFileName() + ", bytes 0 to " + SEGMENT
                        + ": the segment is of version 2 of the format, and this reads versions up to 1; read it with a newer FMware",
                packed.getFileName()
                        + ", bytes 0 to 99: the segment is of version 2 of the format, and this reads versions up to 1; read it with a newer FMware");

        read();
        assertThat(faults).extracting(Fault::toString).containsExactlyElementsOf(expected);
        assertThat(events).isEqualTo(allBut(0));

        new FlightLog(flights, SETTINGS, TimeSource.system()).close();

        assertThat(Files.readAllBytes(segment)).isEqualTo(newer);
        assertThat(packed).hasSize(99);
        read();
        assertThat(faults).extracting(Fault::toString).containsExactlyElementsOf(expected);
        assertThat(events).isEqualTo(allBut(0));
    }
}
