package io.fmware.observability.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SeveralProcessesTest {
    private static final int EVENTS = 4_000;

    @TempDir
    Path directory;

    private Process start(String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                RecordingProcess.class.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(args[0] + args[2].hashCode()).toFile())
                .start();
    }

    private void assertEndsWell(Process process, String... args) throws Exception {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(directory.resolve(args[0] + args[2].hashCode())))
                .isZero();
    }

    @Test
    void two_processes_record_into_one_directory_and_a_third_one_reads_meanwhile() throws Exception {
        Path flights = Files.createDirectory(directory.resolve("flights"));
        Path end = directory.resolve("end");
        String[] one = {"record", flights.toString(), "one", String.valueOf(EVENTS)};
        String[] other = {"record", flights.toString(), "other", String.valueOf(EVENTS)};
        String[] reading = {"read", flights.toString(), end.toString()};
        Process first = start(one);
        Process second = start(other);
        Process reader = start(reading);
        while (first.isAlive() || second.isAlive()) {
            FlightRecorder.open(flights).close(); // which puts in order what it takes for left behind
        }
        Files.createFile(end);
        assertEndsWell(first, one);
        assertEndsWell(second, other);
        assertEndsWell(reader, reading);

        Map<String, Long> last = new HashMap<>();
        List<Fault> faults = new ArrayList<>();
        Recording.in(flights)
                .events(
                        event -> assertThat(event.sequence()).isEqualTo(last.merge(event.run(), 1L, Long::sum)),
                        faults::add);
        assertThat(faults).isEmpty();
        assertThat(last).hasSize(2 * RecordingProcess.THREADS).containsValue((long) EVENTS);
        assertThat(last.values()).allMatch(each -> each == EVENTS);
        assertThat(Ticks.files(flights)).allMatch(each -> each.endsWith(".flightz"));
    }
}
