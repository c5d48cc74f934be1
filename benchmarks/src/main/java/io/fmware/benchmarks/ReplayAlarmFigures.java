package io.fmware.benchmarks;

import io.fmware.observability.replay.Cassette;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;

/** How many divergences are told of in replays of what has not changed. */
final class ReplayAlarmFigures implements FigureGroup {
    private static final String ALARM = "replay.false.alarm";
    private static final int WORKFLOWS = 100;
    private static final int THREADS = 16;

    /** Of a JVM that has little in common with this one. */
    private static final List<String> ELSEWHERE = List.of(
            "-Duser.language=tr",
            "-Duser.country=TR",
            "-Duser.timezone=Asia/Kathmandu",
            "-Dfile.encoding=ISO-8859-1",
            "-Dline.separator=\r\n",
            "-XX:ActiveProcessorCount=1",
            "-Xmx256m");

    @Override
    public List<String> names() {
        return List.of(ALARM);
    }

    @Override
    public void measure(Set<String> wanted, Output output) throws Exception {
        long first = Long.getLong("fmware.seed", 1);
        RecorderFigures.inDirectory(directory -> {
            ExecutorService threads = ReplayWork.threads();
            ExecutorService few = Executors.newFixedThreadPool(THREADS);
            ForkJoinPool stealing = new ForkJoinPool(THREADS);
            Map<String, UnchangedReplays> kinds = new LinkedHashMap<>();
            for (String each :
                    List.of("same threads", "same again", "16 threads", "work stealing, other order of tools")) {
                kinds.put(each, new UnchangedReplays(output.rest()));
            }
            List<UnchangedReplays> each = List.copyOf(kinds.values());
            for (long seed = first; seed < first + WORKFLOWS; seed++) {
                Cassette cassette = UnchangedReplays.record(seed, directory.resolve("flights" + seed), threads);
                cassette.write(UnchangedReplays.file(directory, seed));
                each.get(0).replay(seed, cassette, threads, false);
                each.get(1).replay(seed, cassette, threads, false);
                each.get(2).replay(seed, cassette, few, false);
                each.get(3).replay(seed, cassette, stealing, true);
            }
            threads.shutdownNow();
            few.shutdownNow();
            stealing.shutdownNow();
            String elsewhere = ForkedJvm.run(
                    Jdk.running(),
                    ELSEWHERE,
                    System.getProperty("java.class.path"),
                    UnchangedReplays.class.getName(),
                    directory.toString(),
                    Long.toString(first),
                    Long.toString(first + WORKFLOWS));
            Map<String, UnchangedReplays.Counted> all = new LinkedHashMap<>();
            kinds.forEach((kind, replays) -> all.put(kind, replays.counted()));
            Map<String, String> fields = ForkedJvm.fields(elsewhere);
            all.put(
                    "another JVM, from a file, with another key, locale, time zone, charset, number of CPUs and order of tools",
                    new UnchangedReplays.Counted(
                            Integer.parseInt(fields.get("replays")),
                            Integer.parseInt(fields.get("divergences")),
                            Integer.parseInt(fields.get("unordered")),
                            Integer.parseInt(fields.get("besideStreams"))));
            output.print(figure(first, all));
        });
    }

    private static Figure figure(long first, Map<String, UnchangedReplays.Counted> all) {
        int divergences = 0;
        int replays = 0;
        int besideStreams = 0;
        StringBuilder kinds = new StringBuilder();
        for (Map.Entry<String, UnchangedReplays.Counted> each : all.entrySet()) {
            divergences += each.getValue().divergences();
            replays += each.getValue().replays();
            besideStreams += each.getValue().besideStreams();
            kinds.append("; ")
                    .append(each.getKey())
                    .append(": ")
                    .append(each.getValue().divergences())
                    .append(" (")
                    .append(each.getValue().unordered())
                    .append(" not ordered)");
        }
        return new Figure(
                ALARM,
                divergences,
                "count",
                Jdk.running() + "; divergences told of in " + replays + " replays of " + WORKFLOWS
                        + " unchanged workflows, seeds " + first + " to " + (first + WORKFLOWS - 1)
                        + ", models and tools of other timings each time, letters full of secrets" + kinds + "; "
                        + besideStreams + " of all are where one branch waits for a stream beside others");
    }
}
