package io.fmware.examples.support;

import dev.langchain4j.model.output.TokenUsage;
import io.fmware.CallOutcome;
import io.fmware.FmMetrics;
import io.fmware.Operation;
import io.fmware.retry.Reprompting;
import io.fmware.route.Fallback;
import org.jspecify.annotations.Nullable;

/**
 * Counts what the pipeline does for one question. The pipeline reports on the thread of the call, which is that of the question,
 * so each thread has a count of its own. Thread-safe.
 */
final class EffortMeter implements FmMetrics {
    private final ThreadLocal<Count> counts = ThreadLocal.withInitial(Count::new);

    private static final class Count {
        private int attempts;
        private int reprompts;
        private int fallbacks;
        private long tokensIn;
        private long tokensOut;
    }

    @Override
    public void callEnded(CallOutcome outcome) {
        if (outcome.operation() != Operation.CHAT) {
            return;
        }
        Count count = counts.get();
        count.attempts += outcome.attempts();
        add(count, outcome.usage());
    }

    private static void add(Count count, @Nullable TokenUsage usage) {
        if (usage != null) {
            count.tokensIn += usage.inputTokenCount() == null ? 0 : usage.inputTokenCount();
            count.tokensOut += usage.outputTokenCount() == null ? 0 : usage.outputTokenCount();
        }
    }

    @Override
    public void interceptorActed(String interceptor, String action) {
        switch (action) {
            case Reprompting.REPROMPTED -> counts.get().reprompts++;
            case Fallback.FELL_BACK -> counts.get().fallbacks++;
            default -> {}
        }
    }

    /** What was counted on this thread since the last time. */
    Effort take() {
        Count count = counts.get();
        counts.remove();
        return new Effort(count.attempts, count.reprompts, count.fallbacks, count.tokensIn, count.tokensOut);
    }
}
