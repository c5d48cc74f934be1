package io.fmware.provider.agent;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.agentic.Agent;
import dev.langchain4j.agentic.AgenticServices;
import dev.langchain4j.agentic.UntypedAgent;
import dev.langchain4j.agentic.agent.AgentBuilder;
import dev.langchain4j.agentic.scope.AgenticScope;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.service.TokenStream;
import dev.langchain4j.service.UserMessage;
import dev.langchain4j.service.V;
import dev.langchain4j.service.tool.ToolProvider;
import dev.langchain4j.service.tool.ToolProviderResult;
import io.fmware.FmPipeline;
import io.fmware.service.Boundaries;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedStreamingChatModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Workflows of langchain4j made by chance from a seed, whose agents take their time, each time another. */
final class RandomAgents {
    private static final int DEEPEST = 3;
    private static final int WIDEST = 4;
    private static final int LONGEST = 20;

    /** An agent that asks a model. */
    public interface Worker {
        @Agent
        @UserMessage("go on from {{last}}")
        String work(@V("last") String last);
    }

    /** An agent that asks a streaming model. */
    public interface Teller {
        @Agent
        @UserMessage("tell")
        TokenStream tell();
    }

    /** A workflow in another one, which is not handed all of the state. */
    public interface Team {
        @Agent
        String work();
    }

    private final FmPipeline pipeline;
    private final Executor threads;
    private final Random random;
    private final boolean async;
    private final AtomicInteger atOnce = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();
    private final List<String> streams = new ArrayList<>();
    private int leaves;

    RandomAgents(FmPipeline pipeline, Executor threads, long seed, boolean async) {
        this.pipeline = pipeline;
        this.threads = threads;
        this.random = new Random(seed);
        this.async = async;
    }

    /** How many agents without a model were at work at once: in a run that has an order, one. */
    int most() {
        return most.get();
    }

    UntypedAgent root() {
        return workflow(1, UntypedAgent.class);
    }

    private Object any(int depth) {
        return depth > DEEPEST || random.nextInt(3) > 0 ? leaf() : workflow(depth, Team.class);
    }

    private <T> T workflow(int depth, Class<T> type) {
        Object[] agents = new Object[1 + random.nextInt(WIDEST)];
        int before = streams.size();
        for (int i = 0; i < agents.length; i++) {
            agents[i] = any(depth + 1);
        }
        List<String> told = List.copyOf(streams.subList(before, streams.size()));
        return switch (random.nextInt(5)) {
            case 0 ->
                AgenticServices.sequenceBuilder(type)
                        .name("sequence")
                        .subAgents(agents)
                        .output(scope -> awaited(told, scope))
                        .build();
            case 1 ->
                AgenticServices.loopBuilder(type)
                        .name("loop")
                        .maxIterations(2)
                        .exitCondition(scope -> alone("").length() > 1)
                        .subAgents(agents)
                        .output(scope -> awaited(told, scope))
                        .build();
            case 2 ->
                AgenticServices.conditionalBuilder(type)
                        .name("condition")
                        .subAgents(scope -> true, agents)
                        .output(scope -> awaited(told, scope))
                        .build();
            default ->
                AgenticServices.parallelBuilder(type)
                        .name("parallel")
                        .subAgents(agents)
                        .executor(threads)
                        .output(scope -> awaited(told, scope))
                        .build();
        };
    }

    private Object leaf() {
        int tools = random.nextInt(3);
        return switch (random.nextInt(async ? 4 : 3)) {
            case 3 -> teller();
            case 0 -> AgenticServices.agentAction(() -> alone(""));
            case 1 -> worker(tools, false).build();
            default -> {
                boolean late = random.nextInt(4) == 0;
                yield worker(tools + 1, async && late)
                        .executeToolsConcurrently(threads)
                        .build();
            }
        };
    }

    private AgentBuilder<Worker, ?> worker(int tools, boolean late) {
        String id = "leaf" + leaves++;
        AgentBuilder<Worker, ?> builder = AgenticServices.agentBuilder(Worker.class);
        builder.name("worker" + random.nextInt(2));
        builder.outputKey("last"); // who writes last decides what is asked next
        builder.async(late);
        builder.defaultKeyValue("last", "nothing");
        if (tools > 0) {
            builder.toolProvider(Boundaries.toolProvider(tool()));
        }
        builder.chatModel(pipeline.wrap(ScriptedChatModel.of(Script.answering(request -> {
            dawdle();
            boolean answered = request.messages().stream().anyMatch(ToolExecutionResultMessage.class::isInstance);
            Reply.Builder reply = Reply.builder();
            for (int i = 0; i < tools; i++) {
                reply.toolCall("look", "{}");
            }
            return answered || tools == 0 ? Reply.text("did " + id) : reply.build();
        }))));
        return builder;
    }

    private Object teller() {
        String id = "stream" + streams.size();
        streams.add(id);
        ScriptedStreamingChatModel.Builder model =
                ScriptedStreamingChatModel.builder().script(Script.always(Reply.text("told")));
        if (random.nextBoolean()) {
            model.ownThread();
        }
        return AgenticServices.agentBuilder(Teller.class)
                .name("teller")
                .outputKey(id)
                .streamingChatModel(pipeline.wrap(model.build()))
                .build();
    }

    /** Waits for streams, so that they belong to the run. */
    private String awaited(List<String> told, AgenticScope scope) {
        for (String each : told) {
            if (scope.readState(each, (Object) "") instanceof TokenStream stream) { // the last agent hands its own on
                CompletableFuture<String> end = new CompletableFuture<>();
                stream.onPartialResponse(piece -> {})
                        .onCompleteResponse(
                                response -> end.complete(response.aiMessage().text()))
                        .onError(end::completeExceptionally)
                        .start();
                scope.writeState(each, end.join());
            }
        }
        return alone("out");
    }

    private static ToolProvider tool() {
        ToolProviderResult result = ToolProviderResult.builder()
                .add(ToolSpecification.builder().name("look").build(), (request, memory) -> {
                    dawdle();
                    return "seen";
                })
                .build();
        return request -> result;
    }

    /** Work of the framework, or of an agent without a model: notes how many do such work at once. */
    private String alone(String result) {
        most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
        dawdle();
        atOnce.decrementAndGet();
        return result;
    }

    @SuppressWarnings("ThreadPriorityCheck") // any order of threads will do, and the more the better
    private static void dawdle() {
        int times = ThreadLocalRandom.current().nextInt(LONGEST);
        for (int i = 0; i < times; i++) {
            Thread.yield();
        }
    }
}
