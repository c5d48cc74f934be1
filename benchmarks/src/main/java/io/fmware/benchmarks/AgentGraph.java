package io.fmware.benchmarks;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.agentic.Agent;
import dev.langchain4j.agentic.AgenticServices;
import dev.langchain4j.agentic.agent.AgentBuilder;
import dev.langchain4j.agentic.scope.AgenticScope;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.service.UserMessage;
import dev.langchain4j.service.V;
import dev.langchain4j.service.tool.ToolProvider;
import dev.langchain4j.service.tool.ToolProviderResult;
import io.fmware.FmPipeline;
import io.fmware.Sources;
import io.fmware.service.Boundaries;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * A workflow of agents made by chance from a seed: sequences, parallel agents, loops and conditions in each other, of at most eight
 * agents at work and forty steps. All read and write the same three states, several at once, so that what each is asked depends on
 * the order of all: models answer with something else each time, plain agents count on from what they read, conditions and loops
 * decide by it.
 */
final class AgentGraph {
    private static final int MOST_AGENTS = 8;
    private static final int MOST_STEPS = 40;
    private static final int DEEPEST = 3;
    private static final int WIDEST = 4;
    private static final int LONGEST_NANOS = 200_000;
    private static final List<String> STATES = List.of("first", "second", "third");
    private static final List<String> NAMES = List.of("intake", "policy", "fraud", "settle");

    private enum Kind {
        MODEL,
        MODEL_WITH_CONCURRENT_TOOLS,
        PLAIN,
        SEQUENCE,
        PARALLEL,
        LOOP,
        CONDITION
    }

    /** An agent that asks a model. */
    public interface Worker {
        /**
         * Works.
         *
         * @param first a state
         * @param second a state
         * @param third a state
         * @return the answer
         */
        @Agent
        @UserMessage("{{first}}, {{second}} and {{third}}")
        String work(@V("first") String first, @V("second") String second, @V("third") String third);
    }

    /** A workflow. */
    public interface Team {
        /**
         * Works.
         *
         * @param first a state
         * @param second a state
         * @param third a state
         * @return what all have done
         */
        @Agent
        String work(@V("first") String first, @V("second") String second, @V("third") String third);
    }

    private final Random random;
    private final FmPipeline pipeline;
    private final Executor branches;
    private final Executor tools;
    private final boolean live;
    private final Clock clock = Sources.clock(Clock.systemUTC());
    private final RandomGenerator dice = Sources.random(RandomGenerator.getDefault());
    private final Supplier<UUID> ids = Sources.ids("claim", UUID::randomUUID);
    private int agents;
    private int steps;

    private AgentGraph(long seed, FmPipeline pipeline, Executor branches, Executor tools, boolean live) {
        this.random = new Random(seed);
        this.pipeline = pipeline;
        this.branches = late(branches);
        this.tools = late(tools);
        this.live = live;
    }

    /**
     * Builds the workflow of a seed; each time the same one.
     *
     * @param live whether its models and tools are there; else each of them fails
     */
    static Team of(long seed, FmPipeline pipeline, Executor branches, Executor tools, boolean live) {
        AgentGraph graph = new AgentGraph(seed, pipeline, branches, tools, live);
        return graph.workflow(1, 1);
    }

    private static Executor late(Executor executor) {
        return task -> executor.execute(() -> {
            dawdle();
            task.run();
        });
    }

