package io.fmware.benchmarks;

import dev.langchain4j.agentic.AgenticServices;
import io.fmware.BoundaryInterceptor;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.agent.Agents;
import io.fmware.observability.recorder.ContentRule;
import io.fmware.observability.recorder.FlightRecorder;
import io.fmware.observability.recorder.Recording;
import io.fmware.observability.replay.Cassette;
import io.fmware.observability.replay.CassetteDigest;
import io.fmware.observability.replay.Replay;
import io.fmware.observability.replay.ReplayReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** Records random workflows and repeats them under other timings: whether all that they meet is the same. */
final class ReplayIdentity {
    private static final int SHOWN = 20;
    private static final int AT_ONCE = 25;

    private final boolean exact;
    private final Output output;
    private final ExecutorService branches = Executors.newCachedThreadPool(ReplayIdentity::daemon);
    private final ExecutorService tools = Executors.newCachedThreadPool(ReplayIdentity::daemon);
    private int graphs;
    private int identical;
    private int silent;
    private int live;
    private int told;
    private int failed;
    private long steps;
    private int shown;

    private ReplayIdentity(boolean exact, Output output) {
        this.exact = exact;
        this.output = output;
    }

    static ReplayIdentity of(long seed, int graphs, boolean exact, Output output) throws IOException {
        AgenticServices.setWorkflowAgentsBuilder(Agents.workflows());
        ReplayIdentity identity = new ReplayIdentity(exact, output);
        try {
            for (long first = seed; first < seed + graphs; first += AT_ONCE) {
                identity.measure(first, (int) Math.min(AT_ONCE, seed + graphs - first));
            }
        } finally {
            identity.branches.shutdownNow();
            identity.tools.shutdownNow();
        }
        return identity;
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }

    private void measure(long first, int count) throws IOException {
        Path recorded = Files.createTempDirectory("recorded");
        Path replayed = Files.createTempDirectory("replayed");
        try {
            List<Ran> before = record(first, count, recorded);
            Recording recording = Recording.in(recorded);
            try (FlightRecorder again = recorder(replayed)) {
                for (Ran each : before) {
                    each.cassette = Cassette.of(recording, each.id);
                    replay(each, again);
                }
            }
            Recording repeated = Recording.in(replayed);
            for (Ran each : before) {
                compare(each, repeated);
            }
        } finally {
            delete(recorded);
            delete(replayed);
        }
    }

    /** What is known of one graph. */
    private static final class Ran {
        private final long seed;
        private final String id;
        private final String result;
        private Cassette cassette;
        private String againId;
        private String again;
        private ReplayReport report;

        Ran(long seed, String id, String result) {
            this.seed = seed;
            this.id = id;
            this.result = result;
        }
    }

    private FlightRecorder recorder(Path directory) throws IOException {
        FlightRecorder.Builder builder =
                FlightRecorder.builder(directory).content(ContentRule.all()).segmentBytes(1 << 20);
        return (exact ? builder.exact() : builder).open();
    }

    private List<Ran> record(long first, int count, Path directory) throws IOException {
        List<Ran> ran = new ArrayList<>();
        try (FlightRecorder recorder = recorder(directory);
                FmPipeline pipeline = FmPipeline.builder().build()) {
            for (long seed = first; seed < first + count; seed++) {
                AgentGraph.Team team = AgentGraph.of(seed, pipeline, branches, tools, true);
                try (FmRun run = FmRun.builder("graph").watch(recorder).open()) {
                    ran.add(new Ran(seed, run.id(), worked(team)));
                }
            }
        }
        return ran;
    }

    private static String worked(AgentGraph.Team team) {
        try {
            return String.valueOf(team.work("a", "b", "c"));
        } catch (RuntimeException e) {
            return e.toString();
        }
    }

    private void replay(Ran ran, BoundaryInterceptor recorder) {
        AtomicReference<ReplayReport> report = new AtomicReference<>();
        Replay replay = Replay.builder(ran.cassette)
                .patience(Duration.ofSeconds(5))
                .onReport(report::set)
                .build();
        try (FmPipeline pipeline = FmPipeline.builder().build()) {
            AgentGraph.Team team = AgentGraph.of(ran.seed, pipeline, branches, tools, false);
            try (FmRun run =
                    FmRun.builder("graph").watch(replay).watch(recorder).open()) {
                ran.againId = run.id();
                ran.again = worked(team);
            }
        } catch (RuntimeException e) {
            ran.again = e.toString();
        }
        ran.report = report.get();
    }

    private void compare(Ran ran, Recording repeated) throws IOException {
        graphs++;
        ReplayReport report = Objects.requireNonNull(ran.report);
        steps += report.steps();
        live += report.live();
        List<String> before = CassetteDigest.of(ran.cassette);
        List<String> after = CassetteDigest.of(Cassette.of(repeated, ran.againId));
        boolean same = before.equals(after) && ran.result.equals(ran.again);
        if (ran.result.contains("Exception")) {
            failed++;
        }
        if (same && report.isIdentical()) {
            identical++;
        } else if (report.isIdentical()) {
            silent++;
            show("silently wrong: seed " + ran.seed + ", " + first(before, after));
        } else {
            told++;
            show("seed " + ran.seed + " " + report);
        }
    }

    private static String first(List<String> before, List<String> after) {
        for (int i = 0; i < Math.min(before.size(), after.size()); i++) {
            if (!before.get(i).equals(after.get(i))) {
                return before.get(i) + "\n  became " + after.get(i);
            }
        }
        return before.size() + " lines became " + after.size();
    }

    private void show(String what) {
        if (shown++ < SHOWN) {
            output.rest().println(what);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    Figure figure(String name, long seed) {
        return new Figure(
                name,
                100.0 * identical / graphs,
                "%",
                Jdk.running() + "; " + (exact ? "exact" : "light") + " depth; seeds " + seed + " to "
                        + (seed + graphs - 1)
                        + ", " + graphs + " graphs of " + steps + " boundaries in all; " + silent + " silently wrong, "
                        + told
                        + " told as diverged or unordered, " + live + " live calls; " + failed + " of the runs failed");
    }
}
