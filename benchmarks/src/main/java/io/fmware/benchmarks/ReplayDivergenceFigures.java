package io.fmware.benchmarks;

import dev.langchain4j.agentic.AgenticServices;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.ReplayDivergedException;
import io.fmware.agent.Agents;
import io.fmware.observability.replay.Cassette;
import io.fmware.observability.replay.Divergence;
import io.fmware.observability.replay.Replay;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.function.LongFunction;
import java.util.stream.Stream;

/** Whether a replay of a changed application stops at the first place that is changed, and names it. */
final class ReplayDivergenceFigures implements FigureGroup {
    private static final String DIVERGENCE = "replay.divergence";
    private static final int EACH = 50;
    private static final String LETTER = "My car was hit in the car park of the station.";
    private static final Map<String, LongFunction<PlantedChange>> KINDS = kinds();

    private static Map<String, LongFunction<PlantedChange>> kinds() {
        Map<String, LongFunction<PlantedChange>> kinds = new LinkedHashMap<>();
        kinds.put("prompt", PlantedPrompts::of);
        kinds.put("tools", PlantedTools::of);
        kinds.put("order", PlantedOrders::of);
        kinds.put("clock", PlantedSources::clock);
        kinds.put("random", PlantedSources::random);
        kinds.put("parameters", PlantedParameters::of);
        return kinds;
    }

    @Override
    public List<String> names() {
        return List.of(DIVERGENCE);
    }

    @Override
    public void measure(Set<String> wanted, Output output) throws Exception {
        AgenticServices.setWorkflowAgentsBuilder(Agents.workflows());
        long first = Long.getLong("fmware.seed", 1);
        Map<String, Integer> named = new LinkedHashMap<>();
        int stopped = 0;
        int right = 0;
        ExecutorService threads = ReplayWork.threads();
        try (FmPipeline pipeline = FmPipeline.builder().build()) {
            for (Map.Entry<String, LongFunction<PlantedChange>> kind : KINDS.entrySet()) {
                for (long seed = first; seed < first + EACH; seed++) {
                    PlantedChange change = kind.getValue().apply(seed);
                    Outcome outcome = outcome(change, pipeline, threads);
                    String missed = outcome.missed(change);
                    stopped += outcome.stopped() ? 1 : 0;
                    right += missed.isEmpty() ? 1 : 0;
                    named.merge(kind.getKey(), missed.isEmpty() ? 1 : 0, Integer::sum);
                    if (!missed.isEmpty()) {
                        output.rest()
                                .println("missed " + kind.getKey() + ", seed " + seed + ": " + change.what() + "\n  "
                                        + missed);
                    }
                }
            }
        } finally {
            threads.shutdownNow();
        }
        int all = EACH * KINDS.size();
        output.print(new Figure(
                DIVERGENCE,
                100.0 * right / all,
                "%",
                Jdk.running()
                        + "; stopped at the first place that is changed, and named it, of clock and chance the cause "
                        + "too: " + right + " of " + all + "; of " + EACH + " each: " + named + "; stopped at all: "
                        + stopped
                        + "; seeds " + first + " to " + (first + EACH - 1)
                        + ", workflows of 5 to 11 agents, a third each sequential, parallel, and in each other"));
    }

    /**
     * What a replay did.
     *
     * @param stopped whether an exception told of it
     * @param divergences what its report has
     */
    private record Outcome(boolean stopped, List<Divergence> divergences) {

        String missed(PlantedChange change) {
            if (!stopped || divergences.isEmpty()) {
                return "it did not stop";
            }
            Divergence first = divergences.get(0);
            if (!change.places().contains(first.path())) {
                return "it named " + first.path() + " instead of " + change.places() + "; " + first;
            }
            boolean hinted = change.hint().isEmpty()
                    || change.hint().stream().anyMatch(each -> first.hint().contains(each));
            return hinted ? "" : "its hint has none of " + change.hint() + "; " + first;
        }
    }

    private static Outcome outcome(PlantedChange change, FmPipeline pipeline, ExecutorService threads)
            throws Exception {
        Cassette cassette = ReplayWork.recorded(() ->
                new PlantedAgents(pipeline, threads, true).of(change.recorded()).work(LETTER, "none", "none"));
        Replay replay = Replay.of(cassette);
        boolean stopped = false;
        try (FmRun run = replay.open()) {
            new PlantedAgents(pipeline, threads, false).of(change.replayed()).work(LETTER, "none", "none");
        } catch (RuntimeException e) {
            stopped = isTold(e);
            if (!stopped) {
                throw e;
            }
        }
        return new Outcome(stopped, replay.report().divergences());
    }

    /** langchain4j throws an exception of its own, which has the divergence as a cause; the close of the run throws it again. */
    private static boolean isTold(Throwable error) {
        for (Throwable each = error; each != null; each = each.getCause()) {
            if (each instanceof ReplayDivergedException
                    || Stream.of(each.getSuppressed()).anyMatch(s -> isTold(s))) {
                return true;
            }
        }
        return false;
    }
}
