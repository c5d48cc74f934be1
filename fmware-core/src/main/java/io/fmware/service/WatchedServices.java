package io.fmware.service;

import dev.langchain4j.memory.ChatMemory;
import dev.langchain4j.memory.chat.ChatMemoryProvider;
import dev.langchain4j.model.moderation.ModerationModel;
import dev.langchain4j.rag.content.retriever.ContentRetriever;
import dev.langchain4j.service.AiServiceContext;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.tool.ToolProvider;
import java.util.Arrays;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * langchain4j's builder, which puts behind boundaries what it is given. Tools are wrapped last, where langchain4j has bound
 * them to their compensating actions, which are wrapped too.
 */
final class WatchedServices<T> extends AiServices<T> {
    private final AiServiceContext owned;
    private final Compensations compensations = new Compensations();

    WatchedServices(AiServiceContext context) {
        super(context);
        this.owned = context;
    }

    @Override
    public AiServices<T> chatMemory(@Nullable ChatMemory memory) {
        return super.chatMemory(memory == null ? null : Boundaries.memory(memory));
    }

    @Override
    public AiServices<T> chatMemoryProvider(@Nullable ChatMemoryProvider provider) {
        return super.chatMemoryProvider(provider == null ? null : Boundaries.memories(provider));
    }

    @Override
    public AiServices<T> moderationModel(@Nullable ModerationModel model) {
        return super.moderationModel(model == null ? null : Boundaries.moderation(model));
    }

    @Override
    public AiServices<T> contentRetriever(@Nullable ContentRetriever retriever) {
        return super.contentRetriever(retriever == null ? null : Boundaries.retriever(retriever));
    }

    @Override
    public AiServices<T> toolProvider(@Nullable ToolProvider provider) {
        return super.toolProvider(provider == null ? null : Boundaries.toolProvider(provider));
    }

    @Override
    public AiServices<T> toolProviders(@Nullable Collection<ToolProvider> providers) {
        if (providers != null) {
            providers.forEach(this::toolProvider);
        }
        return this;
    }

    @Override
    public AiServices<T> toolProviders(ToolProvider... providers) {
        return toolProviders(Arrays.asList(providers));
    }

    @Override
    public AiServices<T> tools(Collection<Object> objectsWithTools) {
        compensations.of(objectsWithTools);
        return super.tools(objectsWithTools);
    }

    @Override
    public AiServices<T> compensateOnToolErrors(boolean compensateOnToolErrors) {
        compensations.wanted(compensateOnToolErrors);
        return super.compensateOnToolErrors(compensateOnToolErrors);
    }

    @Override
    public T build() {
        compensations.wrap(owned.toolService);
        owned.toolService.toolExecutors().replaceAll((name, tool) -> Boundaries.tool(tool));
        registerListeners(ServiceEvents.listeners());
        return AiServices.<T>builder(owned).build();
    }
}
