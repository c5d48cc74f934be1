package io.fmware.agent;

import dev.langchain4j.agentic.agent.ErrorContext;
import dev.langchain4j.agentic.agent.ErrorRecoveryResult;
import io.fmware.Causes;
import io.fmware.ReplayDivergedException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks an application's handler of errors for all but a replay that has left its path: nothing recovers from that, and langchain4j would
 * ask again and again.
 */
final class LatchedErrors implements Function<ErrorContext, ErrorRecoveryResult> {
    private final Function<ErrorContext, ErrorRecoveryResult> handler;

    private LatchedErrors(Function<ErrorContext, ErrorRecoveryResult> handler) {
        this.handler = handler;
    }

    static @Nullable Function<ErrorContext, ErrorRecoveryResult> around(
            @Nullable Function<ErrorContext, ErrorRecoveryResult> handler) {
        return handler == null || handler instanceof LatchedErrors ? handler : new LatchedErrors(handler);
    }

    @Override
    public ErrorRecoveryResult apply(ErrorContext context) {
        boolean diverged = Causes.of(context.exception()).stream().anyMatch(ReplayDivergedException.class::isInstance);
        return diverged ? ErrorRecoveryResult.throwException() : handler.apply(context);
    }
}
