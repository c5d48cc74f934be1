package io.fmware.observability.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import io.fmware.TimeSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class KillTest {
    private static final int TIMES = 20;

    @TempDir
    Path directory;

    @Test
    void what_was_acknowledged_is_there_after_the_process_was_killed() throws Exception {
        Random random = new Random(3);
        for (int i = 0; i < TIMES; i++) {
            Path flights = directory.resolve("flights" + i);
            Path acknowledged = directory.resolve("acknowledged" + i);
            Process process = start(flights, acknowledged);
            awaitEvents(
                    process, acknowledged, 1 + random.nextInt(20_000)); // several segments, or only the first events
            process.destroyForcibly().waitFor();

            assertNothingLost(flights, acknowledged, "killed");
            try (FlightLog next = new FlightLog(
                    flights,
                    new LogSettings(1 << 20, Durability.PROCESS, Long.MAX_VALUE, Duration.ofDays(1)),
                    TimeSource.system())) {
                assertThat(next.lost()).isZero();
            }
            assertNothingLost(flights, acknowledged, "put in order by the next process");
        }
    }

    private static Process start(Path flights, Path acknowledged) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Killed.class.getName(),
                        flights.toString(),
                        acknowledged.toString())
                .inheritIO()
                .start();
    }

    private static void awaitEvents(Process process, Path acknowledged, long count) throws IOException {
        while (!Files.exists(acknowledged) || numbers(acknowledged)[0] < count) {
            assertThat(process.isAlive()).isTrue();
            Thread.onSpinWait();
        }
    }

    private static long[] numbers(Path acknowledged) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(acknowledged));
        long[] numbers = new long[Killed.THREADS];
        for (int i = 0; i < numbers.length && bytes.remaining() >= Long.BYTES; i++) {
            numbers[i] = bytes.getLong();
        }
        return numbers;
    }

    private static void assertNothingLost(Path flights, Path acknowledged, String when) throws IOException {
        Map<String, Long> last = new HashMap<>();
        List<Fault> faults = new ArrayList<>();
        Recording.in(flights)
                .events(
                        event -> {
                            long before = last.getOrDefault(event.run(), 0L);
                            assertThat(event.sequence()).as(when).isEqualTo(before + 1);
                            last.put(event.run(), event.sequence());
                        },
                        faults::add);
        assertThat(faults).as(when).isEmpty();
        long[] numbers = numbers(acknowledged);
        for (int i = 0; i < numbers.length; i++) {
            assertThat(last.getOrDefault(String.valueOf(i), 0L)).as(when).isGreaterThanOrEqualTo(numbers[i]);
        }
    }
}
