package io.fmware.provider.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import io.fmware.http.BlockingHttpClient;
import io.fmware.http.HttpStatusException;
import io.fmware.http.ResponseInfo;
import io.fmware.http.ScriptedServer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class OpenAiBlockingChatTest {

    private static final String ANSWER = """
            {"id":"1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,\
            "message":{"role":"assistant","content":"Grüß Gott"},"finish_reason":"stop"}],\
            "usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7}}""";

    private final List<ResponseInfo> seen = new CopyOnWriteArrayList<>();

    @Test
    void a_chat_works_and_its_headers_are_seen() throws Exception {
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.respond("200 OK", "x-ratelimit-remaining-requests: 59\r\n", ANSWER);
        })) {
            assertThat(model(server, Duration.ofSeconds(20)).chat("Hello")).isEqualTo("Grüß Gott");

            assertThat(server.requests().get(0)).contains("Authorization: Bearer sk-test-key\r\n", "\"Hello\"");
            assertThat(seen).hasSize(1);
            assertThat(seen.get(0).header("X-RateLimit-Remaining-Requests")).contains("59");
        }
    }

    @Test
    void a_rate_limit_says_when_to_come_back() throws Exception {
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.respond("429 Too Many Requests", "Retry-After: 7\r\n", "{\"error\":\"slow down\"}");
        })) {
            Throwable failure =
                    catchThrowable(() -> model(server, Duration.ofSeconds(20)).chat("Hello"));

            assertThat(failure).isInstanceOf(RateLimitException.class).hasMessageContaining("slow down");
            assertThat(HttpStatusException.find(failure).flatMap(HttpStatusException::retryAfter))
                    .contains(Duration.ofSeconds(7));
            assertThat(seen).extracting(ResponseInfo::retryAfter).containsExactly(Optional.of(Duration.ofSeconds(7)));
        }
    }

    @ParameterizedTest
    @CsvSource({"400", "401", "403", "404", "408", "500", "503"})
    void langchain4j_sorts_the_failure_by_its_status(int status) throws Exception {
        Class<?> expected = switch (status) {
            case 400 -> InvalidRequestException.class;
            case 401, 403 -> AuthenticationException.class;
            case 404 -> ModelNotFoundException.class;
            case 408 -> TimeoutException.class;
            default -> InternalServerException.class;
        };
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.respond(status + " No", "", "no");
        })) {
            assertThatThrownBy(() -> model(server, Duration.ofSeconds(20)).chat("Hello"))
                    .isInstanceOf(expected)
                    .hasCauseInstanceOf(HttpStatusException.class);
        }
    }

    @Test
    void a_body_that_stalls_is_a_timeout() throws Exception {
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"id\":");
            connection.awaitClosedByClient();
        })) {
            assertThatThrownBy(() -> model(server, Duration.ofMillis(1500)).chat("Hello"))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessage("POST " + server.url()
                            + "/v1/chat/completions failed: the response was silent for 1500 ms");
            server.awaitScript();
        }
    }

    private ChatModel model(ScriptedServer server, Duration timeout) {
        return OpenAiChatModel.builder()
                .httpClientBuilder(BlockingHttpClient.builder().onResponse(seen::add))
                .baseUrl(server.url() + "/v1")
                .apiKey("sk-test-key")
                .modelName("m")
                .timeout(timeout)
                .maxRetries(0)
                .build();
    }
}
