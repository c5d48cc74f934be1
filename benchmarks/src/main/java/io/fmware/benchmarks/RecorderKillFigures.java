package io.fmware.benchmarks;

import io.fmware.observability.recorder.Fault;
import io.fmware.observability.recorder.FlightRecorder;
import io.fmware.observability.recorder.Recording;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** How many events are lost that were acknowledged before their process was killed by SIGKILL. */
final class RecorderKillFigures implements FigureGroup {
    private static final String KILL = "recorder.kill";
    private static final String KILL_JFR = "recorder.kill.peer.jfr";
    private static final int TIMES = 200;
    private static final int TIMES_JFR = 20;
    private static final int MOST_ROUNDS = 2_000;

    @Override
    public List<String> names() {
        return List.of(KILL, KILL_JFR);
    }

    @Override
    public void measure(Set<String> wanted, Output output) throws Exception {
        if (wanted.contains(KILL)) {
            RecorderFigures.inDirectory(directory -> output.print(kill(directory)));
        }
        if (wanted.contains(KILL_JFR)) {
            RecorderFigures.inDirectory(directory -> output.print(jfr(directory)));
        }
    }

    private static Figure kill(Path directory) throws Exception {
        Random random = new Random(1);
        long acknowledged = 0;
        long lost = 0;
        int faults = 0;
        for (int i = 0; i < TIMES; i++) {
            Path flights = directory.resolve("flights");
            long[] rounds = killed("fmware", flights, directory.resolve("rounds" + i), List.of(), random);
            List<Fault> told = new ArrayList<>();
            long missing = missing(flights, rounds, told);
            FlightRecorder.open(flights).close(); // puts in order what the killed one has left
            lost += Math.max(missing, missing(flights, rounds, told));
            faults += told.size();
            acknowledged += KilledRecorder.EVENTS * sum(rounds);
            delete(flights);
        }
        return new Figure(
                KILL,
                lost,
                "events",
                "of " + acknowledged + " acknowledged in " + TIMES + " processes, each killed by SIGKILL after 1 to "
                        + MOST_ROUNDS + " runs of " + KilledRecorder.EVENTS + " events in one of "
                        + KilledRecorder.THREADS + " threads, seed 1; segments of 1 MB, all contents recorded; read "
                        + "before and after the next process has put them in order; " + faults + " faults told; "
                        + Jdk.running());
    }

    private static Figure jfr(Path directory) throws Exception {
        Random random = new Random(1);
        long acknowledged = 0;
        long lost = 0;
        for (int i = 0; i < TIMES_JFR; i++) {
            Path repository = Files.createDirectory(directory.resolve("repository" + i));
            long[] rounds = killed(
                    "jfr",
                    repository,
                    directory.resolve("rounds" + i),
                    List.of("-XX:FlightRecorderOptions=repository=" + repository),
                    random);
            acknowledged += sum(rounds);
            lost += missingInJfr(repository, rounds);
        }
        return new Figure(
                KILL_JFR,
                lost,
                "events",
                "of " + acknowledged + " committed in " + TIMES_JFR
                        + " processes with disk=true, each killed by SIGKILL "
                        + "after 1 to " + MOST_ROUNDS + " events in one of " + KilledRecorder.THREADS
                        + " threads, seed 1; looked for in the chunks of the repository with jdk.jfr.consumer, which refuses a chunk that was not ended; "
                        + Jdk.running());
    }

    /** Starts a process, kills it, and gives how many rounds each thread had acknowledged. */
    private static long[] killed(String who, Path directory, Path acknowledged, List<String> options, Random random)
            throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m"));
        command.addAll(options);
        command.addAll(List.of(
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                KilledRecorder.class.getName(),
                who,
                directory.toString(),
                acknowledged.toString()));
        double part = random.nextDouble();
        long until = 1 + (long) (MOST_ROUNDS * part * part);
        File log = acknowledged.resolveSibling("log").toFile();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        try {
            while (!Files.exists(acknowledged) || rounds(acknowledged)[0] < until) {
                if (!process.isAlive()) {
                    throw new IOException("the process ended by itself: " + Files.readString(log.toPath()));
                }
                Thread.onSpinWait();
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        return rounds(acknowledged);
    }

    private static long[] rounds(Path acknowledged) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(acknowledged));
        long[] rounds = new long[KilledRecorder.THREADS];
        for (int i = 0; i < rounds.length && bytes.remaining() >= Long.BYTES; i++) {
            rounds[i] = bytes.getLong();
        }
        return rounds;
    }

    private static long sum(long[] rounds) {
        long sum = 0;
        for (long each : rounds) {
            sum += each;
        }
        return sum;
    }

    private static long missing(Path flights, long[] rounds, List<Fault> told) throws IOException {
        Map<String, Set<Long>> found = new HashMap<>();
        Recording.in(flights)
                .events(
                        event -> found.computeIfAbsent(event.run(), run -> new HashSet<>())
                                .add(event.sequence()),
                        told::add);
        long missing = 0;
        for (int thread = 0; thread < rounds.length; thread++) {
            for (long i = 1; i <= rounds[thread]; i++) {
                Set<Long> numbers = found.getOrDefault(thread + "-" + i, Set.of());
                for (long number = 1; number <= KilledRecorder.EVENTS; number++) {
                    missing += numbers.contains(number) ? 0 : 1;
                }
            }
        }
        return missing;
    }

    private static long missingInJfr(Path repository, long[] rounds) throws IOException {
        Set<String> found = new HashSet<>();
        try (Stream<Path> files = Files.walk(repository)) {
            for (Path each :
                    files.filter(file -> file.toString().endsWith(".jfr")).toList()) {
                try (RecordingFile file = new RecordingFile(each)) {
                    while (file.hasMoreEvents()) {
                        RecordedEvent event = file.readEvent();
                        if (event.getEventType().getName().equals(KilledRecorder.JFR_EVENT)) {
                            found.add(event.getInt("thread") + "-" + event.getLong("number"));
                        }
                    }
                } catch (IOException | RuntimeException e) {
                    continue; // what it could not be read behind is lost
                }
            }
        }
        long missing = 0;
        for (int thread = 0; thread < rounds.length; thread++) {
            for (long i = 1; i <= rounds[thread]; i++) {
                missing += found.contains(thread + "-" + i) ? 0 : 1;
            }
        }
        return missing;
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path each : files.toList()) {
                Files.delete(each);
            }
        }
        Files.delete(directory);
    }
}
