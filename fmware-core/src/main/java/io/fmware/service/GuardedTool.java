package io.fmware.service;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.service.tool.ToolExecutionResult;
import dev.langchain4j.service.tool.ToolExecutor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A tool behind a boundary whose compensating action is behind none. Where its result is replaced it fails, since langchain4j
 * would undo what was not done, and undoes no tool that failed.
 *
 * @param delegate the tool, behind no boundary
 */
record GuardedTool(ToolExecutor delegate) implements ToolExecutor {

    GuardedTool {
        delegate = delegate instanceof WatchedTool watched ? watched.delegate() : delegate;
    }

    @Override
    public ToolExecutionResult executeWithContext(ToolExecutionRequest request, @Nullable InvocationContext context) {
        Executed executed = new Executed(delegate);
        return executed.checked(request, new WatchedTool(executed).executeWithContext(request, context));
    }

    @Override
    public String execute(ToolExecutionRequest request, @Nullable Object memoryId) {
        Executed executed = new Executed(delegate);
        ToolExecutionResult result = ToolExecutionResult.builder()
                .resultText(new WatchedTool(executed).execute(request, memoryId))
                .build();
        return executed.checked(request, result).resultText();
    }

    /** Notes whether the tool was executed. */
    private static final class Executed implements ToolExecutor {
        private final ToolExecutor delegate;
        private final AtomicBoolean was = new AtomicBoolean();

        Executed(ToolExecutor delegate) {
            this.delegate = delegate;
        }

        @Override
        public ToolExecutionResult executeWithContext(
                ToolExecutionRequest request, @Nullable InvocationContext context) {
            was.set(true);
            return delegate.executeWithContext(request, context);
        }

        @Override
        public String execute(ToolExecutionRequest request, @Nullable Object memoryId) {
            was.set(true);
            return delegate.execute(request, memoryId);
        }

        ToolExecutionResult checked(ToolExecutionRequest request, ToolExecutionResult result) {
            if (!was.get() && !result.isError()) {
                throw new IllegalStateException("the result of tool " + request.name()
                        + " was replaced, as in a replay, but its compensating action (@CompensateFor) is behind no boundary and"
                        + " could undo what was not done; use a version of langchain4j that FMware supports, or replay without"
                        + " compensateOnToolErrors(true)");
            }
            return result;
        }
    }
}
