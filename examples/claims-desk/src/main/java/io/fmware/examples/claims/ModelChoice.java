package io.fmware.examples.claims;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.ollama.OllamaChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import io.fmware.testing.ExtractiveChatModel;
import java.util.Locale;
import java.util.Map;

/** The model that the environment names, as with the support assistant. It never retries by itself. */
final class ModelChoice {

    private ModelChoice() {}

    static ChatModel of(Map<String, String> env) {
        String kind = value(env, "FMWARE_FM", "local").toLowerCase(Locale.ROOT);
        return switch (kind) {
            case "local" -> ExtractiveChatModel.create();
            case "openai" -> {
                String key = value(env, "OPENAI_API_KEY", "");
                if (key.isEmpty()) {
                    throw new UserError(
                            "OPENAI_API_KEY is not set; set it to the key of the server, or unset FMWARE_FM to"
                                    + " answer without a server");
                }
                yield OpenAiChatModel.builder()
                        .apiKey(key)
                        .baseUrl(value(env, "OPENAI_BASE_URL", "https://api.openai.com/v1"))
                        .modelName(value(env, "OPENAI_MODEL", "gpt-4o-mini"))
                        .temperature(0.0)
                        .maxRetries(0)
                        .build();
            }
            case "ollama" ->
                OllamaChatModel.builder()
                        .baseUrl(value(env, "OLLAMA_BASE_URL", "http://localhost:11434"))
                        .modelName(value(env, "OLLAMA_MODEL", "llama3.1"))
                        .temperature(0.0)
                        .maxRetries(0)
                        .build();
            default -> throw new UserError("FMWARE_FM is '" + kind + "'; set it to local, openai or ollama");
        };
    }

    private static String value(Map<String, String> env, String name, String otherwise) {
        String value = env.getOrDefault(name, "").strip();
        return value.isEmpty() ? otherwise : value;
    }
}
