package io.fmware.service;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.service.tool.ToolExecutionResult;
import dev.langchain4j.service.tool.ToolExecutor;
import io.fmware.BoundaryKind;
import io.fmware.FmRun;
import io.fmware.RunScope;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A tool behind a boundary. The result is handed on as it is, with its object, contents, attributes and error flag.
 *
 * @param delegate the tool
 */
record WatchedTool(ToolExecutor delegate) implements ToolExecutor {

    @Override
    public ToolExecutionResult executeWithContext(ToolExecutionRequest request, @Nullable InvocationContext context) {
        return cross(request, context, asked -> delegate.executeWithContext(asked, context));
    }

    @Override
    public String execute(ToolExecutionRequest request, @Nullable Object memoryId) {
        if (FmRun.currentScope() == null) {
            Lost.warn("tool", request.name());
            return FmRun.cross(BoundaryKind.TOOL, request.name(), request, asked -> delegate.execute(asked, memoryId));
        }
        return cross(
                        request,
                        null,
                        asked -> ToolExecutionResult.builder()
                                .resultText(delegate.execute(asked, memoryId))
                                .build())
                .resultText();
    }

    private static ToolExecutionResult cross(
            ToolExecutionRequest request,
            @Nullable InvocationContext context,
            Function<ToolExecutionRequest, ToolExecutionResult> body) {
        Invocation invocation = Invocation.of(context);
        if (invocation != null) {
            // The request may have come before its answer was complete: then its place is made now.
            RunScope place = invocation.claim(request);
            return place.cross(BoundaryKind.TOOL, request.name(), request, body);
        }
        if (FmRun.currentScope() == null) {
            Lost.warn("tool", request.name());
        }
        return FmRun.cross(BoundaryKind.TOOL, request.name(), request, body);
    }
}
