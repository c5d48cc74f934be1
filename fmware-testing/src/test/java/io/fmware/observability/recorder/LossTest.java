package io.fmware.observability.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.TimeSource;
import io.fmware.event.FmEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is too large or too much, and how it is told. */
class LossTest {
    private static final ContentIds IDS = new ContentIds(new byte[16]);
    private static final int SEGMENT = 8 * Frame.BLOCK;
    private static final LogSettings SETTINGS =
            new LogSettings(SEGMENT, Durability.PROCESS, 1L << 30, Duration.ofDays(30));

    @TempDir
    Path flights;

    private FlightLog open() throws IOException {
        return new FlightLog(flights, SETTINGS, TimeSource.system());
    }

    private static boolean append(FlightLog log, long number, int filling) {
        return append(log, number, filling, List.of());
    }

    private static boolean append(FlightLog log, long number, int filling, List<Blob> contents) {
        byte[] event = ("{\"t\":\"tick\",\"r\":\"run\",\"n\":" + number + ",\"x\":\"" + "x".repeat(filling) + "\"}")
                .getBytes(StandardCharsets.UTF_8);
        return log.append(event, event.length, contents);
    }

    private List<Long> read() throws IOException {
        List<Long> numbers = new ArrayList<>();
        Recording.in(flights)
                .events(
                        event -> numbers.add(event.sequence()),
                        fault -> assertThat(fault.kind()).isEqualTo(Fault.Kind.LOST));
        return numbers;
    }

    @Test
    void a_loss_is_told_before_the_next_event() throws IOException {
        try (FlightLog log = open()) {
            append(log, 1, 10);
            append(log, 2, SEGMENT);
            append(log, 3, SEGMENT + 1);
            append(log, 4, 10);
            assertThat(Ticks.records(flights, Kind.LOSS))
                    .containsExactly("{\"records\":2,\"why\":\"a record of " + (SEGMENT + 36)
                            + " bytes is larger than the 257920 that a segment has room for\"}");
            append(log, 5, 10);
        }
        assertThat(Ticks.records(flights, Kind.LOSS)).hasSize(1);
        assertThat(read()).containsExactly(1L, 4L, 5L);
    }

    @Test
    void what_was_lost_and_told_leaves_the_rest_of_its_run_proved() throws IOException {
        String tooLarge = "x".repeat(2 * SEGMENT); // an attribute is part of the skeleton
        try (FlightRecorder recorder =
                        FlightRecorder.builder(flights).segmentBytes(SEGMENT).open();
                FmPipeline pipeline = FmPipeline.builder().watch(recorder).build()) {
            try (FmRun run = pipeline.run("claim").open()) {
                FmRun.note(at -> new FmEvent.CacheConsulted(at, "exact", tooLarge));
                FmRun.note(at -> new FmEvent.CacheConsulted(at, "exact", "miss"));
            }
            assertThat(recorder.lost()).isEqualTo(1);
        }
        Verification verified = Recording.in(flights).verify(Map.of());

        assertThat(verified.problems()).isEmpty();
        assertThat(verified.faults()).extracting(Fault::kind).containsExactly(Fault.Kind.LOST);
        assertThat(verified.isIntact()).isTrue();
    }

    @Test
    void a_loss_is_told_where_no_event_comes_behind_it() throws IOException {
        try (FlightLog log = open()) {
            append(log, 1, 10);
            append(log, 2, SEGMENT);
        }
        assertThat(Ticks.records(flights, Kind.LOSS)).hasSize(1);
        assertThat(read()).containsExactly(1L);
    }

    @Test
    void losses_of_one_kind_are_logged_once_however_large_they_are() throws Exception {
        List<String> said = Said.during("the flight recorder loses events", () -> {
            try (FlightLog log = open()) {
                for (int i = 0; i < 50; i++) {
                    append(log, i, SEGMENT + i);
                    log.lost("an event of type x cannot be encoded", new IllegalStateException("x"));
                }
                assertThat(log.lost()).isEqualTo(100);
            }
        });
        assertThat(said).hasSize(2);
    }

    @Test
    void any_number_of_contents_has_room_or_is_spread_over_several_segments() throws IOException {
        long number = 0;
        int[] counts = {1, 100, 1_000, 3_000, 4_000, 6_000, 8_000, 9_000, 12_000, 15_000, 20_000};
        try (FlightLog log = open()) {
            for (int count : counts) {
                List<Blob> contents = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    contents.add(IDS.named((count + "." + i).getBytes(StandardCharsets.UTF_8)));
                }
                assertThat(append(log, ++number, 10, contents))
                        .as("%s contents", count)
                        .isTrue();
            }
            for (int length = 257_500; length < 258_000; length += 20) {
                number++;
                append(log, number, length);
            }
            assertThat(append(log, ++number, 10)).isTrue();
        }
        assertThat(read()).contains(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, number);
        assertThat(Ticks.records(flights, Kind.CONTENT))
                .hasSize(1 + 100 + 1_000 + 3_000 + 4_000 + 6_000 + 8_000 + 9_000 + 12_000 + 15_000 + 20_000);
    }
}
