package io.fmware.cost;

import dev.langchain4j.model.output.TokenUsage;
import org.jspecify.annotations.Nullable;

/**
 * What a provider reported that an attempt took, none of it negative.
 *
 * @param input all tokens of the input, those that went through a provider's cache included
 * @param cached those of the input that were read from a provider's cache
 * @param written those of the input that were written to a provider's cache
 * @param output tokens of the output, thoughts that are charged as such included
 */
record Usage(long input, long cached, long written, long output) {

    /** What a usage says, {@code null} where it does not say enough to be priced, or what cannot be. */
    static @Nullable Usage of(@Nullable TokenUsage reported) {
        if (reported == null || reported.inputTokenCount() == null) {
            return null;
        }
        long input = reported.inputTokenCount();
        Long output = output(reported, input);
        if (input < 0 || output == null || output < 0) {
            return null;
        }
        if (reported.getClass() == TokenUsage.class) {
            return new Usage(input, 0, 0, output);
        }
        // Anthropic and Bedrock count what went through the cache beside the input, all others within it.
        Long read = Accessors.number(reported, "cacheReadInputTokens");
        Long written = first(
                Accessors.number(reported, "cacheCreationInputTokens"),
                Accessors.number(reported, "cacheWriteInputTokens"));
        if (read != null || written != null) {
            return new Usage(
                    Saturating.plus(input, Saturating.plus(known(read), known(written))),
                    known(read),
                    known(written),
                    output);
        }
        Object details = Accessors.read(reported, "inputTokensDetails");
        long cached = known(first(
                Accessors.number(details, "cachedTokens"), Accessors.number(reported, "cachedContentTokenCount")));
        return new Usage(input, Math.min(cached, input), 0, output);
    }

    private static @Nullable Long output(TokenUsage reported, long input) {
        Integer output = reported.outputTokenCount();
        if (output != null && (output < 0 || reported.getClass() == TokenUsage.class)) {
            return Long.valueOf(output);
        }
        if (output != null) { // Gemini counts thoughts beside the answer
            return Saturating.plus(output, known(Accessors.number(reported, "thoughtsTokenCount")));
        }
        return reported.totalTokenCount() == null ? null : Long.valueOf(reported.totalTokenCount() - input);
    }

    private static @Nullable Long first(@Nullable Long one, @Nullable Long other) {
        return one != null ? one : other;
    }

    private static long known(@Nullable Long count) {
        return count == null ? 0 : Math.max(0, count);
    }

    long tokens() {
        return Saturating.plus(input, output);
    }
}
