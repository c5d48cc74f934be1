package io.fmware.http;

import static io.fmware.http.Calls.SHORT;
import static io.fmware.http.Calls.post;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.http.client.HttpMethod;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import io.fmware.TimeSource;
import io.fmware.http.Calls.Running;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BlockingHttpClientTest {

    private final BlockingHttpClient client =
            BlockingHttpClient.builder().readTimeout(Duration.ofSeconds(20)).build();

    @Test
    void a_response_has_status_headers_and_body() throws Exception {
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.respond("201 Created", "X-Request-Id: r-1\r\n", "grün");
        })) {
            SuccessfulHttpResponse response = client.execute(post(server));

            assertThat(response.statusCode()).isEqualTo(201);
            assertThat(response.body()).isEqualTo("grün");
            assertThat(response.headers()).containsEntry("x-request-id", List.of("r-1"));
        }
    }

    @Test
    void the_request_is_plain_http_1_1_without_an_upgrade_to_http_2() throws Exception {
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.respond("200 OK", "", "");
        })) {
            client.execute(post(server));

            String request = server.requests().get(0);
            assertThat(request)
                    .startsWith("POST /v1/chat HTTP/1.1\r\n")
                    .contains("Content-Type: application/json\r\n")
                    .endsWith("\r\n\r\n{\"question\":\"größer?\"}");
            assertThat(request.toLowerCase(Locale.ROOT)).doesNotContain("upgrade", "http2-settings", "h2c");
        }
    }

    @Test
    void a_connection_is_used_again_after_a_response_was_read() throws Exception {
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            for (int i = 1; i <= 2; i++) {
                connection.receive();
                connection.respond("200 OK", "", "answer " + i);
            }
        })) {
            client.execute(post(server));

            assertThat(client.execute(post(server)).body()).isEqualTo("answer 2");
        }
    }

    @Test
    void an_error_carries_its_headers_and_its_body_is_the_message() throws Exception {
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.respond(
                    "429 Too Many Requests", "Retry-After: 7\r\nx-ratelimit-remaining-tokens: 0\r\n", "slow");
        })) {
            HttpStatusException failure =
                    catchThrowableOfType(HttpStatusException.class, () -> client.execute(post(server)));

            assertThat(failure).hasMessage("slow").hasNoCause();
            assertThat(failure.statusCode()).isEqualTo(429);
            assertThat(failure.retryAfter()).contains(Duration.ofSeconds(7));
            assertThat(failure.response().header("X-RateLimit-Remaining-Tokens"))
                    .contains("0");
        }
    }

    @Test
    void an_endless_error_body_is_cut_and_its_connection_closed() throws Exception {
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.send("HTTP/1.1 500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n");
            byte[] chunk = "x".repeat(70_000).getBytes(UTF_8);
            connection.chunk(chunk);
            connection.awaitClosedByClient();
        })) {
            HttpStatusException failure =
                    catchThrowableOfType(HttpStatusException.class, () -> client.execute(post(server)));

            assertThat(failure.getMessage()).isEqualTo("x".repeat(64 * 1024));
            server.awaitScript();
        }
    }

    @Test
    void an_error_body_that_breaks_off_yields_what_had_arrived() throws Exception {
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.send("HTTP/1.1 503 Busy\r\nContent-Length: 100\r\n\r\nback soon");
        })) {
            assertThatThrownBy(() -> client.execute(post(server)))
                    .isInstanceOf(HttpStatusException.class)
                    .hasMessage("back soon");
        }
    }

    @Test
    void observers_see_every_response_and_cannot_break_it() throws Exception {
        List<ResponseInfo> seen = new CopyOnWriteArrayList<>();
        BlockingHttpClient observed = BlockingHttpClient.builder()
                .onResponse(info -> {
                    throw new IllegalStateException("observer");
                })
                .onResponse(seen::add)
                .build();
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.respond("200 OK", "x-ratelimit-limit-requests: 60\r\n", "fine");
            connection.receive();
            connection.respond("401 Unauthorized", "", "who are you?");
        })) {
            assertThat(observed.execute(post(server)).body()).isEqualTo("fine");
            assertThatThrownBy(() -> observed.execute(post(server.url() + "/v1/chat?api_key=sk-12345678#part")))
                    .isInstanceOf(HttpStatusException.class);

            assertThat(seen).extracting(ResponseInfo::statusCode).containsExactly(200, 401);
            assertThat(seen).extracting(ResponseInfo::url).containsOnly(server.url() + "/v1/chat");
            assertThat(seen.get(0).header("X-RateLimit-Limit-Requests")).contains("60");
            assertThat(seen.get(0).elapsed()).isPositive();
        }
    }

    @Test
    void a_server_that_does_not_answer_is_a_timeout_and_its_connection_is_closed() throws Exception {
        BlockingHttpClient impatient =
                BlockingHttpClient.builder().readTimeout(SHORT).build();
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.awaitClosedByClient();
        })) {
            assertThatThrownBy(() -> impatient.execute(post(server)))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessage("POST " + server.url() + "/v1/chat failed: no response headers within 1500 ms");
            server.awaitScript();
        }
    }

    @Test
    void a_body_that_falls_silent_is_a_timeout_and_its_connection_is_closed() throws Exception {
        BlockingHttpClient impatient =
                BlockingHttpClient.builder().readTimeout(SHORT).build();
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
            connection.awaitClosedByClient();
        })) {
            assertThatThrownBy(() -> impatient.execute(post(server)))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessage("POST " + server.url() + "/v1/chat failed: the response was silent for 1500 ms");
            server.awaitScript();
        }
    }

    @Test
    void an_interrupt_before_the_headers_closes_the_connection() throws Exception {
        CountDownLatch received = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            received.countDown();
            connection.awaitClosedByClient();
        })) {
            Running call = new Running(() -> assertThatThrownBy(() -> client.execute(post(server)))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessage("POST " + server.url()
                            + "/v1/chat failed: interrupted while waiting for the response headers"));
            received.await();
            call.interrupt();

            assertThat(call.await()).isTrue();
            server.awaitScript();
        }
    }

    @Test
    void a_refused_connection_names_the_address() throws Exception {
        int port;
        try (ServerSocket unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = unused.getLocalPort();
        }

        assertThatThrownBy(() -> client.execute(post("http://127.0.0.1:" + port + "/v1")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("POST http://127.0.0.1:" + port + "/v1 failed: ConnectException");
    }

    /** A server that accepts nothing leaves connections in its backlog, and when that is full, unanswered. */
    @Test
    void a_connection_that_is_not_made_in_time_is_a_timeout() throws Exception {
        BlockingHttpClient impatient =
                BlockingHttpClient.builder().connectTimeout(SHORT).build();
        List<SocketChannel> waiting = new ArrayList<>();
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            for (int i = 0; i < 4; i++) {
                SocketChannel channel = SocketChannel.open();
                waiting.add(channel);
                channel.configureBlocking(false);
                channel.connect(deaf.getLocalSocketAddress());
            }
            String url = "http://127.0.0.1:" + deaf.getLocalPort() + "/v1";

            assertThatThrownBy(() -> impatient.execute(post(url)))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessage("POST " + url + " failed: HTTP connect timed out");
        } finally {
            for (SocketChannel channel : waiting) {
                channel.close();
            }
        }
    }

    @Test
    void a_date_to_come_back_is_counted_by_the_injected_clock() throws Exception {
        BlockingHttpClient dated = BlockingHttpClient.builder()
                .time(new FrozenTime(Instant.parse("2026-11-21T10:00:00Z")))
                .build();
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.respond("503 Busy", "Retry-After: Sat, 21 Nov 2026 10:02:00 GMT\r\n", "");
        })) {
            HttpStatusException failure =
                    catchThrowableOfType(HttpStatusException.class, () -> dated.execute(post(server)));

            assertThat(failure.retryAfter()).contains(Duration.ofMinutes(2));
            assertThat(failure.response()).hasToString("503 from " + server.url() + "/v1/chat after 0 ms");
        }
    }

    @Test
    void a_connection_closed_without_a_response_is_an_io_failure() throws Exception {
        try (ScriptedServer server = ScriptedServer.serving(ScriptedServer.Connection::receive)) {
            assertThatThrownBy(() -> client.execute(post(server)))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageStartingWith("POST " + server.url() + "/v1/chat failed: ");
        }
    }

    @Test
    void the_client_below_can_be_configured() throws Exception {
        BlockingHttpClient following = BlockingHttpClient.builder()
                .configure(jdk -> jdk.followRedirects(HttpClient.Redirect.NORMAL))
                .build();
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.respond("303 See Other", "Location: /elsewhere\r\n", "");
            connection.receive();
            connection.respond("200 OK", "", "here");
        })) {
            assertThat(following.execute(post(server)).body()).isEqualTo("here");
        }
    }

    @Test
    void multipart_form_data_is_refused_with_the_cure() {
        HttpRequest multipart = HttpRequest.builder()
                .method(HttpMethod.POST)
                .url("http://127.0.0.1/v1/files")
                .addFormDataField("purpose", "batch")
                .build();

        assertThatThrownBy(() -> client.execute(multipart))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage("BlockingHttpClient does not send multipart form data. Give this model langchain4j's"
                        + " JdkHttpClient (dev.langchain4j:langchain4j-http-client-jdk) instead.");
    }

    @Test
    void timeouts_must_be_positive_and_may_be_absent() {
        assertThatThrownBy(() -> BlockingHttpClient.builder().readTimeout(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("readTimeout must be positive: PT0S");
        assertThatThrownBy(() -> BlockingHttpClient.builder().connectTimeout(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("connectTimeout must be positive: PT-1S");
        assertThat(BlockingHttpClient.builder().readTimeout(null).build())
                .hasToString("BlockingHttpClient[connectTimeout=null, readTimeout=null]");
    }

    private record FrozenTime(Instant instant) implements TimeSource {

        @Override
        public long nanoTime() {
            return 0;
        }

        @Override
        public void await(Condition condition, Lock lock, long untilNanos) {
            throw new UnsupportedOperationException("Nothing waits on it here.");
        }
    }
}
