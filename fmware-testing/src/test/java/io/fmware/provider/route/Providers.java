package io.fmware.provider.route;

import dev.langchain4j.http.client.jdk.JdkHttpClient;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.ollama.OllamaChatModel;
import dev.langchain4j.model.ollama.OllamaStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import io.fmware.http.ScriptedServer;
import io.fmware.http.ScriptedServer.Connection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;

/** Real clients of two providers on the loopback, and what their servers say. */
final class Providers {
    private static final Duration LONG = Duration.ofSeconds(20);

    private Providers() {}

    static ChatModel openAi(String url, String model) {
        return OpenAiChatModel.builder()
                .baseUrl(url)
                .apiKey("key")
                .modelName(model)
                .maxRetries(0)
                .timeout(LONG)
                .httpClientBuilder(JdkHttpClient.builder())
                .build();
    }

    static StreamingChatModel openAiStream(String url, String model) {
        return OpenAiStreamingChatModel.builder()
                .baseUrl(url)
                .apiKey("key")
                .modelName(model)
                .timeout(LONG)
                .httpClientBuilder(JdkHttpClient.builder())
                .build();
    }

    static ChatModel ollama(String url, String model) {
        return OllamaChatModel.builder()
                .baseUrl(url)
                .modelName(model)
                .maxRetries(0)
                .timeout(LONG)
                .httpClientBuilder(JdkHttpClient.builder())
                .build();
    }

    static StreamingChatModel ollamaStream(String url, String model) {
        return OllamaStreamingChatModel.builder()
                .baseUrl(url)
                .modelName(model)
                .timeout(LONG)
                .httpClientBuilder(JdkHttpClient.builder())
                .build();
    }

    static String openAiToken(String text) {
        return "{\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                + "\"delta\":{\"role\":\"assistant\",\"content\":\"" + text + "\"},\"finish_reason\":null}]}";
    }

    static String openAiAnswer(String text) {
        return "{\"id\":\"1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                + "\"message\":{\"role\":\"assistant\",\"content\":\"" + text + "\"},\"finish_reason\":\"stop\"}],"
                + "\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2,\"total_tokens\":7,"
                + "\"prompt_tokens_details\":{\"cached_tokens\":3},"
                + "\"completion_tokens_details\":{\"reasoning_tokens\":1}}}";
    }

    /** A server that answers as Ollama does: one line of JSON, which is the whole of a stream as well. */
    static ScriptedServer ollamaServer(String text) throws IOException {
        return ScriptedServer.serving(connection -> {
            connection.receive();
            connection.respond(
                    "200 OK", "Content-Type: application/x-ndjson\r\nConnection: close\r\n", ollamaAnswer(text));
        });
    }

    static String ollamaAnswer(String text) {
        return "{\"model\":\"m\",\"created_at\":\"2026-11-21T00:00:00Z\",\"message\":{\"role\":\"assistant\",\"content\":\""
                + text + "\"},\"done\":true,\"done_reason\":\"stop\",\"prompt_eval_count\":3,\"eval_count\":2}\n";
    }

    static void status(Connection connection, String status) throws IOException {
        connection.receive();
        connection.respond(status, "Content-Type: application/json\r\nConnection: close\r\n", "{\"error\":{}}");
    }

    /** An address where nobody listens. */
    static String refusingUrl() throws IOException {
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "http://127.0.0.1:" + closed.getLocalPort();
        }
    }
}
