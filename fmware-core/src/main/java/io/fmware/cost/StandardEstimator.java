package io.fmware.cost;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Counts where a vocabulary is known and there, and learns otherwise. */
final class StandardEstimator extends Estimating {
    private static final Set<String> PROVIDERS = Set.of("OPEN_AI", "AZURE_OPEN_AI");

    @Override
    @Nullable
    ExactCount exact(Asked asked) {
        if (!PROVIDERS.contains(asked.target().provider().name()) || !OpenAiEncodings.isPresent()) {
            return null;
        }
        String name = asked.modelName();
        String encoding = name == null ? null : OpenAiEncodings.nameFor(name);
        if (encoding == null) {
            return null;
        }
        CompletableFuture<TextTokens> tokens = OpenAiEncodings.load(encoding);
        boolean there = tokens.isDone() && !tokens.isCompletedExceptionally();
        return there ? asked.count(tokens.join()) : null;
    }

    @Override
    public String toString() {
        return "TokenEstimator[standard]";
    }
}
