package io.fmware.observability.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import io.fmware.TimeSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clocks that go back or stand still, and one that fails. */
class ClockTest {
    private static final LogSettings SETTINGS =
            new LogSettings(8 * Frame.BLOCK, Durability.PROCESS, 1L << 30, Duration.ofDays(36_500));

    @TempDir
    Path flights;

    /** A clock of its own. */
    private abstract static class Clock implements TimeSource {
        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public void await(Condition condition, Lock lock, long untilNanos) {
            throw new AssertionError("nothing waits here");
        }
    }

    private void assertOrder(TimeSource clock) throws IOException {
        int count = 3_000;
        try (FlightLog log = new FlightLog(flights, SETTINGS, clock)) {
            for (int i = 1; i <= count; i++) {
                byte[] event = ("{\"t\":\"tick\",\"r\":\"run\",\"n\":" + i + ",\"x\":\"" + "x".repeat(900) + "\"}")
                        .getBytes(StandardCharsets.UTF_8);
                assertThat(log.append(event, event.length, List.of())).isTrue();
            }
        }
        List<Long> numbers = new ArrayList<>();
        List<Fault> faults = new ArrayList<>();
        Recording.in(flights).events(event -> numbers.add(event.sequence()), faults::add);
        assertThat(faults).isEmpty();
        assertThat(numbers).hasSize(count).isSorted();
        assertThat(SegmentFile.in(flights)).hasSizeGreaterThan(10);
        assertThat(Ticks.records(flights, Kind.HEAD))
                .extracting(each -> each.replaceAll(".*\"segment\":(\\d+),.*", "$1"))
                .extracting(Integer::valueOf)
                .isSorted();
    }

    @Test
    void segments_stay_in_the_order_of_writing_where_the_clock_goes_back() throws IOException {
        AtomicLong hours = new AtomicLong();
        assertOrder(new Clock() {
            @Override
            public Instant instant() {
                return Ticks.NOON.minus(Duration.ofHours(hours.getAndIncrement()));
            }
        });
    }

    @Test
    void segments_stay_in_the_order_of_writing_where_the_clock_stands_still() throws IOException {
        assertOrder(new Clock() {
            @Override
            public Instant instant() {
                return Ticks.NOON;
            }
        });
    }

    @Test
    void no_event_is_lost_where_the_next_segment_could_not_be_made_in_advance_and_can_be_made_now() throws IOException {
        AtomicInteger failed = new AtomicInteger();
        assertOrder(new Clock() {
            @Override
            public Instant instant() {
                if (Thread.currentThread().getName().equals("fmware-recorder") && failed.compareAndSet(0, 1)) {
                    throw new IllegalStateException("there is no time");
                }
                return Ticks.NOON;
            }
        });
        assertThat(failed).hasValue(1);
    }
}
