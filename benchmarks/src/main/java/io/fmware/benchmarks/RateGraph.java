package io.fmware.benchmarks;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.agentic.Agent;
import dev.langchain4j.agentic.AgenticServices;
import dev.langchain4j.agentic.agent.AgentBuilder;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.service.V;
import dev.langchain4j.service.tool.ToolProvider;
import dev.langchain4j.service.tool.ToolProviderResult;
import io.fmware.FmPipeline;
import io.fmware.service.Boundaries;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** Two small workflows, with models and tools that take no time. */
final class RateGraph {
    static final String SEQUENTIAL =
            "a sequence of 7 agents, 3 of which call a tool: 20 steps, each an agent, a question to a model, or a tool";
    static final String PARALLEL =
            "3 agents at once, each with 2 tools at once: 15 steps, each an agent, a question to a "
                    + "model, or a tool";
    private static final int SEQUENTIAL_AGENTS = 7;
    private static final int PARALLEL_AGENTS = 3;
    private static final List<String> TOOLS = List.of("policy", "history");

    /** All of it. */
    public interface Desk {
        /**
         * Handles a letter.
         *
         * @param letter the letter
         * @return what was found
         */
        @Agent
        String handle(@V("letter") String letter);
    }

    private final FmPipeline pipeline;
    private final Executor threads;

    RateGraph(FmPipeline pipeline, Executor threads) {
        this.pipeline = pipeline;
        this.threads = threads;
    }

    /**
     * Makes a workflow.
     *
     * @param live whether its models and tools are there; else each of them fails
     */
    Desk of(boolean sequential, boolean live) {
        List<Object> agents = new ArrayList<>();
        int count = sequential ? SEQUENTIAL_AGENTS : PARALLEL_AGENTS;
        for (int i = 1; i <= count; i++) {
            agents.add(agent("desk" + i, sequential ? i % 2 == 0 ? 1 : 0 : 2, live));
        }
        return sequential
                ? AgenticServices.sequenceBuilder(Desk.class)
                        .name("desks")
                        .subAgents(agents.toArray())
                        .outputKey("found")
                        .build()
                : AgenticServices.parallelBuilder(Desk.class)
                        .name("desks")
                        .executor(threads)
                        .subAgents(agents.toArray())
                        .outputKey("found")
                        .output(scope -> scope.readState("desk1", "") + scope.readState("desk3", ""))
                        .build();
    }

    private Object agent(String name, int tools, boolean live) {
        AgentBuilder<Desk, ?> agent = AgenticServices.agentBuilder(Desk.class)
                .name(name)
                .outputKey(name)
                .systemMessage("You are " + name + " of an insurance company. Answer in two sentences.")
                .userMessage("Find out what is to be paid for this claim: {{letter}}")
                .chatModel(pipeline.wrap(ScriptedChatModel.of(script(name, tools, live))));
        if (tools > 0) {
            agent.toolProvider(Boundaries.toolProvider(tools(tools, live)));
        }
        if (tools > 1) {
            agent.executeToolsConcurrently(threads);
        }
        return agent.build();
    }

    private static Script script(String name, int tools, boolean live) {
        Reply.Builder asking = Reply.builder();
        for (int i = 0; i < tools; i++) {
            asking.toolCall(ToolExecutionRequest.builder()
                    .id("call-" + i)
                    .name(TOOLS.get(i))
                    .arguments("{\"of\":\"17\"}")
                    .build());
        }
        Reply first = asking.build();
        Reply last = Reply.text("The " + name + " finds that the damage is covered, and that 1,200 are to be paid.");
        return Script.answering(request -> {
            if (!live) {
                throw new IllegalStateException("the model of " + name + " was asked in a replay");
            }
            boolean asked = request.messages().stream().anyMatch(ToolExecutionResultMessage.class::isInstance);
            return tools == 0 || asked ? last : first;
        });
    }

    private static ToolProvider tools(int number, boolean live) {
        ToolProviderResult.Builder provided = ToolProviderResult.builder();
        for (String each : TOOLS.subList(0, number)) {
            provided.add(ToolSpecification.builder().name(each).build(), (request, memory) -> {
                if (!live) {
                    throw new IllegalStateException("tool " + each + " was called in a replay");
                }
                return "the " + each + " of 17";
            });
        }
        ToolProviderResult result = provided.build();
        return request -> result;
    }
}
