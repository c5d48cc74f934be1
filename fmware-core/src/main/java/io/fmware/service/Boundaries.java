package io.fmware.service;

import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.ChatMemoryProvider;
import dev.langchain4j.model.moderation.ModerationModel;
import dev.langchain4j.model.scoring.ScoringModel;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.service.AiServiceContext;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.tool.AiServiceTool;
import dev.langchain4j.service.tool.ToolExecutor;
import dev.langchain4j.service.tool.ToolProvider;
import dev.langchain4j.service.tool.ToolService;
import dev.langchain4j.store.embedding.EmbeddingStore;
import io.fmware.BoundaryInterceptor;
import io.fmware.BoundaryKind;
import io.fmware.FmRun;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Puts the parts of an AI service behind boundaries, where a {@link BoundaryInterceptor} sees and may replace what comes out.
 * What is returned is used in the place of what was given, by any number of runs; it asks for the run at each call, and where
 * there is none it hands on and does nothing else.
 *
 * <pre>{@code
 * Assistant assistant = Boundaries.service(Assistant.class)
 *         .chatModel(pipeline.wrap(model))
 *         .tools(new Orders())
 *         .build();
 * }</pre>
 *
 * <p>What is wrapped already is returned as it is. Thread-safe as far as what is wrapped is.
 */
public final class Boundaries {

    private Boundaries() {}

    /**
     * Starts an AI service whose tools, content retriever, memories and moderation model are behind boundaries. Everything
     * else is as with {@link AiServices#builder(Class)}. Compensating actions ({@code @CompensateFor}) are tools of their own there,
     * called {@code TOOL compensation}; they are reached by reflection, and where a version of langchain4j does not allow that, it
     * is logged, and their tools fail where their results are replaced. A {@code RetrievalAugmentor} is taken as it is: wrap its retrievers
     * with {@link #retriever(ContentRetriever)}.
     *
     * @param <T> the type of the service
     * @param service the interface of the service
     * @return langchain4j's builder
     */
    public static <T> AiServices<T> service(Class<T> service) {
        return new WatchedServices<>(AiServiceContext.create(Objects.requireNonNull(service, "service")));
    }

    /**
     * Puts the {@code @Tool} methods of objects behind the boundary {@link BoundaryKind#TOOL}. Their
     * {@code @CompensateFor} methods are lost; with {@link #service} they are kept.
     *
     * @param objectsWithTools objects with {@code @Tool} methods
     * @return tools for {@code AiServices.tools(List)} or {@code AgentBuilder.toolProvider(..)}
     */
    public static List<AiServiceTool> tools(Object... objectsWithTools) {
        return Arrays.stream(objectsWithTools)
                .flatMap(each -> ToolService.findTools(each).stream())
                .map(Boundaries::tool)
                .toList();
    }

    /**
     * Puts a tool behind the boundary {@link BoundaryKind#TOOL}.
     *
     * @param tool the tool
     * @return the tool, with its specification and return behaviour as they are
     */
    public static AiServiceTool tool(AiServiceTool tool) {
        return tool.toBuilder().toolExecutor(tool(tool.toolExecutor())).build();
    }

    /**
     * Puts a tool behind the boundary {@link BoundaryKind#TOOL}.
     *
     * @param tool what executes it
     * @return what executes it behind the boundary
     */
    public static ToolExecutor tool(ToolExecutor tool) {
        return tool instanceof WatchedTool || tool instanceof GuardedTool
                ? tool
                : new WatchedTool(Objects.requireNonNull(tool, "tool"));
    }

    /**
     * Puts all tools of a provider behind the boundary {@link BoundaryKind#TOOL}: the way for the tools of an agent, and for
     * those of an MCP server.
     *
     * @param provider the provider
     * @return a provider of the same tools, dynamic if the given one is
     */
    public static ToolProvider toolProvider(ToolProvider provider) {
        return provider instanceof WatchedToolProvider
                ? provider
                : new WatchedToolProvider(Objects.requireNonNull(provider, "provider"));
    }

    /**
     * A provider of the {@code @Tool} methods of objects, behind the boundary {@link BoundaryKind#TOOL}: the way for the tools
     * of an agent.
     *
     * @param objectsWithTools objects with {@code @Tool} methods
     * @return a provider that always gives these tools
     */
    public static ToolProvider toolProvider(Object... objectsWithTools) {
        return WatchedToolProvider.of(tools(objectsWithTools));
    }

    /**
     * Puts a content retriever behind the boundary {@link BoundaryKind#RETRIEVAL}, under the simple name of its class.
     *
     * @param retriever the retriever
     * @return the retriever behind the boundary
     */
    public static ContentRetriever retriever(ContentRetriever retriever) {
        return retriever(WatchedRetriever.nameOf(retriever), retriever);
    }

    /**
     * Puts a content retriever behind the boundary {@link BoundaryKind#RETRIEVAL}.
     *
     * @param name its name in paths, such as {@code handbook}
     * @param retriever the retriever
     * @return the retriever behind the boundary
     */
    public static ContentRetriever retriever(String name, ContentRetriever retriever) {
        return retriever instanceof WatchedRetriever
                ? retriever
                : new WatchedRetriever(
                        Objects.requireNonNull(name, "name"), Objects.requireNonNull(retriever, "retriever"));
    }

    /**
     * Tells of the searches in a store of embeddings, with how much was asked for and the scores of what was found. They are
     * events at the place of the retriever that searches; nothing can be replaced here.
     *
     * @param <T> what is stored beside an embedding
     * @param store the store
     * @return the store, to be given to the retriever
     */
    public static <T> EmbeddingStore<T> store(EmbeddingStore<T> store) {
        return Objects.requireNonNull(store, "store").addListener(SearchEvents.INSTANCE);
    }

    /**
     * Puts a chat memory behind the boundaries {@link BoundaryKind#MEMORY_READ} and {@link BoundaryKind#MEMORY_WRITE}. Its
     * name there is its id; where that is a UUID, which differs from run to run, it is {@code ephemeral}.
     *
     * @param memory the memory
     * @return the memory behind the boundaries
     */
    public static ChatMemory memory(ChatMemory memory) {
        return memory instanceof WatchedMemory ? memory : new WatchedMemory(Objects.requireNonNull(memory, "memory"));
    }

    /**
     * Puts all memories of a provider behind the boundaries {@link BoundaryKind#MEMORY_READ} and
     * {@link BoundaryKind#MEMORY_WRITE}.
     *
     * @param provider the provider
     * @return a provider of the same memories behind the boundaries
     */
    public static ChatMemoryProvider memories(ChatMemoryProvider provider) {
        Objects.requireNonNull(provider, "provider");
        return id -> memory(provider.get(id));
    }

    /**
     * Puts a scoring model behind the boundary {@link BoundaryKind#SCORING}, under the simple name of its class.
     *
     * @param model the model
     * @return the model behind the boundary
     */
    public static ScoringModel scoring(ScoringModel model) {
        return model instanceof WatchedScoring ? model : new WatchedScoring(Objects.requireNonNull(model, "model"));
    }

    /**
     * Puts a moderation model behind the boundary {@link BoundaryKind#MODERATION}. AI services moderate on a thread of their
     * own; the run is found there by the message that is moderated, see {@link FmRun}.
     *
     * @param model the model
     * @return the model behind the boundary
     */
    public static ModerationModel moderation(ModerationModel model) {
        return model instanceof WatchedModeration
                ? model
                : new WatchedModeration(Objects.requireNonNull(model, "model"));
    }
}
