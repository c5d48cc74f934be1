package io.fmware.service;

import dev.langchain4j.service.tool.AiServiceTool;
import dev.langchain4j.service.tool.ToolProvider;
import dev.langchain4j.service.tool.ToolProviderRequest;
import dev.langchain4j.service.tool.ToolProviderResult;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A provider whose tools are behind boundaries.
 *
 * @param delegate the provider
 */
record WatchedToolProvider(ToolProvider delegate) implements ToolProvider {

    static ToolProvider of(List<AiServiceTool> tools) {
        ToolProviderResult result = new ToolProviderResult(tools);
        return new WatchedToolProvider(request -> result);
    }

    @Override
    public @Nullable ToolProviderResult provideTools(ToolProviderRequest request) {
        ToolProviderResult provided = delegate.provideTools(request);
        return provided == null
                ? null
                : new ToolProviderResult(
                        provided.aiServiceTools().stream().map(Boundaries::tool).toList());
    }

    @Override
    public boolean isDynamic() {
        return delegate.isDynamic();
    }
}
