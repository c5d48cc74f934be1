package io.fmware.benchmarks;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.agentic.AgenticServices;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.agent.Agents;
import io.fmware.event.Redactor;
import io.fmware.observability.recorder.Recording;
import io.fmware.observability.replay.Cassette;
import io.fmware.observability.replay.Divergence;
import io.fmware.observability.replay.Replay;
import io.fmware.observability.replay.ReplayReport;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicReference;

/** Workflows that are replayed as they were recorded, somewhere else. Their letters are full of secrets and personal data. */
final class UnchangedReplays {
    private static final int SHOWN = 400;

    private final PrintStream rest;
    private int replays;
    private int divergences;
    private int unordered;
    private int besideStreams;

    UnchangedReplays(PrintStream rest) {
        this.rest = rest;
    }

    /** In a JVM of its own: a directory of cassettes, and seeds from and to. Prints what came of it. */
    public static void main(String[] arguments) throws Exception {
        UnchangedReplays replays = new UnchangedReplays(System.err);
        Path directory = Path.of(arguments[0]);
        ExecutorService threads = ReplayWork.threads();
        for (long seed = Long.parseLong(arguments[1]); seed < Long.parseLong(arguments[2]); seed++) {
            replays.replay(seed, Cassette.read(file(directory, seed)), threads, true);
        }
        threads.shutdownNow();
        System.out.println(replays.counted());
    }

    /**
     * What came of replays.
     *
     * @param replays how many
     * @param divergences how many were told
     * @param unordered in how many the order of threads could not be enforced
     * @param besideStreams how many of the divergences are in workflows in which one branch waits for a stream beside others
     */
    record Counted(int replays, int divergences, int unordered, int besideStreams) {}

    Counted counted() {
        return new Counted(replays, divergences, unordered, besideStreams);
    }

    static Path file(Path directory, long seed) {
        return directory.resolve("claim" + seed + ".json");
    }

    /** Records the workflow of a seed. */
    static Cassette record(long seed, Path directory, ExecutorService threads) throws Exception {
        AgenticServices.setWorkflowAgentsBuilder(Agents.workflows());
        try (FmPipeline pipeline = FmPipeline.builder().build()) {
            PlantedAgents.Worker worker = new PlantedAgents(pipeline, threads, true).of(PlantedWorkflow.of(seed));
            String id = ReplayWork.recordedRun(
                    directory, Redactor.standard(), () -> worker.work(letter(seed), "none", "none"));
            return Cassette.of(Recording.in(directory), id);
        }
    }

    /** A letter with an address, numbers and passwords, and with letters of many alphabets. */
    private static String letter(long seed) {
        Dice dice = new Dice(seed);
        StringBuilder letter =
                new StringBuilder("Gr\u00fc\u00dfe, \u0130stanbul, I \u0131 i \u4fdd\u9669 \ud83d\ude00\n");
        List<String> kinds = Carriers.kinds();
        for (int i = 0; i < 6; i++) {
            letter.append(Carriers.plant(kinds.get(dice.below(kinds.size())), dice)
                            .text())
                    .append('\n');
        }
        return letter.toString();
    }

    /**
     * Replays.
     *
     * @param otherOrder whether tools are listed the other way round
     */
    void replay(long seed, Cassette cassette, ExecutorService threads, boolean otherOrder) throws Exception {
        AgenticServices.setWorkflowAgentsBuilder(Agents.workflows());
        PlantedNode workflow = PlantedWorkflow.of(seed);
        if (otherOrder) {
            workflow.all().forEach(each -> {
                List<ToolSpecification> tools = new ArrayList<>(each.tools);
                Collections.reverse(tools);
                each.tools = tools;
            });
        }
        AtomicReference<ReplayReport> told = new AtomicReference<>();
        Replay replay = Replay.builder(cassette).onReport(told::set).build();
        RuntimeException failure = null;
        try (FmPipeline pipeline = FmPipeline.builder().build();
                FmRun run = replay.open()) {
            new PlantedAgents(pipeline, threads, false).of(workflow).work(letter(seed), "none", "none");
        } catch (RuntimeException e) {
            failure = e;
        }
        replays++;
        ReplayReport report = told.get();
        if (report == null || (failure != null && report.divergences().isEmpty())) {
            throw new IllegalStateException("the replay of workflow " + seed + " failed", failure);
        }
        divergences += report.divergences().size();
        besideStreams += waitsBeside(workflow) ? report.divergences().size() : 0;
        unordered += report.unordered().isEmpty() ? 0 : 1;
        for (Divergence each : report.divergences()) {
            String shown = each.kind() + " " + each;
            rest.println("workflow " + seed + ": " + shown.substring(0, Math.min(shown.length(), SHOWN)));
        }
    }

    private static boolean waitsBeside(PlantedNode workflow) {
        return workflow.all().stream()
                .filter(each -> each.kind == PlantedNode.Kind.PARALLEL)
                .flatMap(each -> each.all().stream())
                .anyMatch(each -> each.kind.streams());
    }
}
