package io.fmware.benchmarks;

import dev.langchain4j.agentic.AgenticServices;
import dev.langchain4j.agentic.UntypedAgent;
import dev.langchain4j.agentic.workflow.WorkflowAgentsBuilder;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.fmware.BoundaryInterceptor;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.event.FmEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs trees of agents made by chance, two to four runs of each at once, and counts the events whose path is not the one that
 * follows from the tree.
 */
final class RunContext {
    private static final int SHOWN = 100;

    private final long seed;
    private int shown;
    private long runs;
    private long events;
    private long missing;
    private long unexpected;
    private long failed;

    private RunContext(long seed) {
        this.seed = seed;
    }

    static RunContext of(long seed, int runs, WorkflowAgentsBuilder workflows, Output output)
            throws InterruptedException {
        RunContext context = new RunContext(seed);
        ExecutorService tools = Executors.newCachedThreadPool(RunContext::daemon);
        ExecutorService users = Executors.newCachedThreadPool(RunContext::daemon);
        AgenticServices.setWorkflowAgentsBuilder(workflows);
        try (FmPipeline pipeline = FmPipeline.builder().build()) {
            AgentForest forest = new AgentForest(pipeline, tools);
            Random random = new Random(seed);
            while (context.runs < runs) {
                int atOnce = (int) Math.min(2 + random.nextInt(3), runs - context.runs);
                context.measure(AgentTree.random(random.nextLong()), atOnce, forest, users, output);
            }
        } finally {
            tools.shutdownNow();
            users.shutdownNow();
        }
        return context;
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }

    private void measure(AgentTree tree, int atOnce, AgentForest forest, ExecutorService users, Output output)
            throws InterruptedException {
        UntypedAgent agent = forest.plant(tree);
        List<Future<Map<String, Integer>>> told = new ArrayList<>();
        for (int i = 0; i < atOnce; i++) {
            String name = "run" + i;
            told.add(users.submit(() -> run(name, agent)));
        }
        for (int i = 0; i < atOnce; i++) {
            runs++;
            Map<String, Integer> expected = tree.expected("run" + i);
            try {
                compare(tree, expected, told.get(i).get(), output);
            } catch (ExecutionException e) {
                failed++;
                expected.values().forEach(count -> missing += count);
                output.rest().println("a run of " + tree + " failed: " + e.getCause());
            }
        }
    }

    private void compare(AgentTree tree, Map<String, Integer> expected, Map<String, Integer> told, Output output) {
        Set<String> all = new HashSet<>(expected.keySet());
        all.addAll(told.keySet());
        boolean first = shown < SHOWN;
        for (String event : all) {
            int wanted = expected.getOrDefault(event, 0);
            int seen = told.getOrDefault(event, 0);
            events += wanted;
            missing += Math.max(0, wanted - seen);
            unexpected += Math.max(0, seen - wanted);
            if (first && wanted != seen) {
                shown++;
                output.rest().println(event + ": told " + seen + " times instead of " + wanted + " in " + tree);
            }
        }
    }

    private static Map<String, Integer> run(String name, UntypedAgent agent) {
        Queue<FmEvent> told = new ConcurrentLinkedQueue<>();
        BoundaryInterceptor watching = new BoundaryInterceptor() {
            @Override
            public void event(FmEvent event) {
                told.add(event);
            }
        };
        try (FmRun run = FmRun.builder(name).watch(watching).open()) {
            agent.invoke(Map.of());
        }
        Map<String, Integer> counts = new HashMap<>();
        told.forEach(event -> AgentTree.count(counts, shown(event)));
        return counts;
    }

    private static String shown(FmEvent event) {
        String plain = event.type() + " " + event.origin().path();
        if (event instanceof FmEvent.CallStarted call) {
            return plain + " " + AgentForest.leafOf((ChatRequest) call.request());
        }
        if (event instanceof FmEvent.AttemptStarted attempt) {
            return plain + " " + AgentForest.leafOf((ChatRequest) attempt.request());
        }
        if (event instanceof FmEvent.ToolCalled tool) {
            return plain + " " + item(tool.request().arguments());
        }
        return event instanceof FmEvent.ToolReturned tool
                ? plain + " " + item(tool.request().arguments())
                : plain;
    }

    private static String item(String arguments) {
        return arguments.replaceAll("\\{\"of\":\"(.*)\"}", "$1");
    }

    /** An event with a wrong path is one that is missing and one that is not expected: it counts once. */
    Figure figure(String name) {
        return new Figure(
                name,
                Math.max(missing, unexpected),
                "count",
                Jdk.running() + "; seed " + seed + ", " + runs + " runs of random trees, 2 to 4 at once; of " + events
                        + " events " + missing + " missing and " + unexpected + " unexpected; " + failed
                        + " runs failed");
    }
}
