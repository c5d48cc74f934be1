package io.fmware.observability.otel;

import dev.langchain4j.model.output.TokenUsage;
import org.jspecify.annotations.Nullable;

/**
 * What a call took, as the conventions count it: the input includes what was read from and written to a provider's cache.
 *
 * @param input tokens of the input, {@code null} where unknown, as for the others
 * @param output tokens of the output
 * @param cacheRead those of the input that a provider's cache gave
 * @param cacheCreation those of the input that were written to a provider's cache
 * @param reasoning those of the output that are reasoning
 */
record Tokens(
        @Nullable Long input,
        @Nullable Long output,
        @Nullable Long cacheRead,
        @Nullable Long cacheCreation,
        @Nullable Long reasoning) {
    static final Tokens NONE = new Tokens(null, null, null, null, null);

    static Tokens of(@Nullable TokenUsage usage) {
        if (usage == null) {
            return NONE;
        }
        Long input = wide(usage.inputTokenCount());
        Long output = wide(usage.outputTokenCount());
        if (usage.getClass() == TokenUsage.class) {
            return new Tokens(input, output, null, null, null);
        }
        // Anthropic and Bedrock count what went through the cache beside the input, all others within it.
        Long read = Accessors.number(usage, "cacheReadInputTokens");
        Long created = first(
                Accessors.number(usage, "cacheCreationInputTokens"), Accessors.number(usage, "cacheWriteInputTokens"));
        if (read != null || created != null) {
            return new Tokens(sum(input, sum(read, created)), output, read, created, null);
        }
        return new Tokens(
                input,
                output,
                first(
                        Accessors.number(Accessors.read(usage, "inputTokensDetails"), "cachedTokens"),
                        Accessors.number(usage, "cachedContentTokenCount")),
                null,
                first(
                        Accessors.number(Accessors.read(usage, "outputTokensDetails"), "reasoningTokens"),
                        Accessors.number(usage, "thoughtsTokenCount")));
    }

    Tokens plus(Tokens other) {
        return new Tokens(
                sum(input, other.input),
                sum(output, other.output),
                sum(cacheRead, other.cacheRead),
                sum(cacheCreation, other.cacheCreation),
                sum(reasoning, other.reasoning));
    }

    private static @Nullable Long wide(@Nullable Integer count) {
        return count == null ? null : Long.valueOf(count);
    }

    private static @Nullable Long first(@Nullable Long one, @Nullable Long other) {
        return one != null ? one : other;
    }

    private static @Nullable Long sum(@Nullable Long one, @Nullable Long other) {
        return one == null ? other : other == null ? one : Long.valueOf(one + other);
    }
}
