package io.fmware.provider.http;

import static io.fmware.provider.http.OpenAiEvents.DONE;
import static io.fmware.provider.http.OpenAiEvents.STOP;
import static io.fmware.provider.http.OpenAiEvents.USAGE;
import static io.fmware.provider.http.OpenAiEvents.token;
import static io.fmware.provider.http.OpenAiEvents.toolCall;
import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import io.fmware.http.BlockingHttpClient;
import io.fmware.http.HttpStatusException;
import io.fmware.http.ScriptedServer;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OpenAiBlockingStreamTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    private final RecordingHandler handler = new RecordingHandler();

    @Test
    void a_chat_streams_on_the_calling_thread() throws Exception {
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.beginStream();
            for (String event : new String[] {token("Grüß"), token(" Gott"), STOP, USAGE, DONE}) {
                connection.event(event);
            }
            connection.endStream();
        })) {
            model(server, LONG).chat("Hello", handler);

            assertThat(handler.calls).containsExactly("Grüß", " Gott", "complete");
            assertThat(handler.threads).containsOnly(Thread.currentThread());
            assertThat(handler.response.aiMessage().text()).isEqualTo("Grüß Gott");
            assertThat(handler.response.finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(handler.response.tokenUsage().totalTokenCount()).isEqualTo(7);
            assertThat(server.requests().get(0).toLowerCase(Locale.ROOT))
                    .doesNotContain("upgrade", "http2-settings", "h2c");
        }
    }

    @Test
    void a_tool_call_streams() throws Exception {
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.beginStream();
            connection.event(toolCall("weather", ""));
            connection.event(toolCall("", "{\"city\":"));
            connection.event(toolCall("", "\"Paris\"}"));
            connection.event(STOP.replace("stop", "tool_calls"));
            connection.event(DONE);
            connection.endStream();
        })) {
            model(server, LONG).chat("Hello", handler);

            assertThat(handler.calls)
                    .containsExactly(
                            "tool part {\"city\":",
                            "tool part \"Paris\"}",
                            "tool weather {\"city\":\"Paris\"}",
                            "complete");
            assertThat(handler.response.aiMessage().toolExecutionRequests()).hasSize(1);
        }
    }

    @Test
    void a_rate_limit_says_when_to_come_back() throws Exception {
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.respond("429 Too Many Requests", "Retry-After: 7\r\n", "slow");
        })) {
            model(server, LONG).chat("Hello", handler);

            assertThat(handler.calls).containsExactly("error");
            assertThat(handler.errors.get(0)).isInstanceOf(RateLimitException.class);
            assertThat(HttpStatusException.find(handler.errors.get(0)).flatMap(HttpStatusException::retryAfter))
                    .contains(Duration.ofSeconds(7));
        }
    }

    /** The model reports a malformed event itself and goes on; the client cannot see it. */
    @Test
    void a_malformed_event_is_an_error_and_does_not_break_the_stream() throws Exception {
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.beginStream();
            connection.event(token("a"));
            connection.event("{\"choices\":");
            connection.event(token("b"));
            connection.event(DONE);
            connection.endStream();
        })) {
            model(server, LONG).chat("Hello", handler);

            assertThat(handler.calls).containsExactly("a", "error", "b", "complete");
        }
    }

    @Test
    void a_reset_in_the_middle_is_one_error() throws Exception {
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.beginStream();
            connection.event(token("a"));
            handler.firstToken.await();
            connection.reset();
        })) {
            model(server, LONG).chat("Hello", handler);

            assertThat(handler.calls).containsExactly("a", "error");
            assertThat(handler.errors.get(0)).isInstanceOf(UncheckedIOException.class);
        }
    }

    @Test
    void a_stall_in_the_middle_is_a_timeout() throws Exception {
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.beginStream();
            connection.event(token("a"));
            connection.awaitClosedByClient();
        })) {
            model(server, Duration.ofMillis(1500)).chat("Hello", handler);

            assertThat(handler.calls).containsExactly("a", "error");
            assertThat(handler.errors.get(0))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessage("POST " + server.url()
                            + "/v1/chat/completions failed: the response was silent for 1500 ms");
            server.awaitScript();
        }
    }

    @Test
    void a_cancel_in_the_middle_closes_the_connection_and_is_silent() throws Exception {
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.beginStream();
            connection.event(token("a"));
            connection.awaitClosedByClient();
        })) {
            CompletableFuture<Void> call =
                    CompletableFuture.runAsync(() -> model(server, LONG).chat("Hello", handler));
            handler.firstToken.await();
            handler.handle.cancel();

            call.get(20, TimeUnit.SECONDS);
            server.awaitScript();
            assertThat(handler.calls).containsExactly("a");
        }
    }

    @Test
    void an_interrupt_before_the_first_token_closes_the_connection() throws Exception {
        CountDownLatch received = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            received.countDown();
            connection.awaitClosedByClient();
        })) {
            Thread call = new Thread(() -> model(server, LONG).chat("Hello", handler));
            call.setDaemon(true);
            call.start();
            received.await();
            call.interrupt();

            call.join(20_000);
            server.awaitScript();
            assertThat(handler.calls).containsExactly("error");
            assertThat(handler.errors.get(0))
                    .hasMessage("POST " + server.url()
                            + "/v1/chat/completions failed: interrupted while waiting for the response headers");
        }
    }

    private static StreamingChatModel model(ScriptedServer server, Duration timeout) {
        return OpenAiStreamingChatModel.builder()
                .httpClientBuilder(BlockingHttpClient.builder())
                .baseUrl(server.url() + "/v1")
                .apiKey("sk-test-key")
                .modelName("m")
                .timeout(timeout)
                .build();
    }
}
