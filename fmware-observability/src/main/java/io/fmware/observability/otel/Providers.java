package io.fmware.observability.otel;

import dev.langchain4j.model.ModelProvider;
import java.util.Locale;
import java.util.Map;

/**
 * What the conventions call a provider. By the name of langchain4j's constant, since each version adds some: one that is not
 * here, or that the conventions do not know, goes by its own name in lower case, which they allow.
 */
final class Providers {
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("AMAZON_BEDROCK", "aws.bedrock"),
            Map.entry("AZURE_OPEN_AI", "azure.ai.openai"),
            Map.entry("MICROSOFT_FOUNDRY", "azure.ai.inference"),
            Map.entry("GITHUB_MODELS", "azure.ai.inference"),
            Map.entry("GOOGLE_AI_GEMINI", "gcp.gemini"),
            Map.entry("GOOGLE_GENAI", "gcp.gen_ai"),
            Map.entry("GOOGLE_VERTEX_AI_GEMINI", "gcp.vertex_ai"),
            Map.entry("GOOGLE_VERTEX_AI_ANTHROPIC", "gcp.vertex_ai"),
            Map.entry("OPEN_AI", "openai"),
            Map.entry("WATSONX", "ibm.watsonx.ai"));

    /** Where nobody says. */
    static final String OTHER = "other";

    private Providers() {}

    static String nameOf(ModelProvider provider) {
        String known = NAMES.get(provider.name());
        return known != null ? known : provider.name().toLowerCase(Locale.ROOT);
    }
}
