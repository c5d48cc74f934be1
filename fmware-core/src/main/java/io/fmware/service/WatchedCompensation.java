package io.fmware.service;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.service.tool.ToolExecution;
import dev.langchain4j.service.tool.ToolExecutionResult;
import io.fmware.BoundaryKind;
import io.fmware.FmRun;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A compensating action behind a boundary, which is that of a tool of its own: the request is that of the tool that is undone,
 * under the name {@code TOOL compensation}. Another request in its place changes nothing, but who does not let it proceed holds
 * the action back. langchain4j calls it with a context or, from 1.19 on, without.
 *
 * @param action undoes what was executed
 */
record WatchedCompensation(BiConsumer<ToolExecution, @Nullable Object> action)
        implements BiConsumer<ToolExecution, @Nullable Object>, Consumer<ToolExecution> {

    @Override
    public void accept(ToolExecution execution, @Nullable Object context) {
        ToolExecutionRequest undone = execution.request();
        String name = undone.name() + " compensation";
        ToolExecutionRequest request = undone.toBuilder().name(name).build();
        FmRun.cross(BoundaryKind.TOOL, name, request, asked -> {
            action.accept(execution, context);
            return ToolExecutionResult.builder().resultText("compensated").build();
        });
    }

    @Override
    public void accept(ToolExecution execution) {
        accept(execution, null);
    }
}