    static void dawdle() {
        LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(LONGEST_NANOS));
    }

    private Object any(int depth, int times) {
        return depth > DEEPEST || random.nextInt(3) > 0 ? leaf(times) : workflow(depth, times);
    }

    private Team workflow(int depth, int times) {
        Kind kind = List.of(Kind.SEQUENCE, Kind.PARALLEL, Kind.PARALLEL, Kind.LOOP, Kind.CONDITION)
                .get(random.nextInt(5));
        String name = NAMES.get(random.nextInt(NAMES.size()));
        int rounds = kind == Kind.LOOP ? 1 + random.nextInt(2) : 1;
        List<Object> children = new ArrayList<>();
        int width = 1 + random.nextInt(WIDEST);
        for (int i = 0; i < width && (children.isEmpty() || agents < MOST_AGENTS); i++) {
            children.add(any(depth + 1, times * rounds));
        }
        String key = STATES.get(random.nextInt(STATES.size()));
        Object[] all = children.toArray();
        return switch (kind) {
            case SEQUENCE ->
                AgenticServices.sequenceBuilder(Team.class)
                        .name(name)
                        .subAgents(all)
                        .outputKey(key)
                        .output(AgentGraph::read)
                        .build();
            case PARALLEL ->
                AgenticServices.parallelBuilder(Team.class)
                        .name(name)
                        .executor(branches)
                        .subAgents(all)
                        .outputKey(key)
                        .output(AgentGraph::read)
                        .build();
            case LOOP ->
                AgenticServices.loopBuilder(Team.class)
                        .name(name)
                        .maxIterations(rounds)
                        .exitCondition(scope -> read(scope).hashCode() % 3 == 0)
                        .subAgents(all)
                        .outputKey(key)
                        .output(AgentGraph::read)
                        .build();
            default ->
                AgenticServices.conditionalBuilder(Team.class)
                        .name(name)
                        .subAgents(scope -> read(scope).hashCode() % 3 != 0, all)
                        .outputKey(key)
                        .output(AgentGraph::read)
                        .build();
        };
    }

    /** All states, cut short so that prompts stay so. */
    static String read(AgenticScope scope) {
        StringBuilder all = new StringBuilder();
        for (String each : STATES) {
            all.append(scope.readState(each, "none")).append(' ');
            if (ThreadLocalRandom.current().nextInt(8) == 0) {
                dawdle();
            }
        }
        return Integer.toHexString(all.toString().hashCode());
    }

    private Object leaf(int times) {
        agents++;
        Kind kind = List.of(Kind.MODEL, Kind.MODEL_WITH_CONCURRENT_TOOLS, Kind.PLAIN)
                .get(random.nextInt(3));
        String key = STATES.get(random.nextInt(STATES.size()));
        String name = NAMES.get(random.nextInt(NAMES.size()));
        if (kind == Kind.PLAIN) {
            steps += times;
            return AgenticServices.agentAction(scope -> count(scope, key));
        }
        int called = kind == Kind.MODEL_WITH_CONCURRENT_TOOLS ? 3 : random.nextInt(3);
        called = steps + times * (1 + called) > MOST_STEPS ? 0 : called;
        steps += times * (1 + called);
        AgentBuilder<Worker, ?> builder = AgenticServices.agentBuilder(Worker.class)
                .name(name)
                .outputKey(key)
                .chatModel(pipeline.wrap(model(name + agents, called)));
        if (called > 0) {
            builder.toolProvider(Boundaries.toolProvider(tools()));
        }
        if (kind == Kind.MODEL_WITH_CONCURRENT_TOOLS) {
            builder.executeToolsConcurrently(tools);
        }
        return builder.build();
    }

    /** Reads, takes its time, and writes. */
    private void count(AgenticScope scope, String key) {
        String before = read(scope);
        dawdle();
        scope.writeState(key, before + "+" + Integer.toHexString(clock.instant().getNano() + dice.nextInt(100)));
    }

    private ChatModel model(String id, int called) {
        return ScriptedChatModel.of(Script.answering(request -> {
            if (!live) {
                throw new IllegalStateException("model " + id + " was asked");
            }
            dawdle();
            return called == 0 || hasResults(request)
                    ? Reply.text(
                            id + Integer.toHexString(ThreadLocalRandom.current().nextInt(1 << 20)))
                    : asking(called);
        }));
    }

    private static Reply asking(int called) {
        Reply.Builder reply = Reply.builder();
        for (int i = 0; i < called; i++) {
            reply.toolCall(ToolExecutionRequest.builder()
                    .id(Integer.toString(i))
                    .name(i < 2 ? "look" : "find")
                    .arguments("{\"of\":\"" + ThreadLocalRandom.current().nextInt(1000) + "\"}")
                    .build());
        }
        return reply.build();
    }

    private static boolean hasResults(ChatRequest request) {
        return request.messages().stream().anyMatch(ToolExecutionResultMessage.class::isInstance);
    }

    private ToolProvider tools() {
        ToolProviderResult.Builder provided = ToolProviderResult.builder();
        for (String each : List.of("look", "find")) {
            provided.add(ToolSpecification.builder().name(each).build(), (request, memory) -> {
                if (!live) {
                    throw new IllegalStateException("tool " + each + " was called");
                }
                dawdle();
                return request.arguments() + ids.get();
            });
        }
        ToolProviderResult result = provided.build();
        return request -> result;
    }
}
