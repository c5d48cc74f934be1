package io.fmware.benchmarks;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.agentic.Agent;
import dev.langchain4j.agentic.AgenticServices;
import dev.langchain4j.agentic.agent.AgentBuilder;
import dev.langchain4j.agentic.scope.AgenticScope;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.input.PromptTemplate;
import dev.langchain4j.service.TokenStream;
import dev.langchain4j.service.V;
import dev.langchain4j.service.tool.ToolProvider;
import dev.langchain4j.service.tool.ToolProviderResult;
import io.fmware.BoundaryKind;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.service.Boundaries;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedStreamingChatModel;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes agents of a workflow. All write the same state {@code notes}, several at once, and models answer with something else each
 * time. Not thread-safe.
 */
final class PlantedAgents {
    private static final int LONGEST_NANOS = 100_000;
    private static final String NOTES = "notes";
    private static final String STAMP = "stamp";

    /** An agent that asks a model. */
    public interface Worker {
        /**
         * Works.
         *
         * @param letter of the customer
         * @param notes what the others found
         * @param stamp when it came
         * @return the finding
         */
        @Agent
        String work(@V("letter") String letter, @V(NOTES) String notes, @V(STAMP) String stamp);
    }

    /** A service that streams. */
    public interface Teller {
        /**
         * Tells.
         *
         * @param question the question
         * @return the answer
         */
        TokenStream tell(String question);
    }

    private final FmPipeline pipeline;
    private final Executor threads;
    private final boolean live;

    /**
     * Makes agents.
     *
     * @param threads for all that is done at once
     * @param live whether the models and tools are there; else each of them fails
     */
    PlantedAgents(FmPipeline pipeline, Executor threads, boolean live) {
        this.pipeline = pipeline;
        this.threads = task -> threads.execute(() -> {
            dawdle();
            task.run();
        });
        this.live = live;
    }

    Worker of(PlantedNode workflow) {
        return (Worker) agent(workflow);
    }

    private Object agent(PlantedNode node) {
        Object[] children = node.children.stream().map(this::agent).toArray();
        return switch (node.kind) {
            case SEQUENCE -> sequence(node, children);
            case PARALLEL ->
                AgenticServices.parallelBuilder(Worker.class)
                        .name(node.name)
                        .executor(threads)
                        .subAgents(children)
                        .outputKey(NOTES)
                        .output(PlantedAgents::notes)
                        .build();
            case CLERK -> sequence(node, AgenticServices.agentAction(scope -> file(node, scope)));
            case STREAM, STREAM_TOOLS -> sequence(node, AgenticServices.agentAction(scope -> tell(node, scope)));
            default -> asking(node);
        };
    }

    private static Worker sequence(PlantedNode node, Object... children) {
        return AgenticServices.sequenceBuilder(Worker.class)
                .name(node.name)
                .subAgents(children)
                .outputKey(NOTES)
                .output(PlantedAgents::notes)
                .build();
    }

    private static String notes(AgenticScope scope) {
        return scope.readState(NOTES, "none");
    }

    private Worker asking(PlantedNode node) {
        AgentBuilder<Worker, ?> builder = AgenticServices.agentBuilder(Worker.class)
                .name(node.name)
                .outputKey(NOTES)
                .systemMessageProvider(id -> node.system + node.fleeting.get())
                .userMessage(node.user)
                .chatModel(pipeline.wrap(ScriptedChatModel.builder()
                        .script(script(node))
                        .defaultRequestParameters(node.parameters)
                        .build()));
        if (!node.tools.isEmpty()) {
            builder.toolProvider(Boundaries.toolProvider(tools(node)));
        }
        if (node.kind == PlantedNode.Kind.CONCURRENT_TOOLS) {
            builder.executeToolsConcurrently(threads);
        }
        return builder.build();
    }

    private void tell(PlantedNode node, AgenticScope scope) {
        var service = Boundaries.service(Teller.class)
                .streamingChatModel(pipeline.wrap(ScriptedStreamingChatModel.builder()
                        .script(script(node))
                        .defaultRequestParameters(node.parameters)
                        .build()))
                .systemMessageProvider(id -> node.system + node.fleeting.get());
        if (!node.tools.isEmpty()) {
            service.toolProvider(Boundaries.toolProvider(tools(node)));
        }
        String question = PromptTemplate.from(node.user)
                .apply(Map.of(
                        "letter",
                        scope.readState("letter", ""),
                        NOTES,
                        notes(scope),
                        STAMP,
                        scope.readState(STAMP, "none")))
                .text();
        CompletableFuture<String> told = new CompletableFuture<>();
        service.build()
                .tell(question)
                .onPartialResponse(piece -> {})
                .onCompleteResponse(
                        response -> told.complete(response.aiMessage().text()))
                .onError(told::completeExceptionally)
                .start();
        scope.writeState(NOTES, told.join());
    }

    private void file(PlantedNode node, AgenticScope scope) {
        String before = notes(scope);
        dawdle();
        scope.writeState(STAMP, node.stamp.get());
        String filed = FmRun.cross(BoundaryKind.TOOL, "file", "claim" + node.fleeting.get(), what -> {
            requireLive("tool file");
            return "filed " + what;
        });
        scope.writeState(NOTES, before.substring(0, Math.min(before.length(), 40)) + " " + filed.length());
    }

    private Script script(PlantedNode node) {
        return Script.answering(request -> {
            requireLive("model of " + node.name);
            dawdle();
            return !node.kind.hasTools() || hasResults(request)
                    ? Reply.builder()
                            .text(node.name + " finds "
                                    + ThreadLocalRandom.current().nextInt(1 << 20))
                            .chunkSize(3)
                            .build()
                    : asking();
        });
    }

    private static Reply asking() {
        return Reply.builder()
                .toolCall(call("1", "lookUp", "number"))
                .toolCall(call("2", "history", "customer"))
                .build();
    }

    private static ToolExecutionRequest call(String id, String tool, String parameter) {
        return ToolExecutionRequest.builder()
                .id(id)
                .name(tool)
                .arguments("{\"" + parameter + "\":\""
                        + ThreadLocalRandom.current().nextInt(1000) + "\"}")
                .build();
    }

    private static boolean hasResults(ChatRequest request) {
        return request.messages().stream().anyMatch(ToolExecutionResultMessage.class::isInstance);
    }

    private ToolProvider tools(PlantedNode node) {
        ToolProviderResult.Builder provided = ToolProviderResult.builder();
        for (ToolSpecification each : node.tools) {
            provided.add(each, (request, memory) -> {
                requireLive("tool " + each.name());
                dawdle();
                return request.arguments() + ThreadLocalRandom.current().nextInt(1000);
            });
        }
        ToolProviderResult result = provided.build();
        return request -> result;
    }

    private void requireLive(String who) {
        if (!live) {
            throw new IllegalStateException(who + " was asked in a replay");
        }
    }

    private static void dawdle() {
        LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(LONGEST_NANOS));
    }
}
