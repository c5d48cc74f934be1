package io.fmware.http;

import static io.fmware.http.Calls.SHORT;
import static io.fmware.http.Calls.post;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.DefaultServerSentEventParser;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import io.fmware.http.Calls.Running;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BlockingStreamTest {

    private final BlockingHttpClient client =
            BlockingHttpClient.builder().readTimeout(Duration.ofSeconds(20)).build();
    private final RecordingListener listener = new RecordingListener();

    @Test
    void events_and_one_end_come_in_order_on_the_calling_thread() throws Exception {
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.beginStream();
            connection.event("1");
            connection.event("2");
            connection.endStream();
        })) {
            client.execute(post(server), listener);

            assertThat(listener.calls).containsExactly("open 200", "event 1", "event 2", "close");
            assertThat(listener.threads).containsOnly(Thread.currentThread());
        }
    }

    @Test
    void a_parser_of_langchain4j_serves_as_well() throws Exception {
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.beginStream();
            connection.event("1");
            connection.endStream();
        })) {
            client.execute(post(server), new DefaultServerSentEventParser(), listener);

            assertThat(listener.calls).containsExactly("open 200", "event 1", "close");
        }
    }

    @Test
    void characters_survive_when_every_byte_is_a_packet() throws Exception {
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.beginStream();
            for (byte single : "data: grün 日本 🙂\r\n\r\ndata: ß\n\n".getBytes(UTF_8)) {
                connection.chunk(new byte[] {single});
            }
            connection.endStream();
        })) {
            client.execute(post(server), listener);

            assertThat(listener.calls).containsExactly("open 200", "event grün 日本 🙂", "event ß", "close");
        }
    }

    @Test
    void an_error_status_is_told_once() throws Exception {
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.respond("429 Too Many Requests", "Retry-After: 3\r\n", "slow");
        })) {
            client.execute(post(server), listener);

            assertThat(listener.calls).containsExactly("error");
            assertThat(listener.errors.get(0))
                    .isInstanceOf(HttpStatusException.class)
                    .hasMessage("slow");
            assertThat(HttpStatusException.find(listener.errors.get(0))
                            .orElseThrow()
                            .retryAfter())
                    .contains(Duration.ofSeconds(3));
        }
    }

    @Test
    void a_request_that_cannot_be_sent_is_told_as_well() {
        client.execute(post("nowhere"), listener);

        assertThat(listener.calls).containsExactly("error");
        assertThat(listener.errors.get(0))
                .hasMessage("The address of the request must be http or https and name a host.");
    }

    @Test
    void a_reset_in_the_middle_is_one_error() throws Exception {
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.beginStream();
            connection.event("1");
            listener.firstEvent.await();
            connection.reset();
        })) {
            client.execute(post(server), listener);

            assertThat(listener.calls).containsExactly("open 200", "event 1", "error");
            assertThat(listener.errors.get(0))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessage("POST " + server.url() + "/v1/chat failed: the response broke off: Connection reset");
        }
    }

    @Test
    void a_stream_cut_short_is_one_error() throws Exception {
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.beginStream();
            connection.event("1");
        })) {
            client.execute(post(server), listener);

            assertThat(listener.calls).containsExactly("open 200", "event 1", "error");
            assertThat(listener.errors.get(0))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageStartingWith("POST " + server.url() + "/v1/chat failed: the response broke off: ");
        }
    }

    @Test
    void a_stall_in_the_middle_is_a_timeout_and_closes_the_connection() throws Exception {
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.beginStream();
            connection.event("1");
            connection.awaitClosedByClient();
        })) {
            BlockingHttpClient.builder().readTimeout(SHORT).build().execute(post(server), listener);

            assertThat(listener.calls).containsExactly("open 200", "event 1", "error");
            assertThat(listener.errors.get(0))
                    .isInstanceOf(TimeoutException.class)
                    .hasMessage("POST " + server.url() + "/v1/chat failed: the response was silent for 1500 ms");
            server.awaitScript();
        }
    }

    @Test
    void a_cancel_from_another_thread_closes_the_connection_and_is_silent() throws Exception {
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.beginStream();
            connection.event("1");
            connection.awaitClosedByClient();
        })) {
            Running call = new Running(() -> client.execute(post(server), listener));
            listener.firstEvent.await();
            listener.handle.cancel();

            assertThat(call.await()).isFalse();
            server.awaitScript();
            assertThat(listener.calls).containsExactly("open 200", "event 1");
            assertThat(listener.handle.isCancelled()).isTrue();
        }
    }

    @Test
    void a_cancel_by_the_listener_holds_back_what_has_already_arrived() throws Exception {
        RecordingListener cancelling = new RecordingListener() {
            @Override
            public void onEvent(ServerSentEvent event, ServerSentEventContext context) {
                super.onEvent(event, context);
                handle.cancel();
            }
        };
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.beginStream();
            connection.chunk("data: 1\n\ndata: 2\n\n".getBytes(UTF_8));
            connection.awaitClosedByClient();
        })) {
            client.execute(post(server), cancelling);

            assertThat(cancelling.calls).containsExactly("open 200", "event 1");
            server.awaitScript();
        }
    }

    @Test
    void an_interrupt_before_the_headers_closes_the_connection_and_is_one_error() throws Exception {
        CountDownLatch received = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            received.countDown();
            connection.awaitClosedByClient();
        })) {
            Running call = new Running(() -> client.execute(post(server), listener));
            received.await();
            call.interrupt();

            assertThat(call.await()).isTrue();
            server.awaitScript();
            assertThat(listener.calls).containsExactly("error");
        }
    }

    @Test
    void an_interrupt_before_the_first_event_closes_the_connection_and_is_one_error() throws Exception {
        CountDownLatch open = new CountDownLatch(1);
        RecordingListener opening = new RecordingListener() {
            @Override
            public void onOpen(SuccessfulHttpResponse response) {
                super.onOpen(response);
                open.countDown();
            }
        };
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.beginStream();
            connection.awaitClosedByClient();
        })) {
            Running call = new Running(() -> client.execute(post(server), opening));
            open.await();
            call.interrupt();

            assertThat(call.await()).isTrue();
            server.awaitScript();
            assertThat(opening.calls).containsExactly("open 200", "error");
            assertThat(opening.errors.get(0))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessage("POST " + server.url() + "/v1/chat failed: interrupted while reading the response");
        }
    }

    @Test
    void an_interrupt_in_the_middle_closes_the_connection_and_is_one_error() throws Exception {
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.beginStream();
            connection.event("1");
            connection.awaitClosedByClient();
        })) {
            Running call = new Running(() -> client.execute(post(server), listener));
            listener.firstEvent.await();
            call.interrupt();

            assertThat(call.await()).isTrue();
            server.awaitScript();
            assertThat(listener.calls).containsExactly("open 200", "event 1", "error");
        }
    }

    @Test
    void a_listener_that_throws_ends_its_stream() throws Exception {
        RecordingListener failing = new RecordingListener() {
            @Override
            public void onEvent(ServerSentEvent event, ServerSentEventContext context) {
                super.onEvent(event, context);
                throw new IllegalStateException("listener");
            }
        };
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.beginStream();
            connection.chunk("data: 1\n\ndata: 2\n\n".getBytes(UTF_8));
            connection.awaitClosedByClient();
        })) {
            client.execute(post(server), failing);

            assertThat(failing.calls).containsExactly("open 200", "event 1", "error");
            assertThat(failing.errors.get(0)).hasMessage("listener");
            server.awaitScript();
        }
    }

    @Test
    void a_listener_that_throws_at_the_end_is_not_told_a_second_end() throws Exception {
        RecordingListener failing = new RecordingListener() {
            @Override
            public void onClose() {
                super.onClose();
                throw new IllegalStateException("end");
            }
        };
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.beginStream();
            connection.endStream();
        })) {
            client.execute(post(server), failing);

            assertThat(failing.calls).containsExactly("open 200", "close");
        }
    }

    @Test
    void an_error_of_the_jvm_is_told_and_thrown() throws Exception {
        RecordingListener failing = new RecordingListener() {
            @Override
            public void onEvent(ServerSentEvent event, ServerSentEventContext context) {
                throw new StackOverflowError("deep");
            }
        };
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.beginStream();
            connection.event("1");
            connection.awaitClosedByClient();
        })) {
            assertThatThrownBy(() -> client.execute(post(server), failing)).isInstanceOf(StackOverflowError.class);

            assertThat(failing.calls).containsExactly("open 200", "error");
            server.awaitScript();
        }
    }

    @Test
    void a_parser_that_stops_early_closes_the_stream_and_the_connection() throws Exception {
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.beginStream();
            connection.awaitClosedByClient();
        })) {
            client.execute(
                    post(server),
                    (body, told) -> told.onEvent(new ServerSentEvent(null, "mine")),
                    new RecordingListener() {
                        @Override
                        public void onEvent(ServerSentEvent event) {
                            listener.record("plain event " + event.data());
                        }

                        @Override
                        public void onClose() {
                            listener.record("close");
                        }
                    });

            assertThat(listener.calls).containsExactly("plain event mine", "close");
            server.awaitScript();
        }
    }

    @Test
    void a_parser_that_throws_is_one_error() throws Exception {
        try (ScriptedServer server = ScriptedServer.serving(connection -> {
            connection.receive();
            connection.beginStream();
            connection.awaitClosedByClient();
        })) {
            client.execute(
                    post(server),
                    (body, told) -> {
                        throw new IllegalStateException("parser");
                    },
                    listener);

            assertThat(listener.calls).containsExactly("open 200", "error");
            assertThat(listener.errors.get(0)).hasMessage("parser");
            server.awaitScript();
        }
    }
}
