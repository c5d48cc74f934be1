package io.fmware.benchmarks;

import dev.langchain4j.agentic.AgenticServices;
import io.fmware.Boundary;
import io.fmware.BoundaryInterceptor;
import io.fmware.BoundaryKind;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.agent.Agents;
import io.fmware.observability.replay.Cassette;
import io.fmware.observability.replay.Replay;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Whether anything is really asked before the step at which a replay is forked. */
final class ReplayForkFigures implements FigureGroup {
    private static final String LIVE = "replay.fork.live";
    private static final int GRAPHS = 40;

    private long forks;
    private long before;
    private long after;
    private long neverLive;
    private long failed;

    @Override
    public List<String> names() {
        return List.of(LIVE);
    }

    @Override
    public void measure(Set<String> wanted, Output output) throws Exception {
        AgenticServices.setWorkflowAgentsBuilder(Agents.workflows());
        long first = Long.getLong("fmware.seed", 1);
        ExecutorService threads = ReplayWork.threads();
        try (FmPipeline pipeline = FmPipeline.builder().build()) {
            for (long seed = first; seed < first + GRAPHS; seed++) {
                AgentGraph.Team team = AgentGraph.of(seed, pipeline, threads, threads, true);
                Cassette cassette = ReplayWork.recorded(() -> team.work("a", "b", "c"));
                for (String path : cassette.paths()) {
                    fork(cassette, path, team, output, seed);
                }
            }
        } finally {
            threads.shutdownNow();
        }
        output.print(new Figure(
                LIVE,
                before,
                "calls",
                Jdk.running()
                        + "; questions to models, tools, clocks, chance and ids that were real before the fork, in "
                        + forks + " forks: at every boundary of " + GRAPHS + " random graphs, seeds " + first + " to "
                        + (first + GRAPHS - 1) + "; " + after + " were real after it, none at all in " + neverLive
                        + " forks; " + failed + " forks ended in an exception"));
    }

    private void fork(Cassette cassette, String path, AgentGraph.Team team, Output output, long seed) {
        forks++;
        Replay replay = Replay.builder(cassette).forkAt(path).build();
        RealCalls calls = new RealCalls(cassette.paths(), path);
        try (FmRun run =
                FmRun.builder(cassette.name()).watch(replay).watch(calls).open()) {
            team.work("a", "b", "c");
        } catch (RuntimeException e) {
            failed++;
            output.rest().println("graph " + seed + " forked at " + path + " failed: " + e);
        }
        if (!calls.early.isEmpty()) {
            output.rest().println("graph " + seed + " forked at " + path + " really asked before that: " + calls.early);
        }
        before += calls.early.size();
        after += calls.late.get();
        neverLive += calls.early.isEmpty() && calls.late.get() == 0 ? 1 : 0;
    }

    /**
     * Stands behind the replay, and so is only reached by what the replay lets through. What was recorded before the fork must
     * not come here, nor anything unknown before all of that has come.
     */
    private static final class RealCalls implements BoundaryInterceptor {
        private final List<String> paths;
        private final int fork;
        private final Set<String> missing = ConcurrentHashMap.newKeySet();
        private final Set<String> early = ConcurrentHashMap.newKeySet();
        private final AtomicInteger late = new AtomicInteger();

        RealCalls(List<String> paths, String fork) {
            this.paths = paths;
            this.fork = paths.indexOf(fork);
            missing.addAll(paths.subList(0, this.fork));
        }

        @Override
        public @Nullable Object opened(Boundary boundary) {
            String path = boundary.path().toString();
            missing.remove(path);
            if (isOutside(boundary.kind())) {
                missing.removeIf(each -> each.startsWith(path + "/")); // does not come where this is answered
            }
            return null;
        }

        @Override
        public @Nullable Object intercept(Boundary boundary, Crossing next) {
            if (isOutside(boundary.kind())) {
                String path = boundary.path().toString();
                int at = paths.indexOf(path);
                boolean isEarly = at < 0 ? !missing.isEmpty() : at < fork;
                if (isEarly) {
                    early.add(path);
                } else {
                    late.incrementAndGet();
                }
            }
            return next.proceed(boundary.input());
        }

        private static boolean isOutside(BoundaryKind kind) {
            return switch (kind) {
                case RUN, AGENT, STEP, PLAN, FORK, JOIN, CALL, EMBEDDING, MEMORY_WRITE -> false;
                default -> true;
            };
        }
    }
}
