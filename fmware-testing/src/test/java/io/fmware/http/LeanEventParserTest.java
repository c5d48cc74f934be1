package io.fmware.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.http.client.sse.DefaultServerSentEventParser;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class LeanEventParserTest {

    private static final List<String> PIECES = List.of(
            "data:",
            "data: ",
            "data",
            "event:",
            "event: ",
            "id: 7",
            "retry: 10",
            ":",
            ": ping",
            "\n",
            "\n",
            "\n\n",
            "\r\n",
            "\r\n\r\n",
            "\r",
            " ",
            "x",
            "grün",
            "日本",
            "🙂",
            "{\"a\":1}",
            "[DONE]",
            "\t",
            "\uFEFF");

    @Test
    void it_finds_the_events_that_langchain4js_parser_finds() {
        Random random = new Random(20261121);
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(24); i > 0; i--) {
                text.append(PIECES.get(random.nextInt(PIECES.size())));
            }
            byte[] bytes = text.toString().getBytes(UTF_8);

            assertThat(parse(new LeanEventParser(), bytes))
                    .as("round %d: %s", round, text)
                    .isEqualTo(parse(new DefaultServerSentEventParser(), bytes));
        }
    }

    @Test
    void it_finds_the_events_that_langchain4js_parser_finds_in_any_bytes() {
        Random random = new Random(7);
        for (int round = 0; round < 5_000; round++) {
            byte[] noise = new byte[random.nextInt(64)];
            random.nextBytes(noise);
            for (int i = 3; i < noise.length; i += 5) {
                noise[i] = '\n';
            }
            byte[] bytes = new byte[noise.length + 6];
            System.arraycopy("data: ".getBytes(UTF_8), 0, bytes, 0, 6);
            System.arraycopy(noise, 0, bytes, 6, noise.length);

            assertThat(parse(new LeanEventParser(), bytes))
                    .as("round %d", round)
                    .isEqualTo(parse(new DefaultServerSentEventParser(), bytes));
        }
    }

    @Test
    void nothing_is_delivered_after_a_cancel() {
        List<ServerSentEvent> events = new ArrayList<>();
        new LeanEventParser()
                .parse(
                        new ByteArrayInputStream("data: 1\n\ndata: 2\n\n".getBytes(UTF_8)),
                        new ServerSentEventListener() {
                            @Override
                            public void onEvent(ServerSentEvent event, ServerSentEventContext context) {
                                events.add(event);
                                context.parsingHandle().cancel();
                                assertThat(context.parsingHandle().isCancelled())
                                        .isTrue();
                            }

                            @Override
                            public void onError(Throwable throwable) {
                                throw new AssertionError(throwable);
                            }
                        });

        assertThat(events).containsExactly(new ServerSentEvent(null, "1"));
    }

    @Test
    void a_line_or_an_event_without_an_end_is_refused_before_it_fills_the_heap() {
        assertThat(failure(endless("data: x")))
                .isInstanceOf(IOException.class)
                .hasMessage("the server sent a line of more than 33554432 bytes in a stream of events; it does not"
                        + " speak this protocol");
        assertThat(failure(endless("data: " + "x".repeat(1000) + "\n")))
                .isInstanceOf(IOException.class)
                .hasMessage("the server sent an event of more than 33554432 bytes in a stream of events; it does not"
                        + " speak this protocol");
    }

    private static InputStream endless(String repeated) {
        byte[] bytes = repeated.getBytes(UTF_8);
        return new InputStream() {
            private int at;

            @Override
            public int read() {
                return bytes[at++ % bytes.length];
            }

            @Override
            public int read(byte[] to, int offset, int length) {
                for (int i = 0; i < length; i++) {
                    to[offset + i] = (byte) read();
                }
                return length;
            }
        };
    }

    private static Throwable failure(InputStream body) {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        new LeanEventParser().parse(body, new ServerSentEventListener() {
            @Override
            public void onEvent(ServerSentEvent event, ServerSentEventContext context) {
                throw new AssertionError(event);
            }

            @Override
            public void onError(Throwable error) {
                failure.set(error);
            }
        });
        return failure.get();
    }

    private static List<ServerSentEvent> parse(ServerSentEventParser parser, byte[] bytes) {
        List<ServerSentEvent> events = new ArrayList<>();
        parser.parse(new ByteArrayInputStream(bytes), new ServerSentEventListener() {
            @Override
            public void onEvent(ServerSentEvent event, ServerSentEventContext context) {
                events.add(event);
            }

            @Override
            public void onError(Throwable throwable) {
                throw new AssertionError(throwable);
            }
        });
        return events;
    }
}
