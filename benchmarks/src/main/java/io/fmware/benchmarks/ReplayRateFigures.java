package io.fmware.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import dev.langchain4j.agentic.AgenticServices;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.agent.Agents;
import io.fmware.observability.replay.Cassette;
import io.fmware.observability.replay.Replay;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/** How often a run can be replayed, one replay after the other. */
final class ReplayRateFigures implements FigureGroup {
    private static final String RATE = "replay.rate";
    private static final String RATE_LIVE = "replay.rate.base.live";
    private static final String PARALLEL = "replay.rate.parallel";
    private static final String PARALLEL_LIVE = "replay.rate.parallel.base.live";
    private static final int WARM_ROUNDS = 4;
    private static final int WARM_RUNS = 10_000;
    private static final int ROUNDS = 9;
    private static final long ROUND_NANOS = 2_000_000_000L;

    @Override
    public List<String> names() {
        return List.of(RATE, RATE_LIVE, PARALLEL, PARALLEL_LIVE);
    }

    @Override
    public void measure(Set<String> wanted, Output output) throws Exception {
        AgenticServices.setWorkflowAgentsBuilder(Agents.workflows());
        ExecutorService threads = ReplayWork.threads();
        try (FmPipeline pipeline = FmPipeline.builder().build()) {
            RateGraph graph = new RateGraph(pipeline, threads);
            measure(wanted, output, RATE, RATE_LIVE, graph, true);
            measure(wanted, output, PARALLEL, PARALLEL_LIVE, graph, false);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void measure(
            Set<String> wanted, Output output, String rate, String live, RateGraph graph, boolean sequential)
            throws Exception {
        String what = sequential ? RateGraph.SEQUENTIAL : RateGraph.PARALLEL;
        if (wanted.contains(rate)) {
            RateGraph.Desk recorded = graph.of(sequential, true);
            Cassette cassette = ReplayWork.recorded(() -> recorded.handle("My car was hit."));
            Replay replay = Replay.of(cassette);
            RateGraph.Desk replayed = graph.of(sequential, false);
            Rates rates = Rates.of(() -> {
                try (FmRun run = replay.open()) {
                    replayed.handle("My car was hit.");
                }
            });
            if (!replay.report().isIdentical()) {
                throw new IllegalStateException(replay.report().toString());
            }
            output.print(rates.figure(
                    rate,
                    "replays/s",
                    what + "; " + replay.report().steps() + " boundaries are crossed, "
                            + replay.report().answered() + " of them answered; recorded once at exact depth, strict"));
        }
        if (wanted.contains(live)) {
            RateGraph.Desk scripted = graph.of(sequential, true);
            Rates rates = Rates.of(() -> {
                try (FmRun run = FmRun.builder(ReplayWork.RUN).open()) {
                    scripted.handle("My car was hit.");
                }
            });
            output.print(rates.figure(
                    live,
                    "runs/s",
                    what + "; run for real on scripted models and tools, which take no "
                            + "time, with nobody watching"));
        }
    }

    /**
     * What the rounds gave, the lowest first.
     *
     * @param perSecond how often in a second
     * @param perCpuSecond how often in a second of the time that the process had of a CPU, in all rounds
     */
    private record Rates(double[] perSecond, double perCpuSecond) {

        static Rates of(ReplayWork.Application once) throws Exception {
            double[] perSecond = new double[ROUNDS];
            long all = 0;
            long cpu = 0;
            for (int i = 0; i < WARM_RUNS; i++) {
                once.run();
            }
            for (int i = -WARM_ROUNDS; i < ROUNDS; i++) {
                if (i == 0) {
                    cpu = cpuNanos();
                }
                int done = 0;
                long start = System.nanoTime();
                long end = start;
                for (; end - start < ROUND_NANOS; end = System.nanoTime()) {
                    once.run();
                    done++;
                }
                if (i >= 0) {
                    perSecond[i] = done * 1e9 / (end - start);
                    all += done;
                }
            }
            Arrays.sort(perSecond);
            return new Rates(perSecond, all * 1e9 / (cpuNanos() - cpu));
        }

        private static long cpuNanos() {
            return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)
                    .getProcessCpuTime();
        }

        Figure figure(String name, String unit, String what) {
            return new Figure(
                    name,
                    perSecond[ROUNDS / 2],
                    unit,
                    "median of " + ROUNDS + " rounds of 2 s after " + WARM_RUNS + " runs and " + WARM_ROUNDS
                            + " rounds, lowest "
                            + Figure.shown(perSecond[0]) + ", highest " + Figure.shown(perSecond[ROUNDS - 1]) + ", "
                            + Figure.shown(perCpuSecond) + " in a second of CPU time; "
                            + Jdk.running() + ", " + Runtime.getRuntime().availableProcessors()
                            + " CPUs, load average "
                            + Figure.shown(
                                    ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage())
                            + "; one thread replays; " + what);
        }
    }
}
