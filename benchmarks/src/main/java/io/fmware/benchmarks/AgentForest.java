package io.fmware.benchmarks;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.agentic.Agent;
import dev.langchain4j.agentic.AgenticServices;
import dev.langchain4j.agentic.UntypedAgent;
import dev.langchain4j.agentic.agent.AgentBuilder;
import dev.langchain4j.agentic.scope.AgenticScope;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.service.TokenStream;
import dev.langchain4j.service.UserMessage;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/** Makes langchain4j's agents of a tree, on scripted models that dawdle for a few microseconds, each time others. */
final class AgentForest {
    private static final int LONGEST_NANOS = 30_000;

    /** An agent that asks a chat model. */
    public interface Worker {
        /**
         * Works.
         *
         * @return the answer
         */
        @Agent
        @UserMessage("go")
        String work();
    }

    /** An agent that asks a streaming model. */
    public interface Teller {
        /**
         * Works.
         *
         * @return the stream
         */
        @Agent
        @UserMessage("go")
        TokenStream work();
    }

    /**
     * A workflow in another one. Has a type of its own, since langchain4j hands all of its scope's state to an
     * {@code UntypedAgent} and writes it back: what a parallel agent wrote meanwhile is lost.
     */
    public interface Team {
        /**
         * Works.
         *
         * @return what all have done
         */
        @Agent
        String work();
    }

    private final FmPipeline pipeline;
    private final Executor toolThreads;

    AgentForest(FmPipeline pipeline, Executor toolThreads) {
        this.pipeline = pipeline;
        this.toolThreads = toolThreads;
    }

    UntypedAgent plant(AgentTree tree) {
        return workflow(tree, UntypedAgent.class);
    }

    private Object agent(AgentTree tree) {
        return tree.kind().isLeaf() ? leaf(tree) : workflow(tree, Team.class);
    }

    private <T> T workflow(AgentTree tree, Class<T> type) {
        Object[] children = tree.children().stream().map(this::agent).toArray();
        return switch (tree.kind()) {
            case SEQUENCE ->
                AgenticServices.sequenceBuilder(type)
                        .name(tree.name())
                        .subAgents(children)
                        .output(scope -> awaited(tree, scope))
                        .build();
            case PARALLEL ->
                AgenticServices.parallelBuilder(type)
                        .name(tree.name())
                        .subAgents(children)
                        .output(scope -> awaited(tree, scope))
                        .build();
            case LOOP ->
                AgenticServices.loopBuilder(type)
                        .name(tree.name())
                        .maxIterations(tree.times())
                        .exitCondition(scope -> awaited(tree, scope).isEmpty())
                        .subAgents(children)
                        .output(scope -> awaited(tree, scope))
                        .build();
            case CONDITION ->
                AgenticServices.conditionalBuilder(type)
                        .name(tree.name())
                        .subAgents(scope -> true, children)
                        .output(scope -> awaited(tree, scope))
                        .build();
            default -> throw new IllegalArgumentException(tree.kind() + " is no workflow");
        };
    }

    private Object leaf(AgentTree tree) {
        return switch (tree.kind()) {
            case PLAIN -> AgenticServices.agentAction(AgentForest::dawdle);
            case STREAM, STREAM_ON_ANOTHER_THREAD -> {
                ScriptedStreamingChatModel.Builder model =
                        ScriptedStreamingChatModel.builder().script(script(tree));
                if (tree.kind() == AgentTree.Kind.STREAM_ON_ANOTHER_THREAD) {
                    model.ownThread();
                }
                yield set(AgenticServices.agentBuilder(Teller.class), tree)
                        .streamingChatModel(pipeline.wrap(model.build()))
                        .build();
            }
            default ->
                set(AgenticServices.agentBuilder(Worker.class), tree)
                        .chatModel(pipeline.wrap(ScriptedChatModel.of(script(tree))))
                        .build();
        };
    }

    private <T> AgentBuilder<T, ?> set(AgentBuilder<T, ?> builder, AgentTree tree) {
        builder.name(tree.name());
        builder.outputKey(tree.id());
        builder.systemMessage(tree.id());
        builder.async(tree.kind() == AgentTree.Kind.ASYNC);
        if (tree.tools() > 0) {
            builder.toolProvider(Boundaries.toolProvider(tools(tree)));
        }
        if (tree.kind() == AgentTree.Kind.CHAT_WITH_CONCURRENT_TOOLS) {
            builder.executeToolsConcurrently(toolThreads);
        }
        return builder;
    }

    /** Waits for what the leaves give late, so that it belongs to the run and to its round of a loop. */
    private static String awaited(AgentTree tree, AgenticScope scope) {
        StringBuilder all = new StringBuilder("done");
        for (AgentTree leaf : tree.leaves()) {
            if (leaf.kind().isDelayed()) {
                Object value = scope.readState(leaf.id(), (Object) "");
                if (value instanceof TokenStream stream) { // the last agent hands its stream on
                    value = told(stream);
                    scope.writeState(leaf.id(), value);
                }
                all.append(value);
            }
        }
        return all.toString();
    }

    private static String told(TokenStream stream) {
        CompletableFuture<String> told = new CompletableFuture<>();
        stream.onPartialResponse(piece -> {})
                .onCompleteResponse(
                        response -> told.complete(response.aiMessage().text()))
                .onError(told::completeExceptionally)
                .start();
        return told.join();
    }

    private static ToolProvider tools(AgentTree tree) {
        ToolProviderResult.Builder tools = ToolProviderResult.builder();
        List<String> names = new ArrayList<>();
        for (int i = 0; i < tree.tools(); i++) {
            String name = AgentTree.tool(i);
            if (!names.contains(name)) {
                names.add(name);
                tools.add(ToolSpecification.builder().name(name).build(), (request, memory) -> {
                    dawdle();
                    return request.arguments();
                });
            }
        }
        ToolProviderResult result = tools.build();
        return request -> result;
    }

    private static Script script(AgentTree tree) {
        return Script.answering(request -> {
            dawdle();
            return tree.tools() == 0 || hasResults(request) ? Reply.text("did " + tree.id()) : asking(tree);
        });
    }

    private static Reply asking(AgentTree tree) {
        Reply.Builder reply = Reply.builder();
        for (int i = 0; i < tree.tools(); i++) {
            reply.toolCall(ToolExecutionRequest.builder()
                    .id(Integer.toString(i))
                    .name(AgentTree.tool(i))
                    .arguments("{\"of\":\"" + tree.id() + "." + i + "\"}")
                    .build());
        }
        return reply.build();
    }

    private static boolean hasResults(ChatRequest request) {
        return request.messages().stream().anyMatch(ToolExecutionResultMessage.class::isInstance);
    }

    /** The leaf that a request is of. */
    static String leafOf(ChatRequest request) {
        return SystemMessage.findFirst(request.messages())
                .map(SystemMessage::text)
                .orElse("none");
    }

    private static void dawdle() {
        LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(LONGEST_NANOS));
    }
}
