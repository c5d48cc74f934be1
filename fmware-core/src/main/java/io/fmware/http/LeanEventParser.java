package io.fmware.http;

import dev.langchain4j.http.client.sse.DefaultServerSentEventParsingHandle;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import dev.langchain4j.http.client.sse.ServerSentEventParsingHandle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Finds the same events as langchain4j's {@code DefaultServerSentEventParser}, which holds 24 KB of buffers for each open
 * stream, a third of what a waiting stream costs. This one holds the line that is arriving. It reads byte by byte, so the
 * stream must be one that has its bytes in memory.
 */
final class LeanEventParser implements ServerSentEventParser {

    private static final int END = -1;

    /** No event of a model comes near it; without an end to it a server could fill the heap with one line. */
    static final int MOST_BYTES = 32 * 1024 * 1024;

    @Override
    public void parse(InputStream body, ServerSentEventListener listener) {
        ServerSentEventParsingHandle handle = new DefaultServerSentEventParsingHandle(body);
        Event event = new Event(listener, new ServerSentEventContext(handle));
        Lines lines = new Lines(body);
        try (body) {
            String line;
            while (!handle.isCancelled() && (line = lines.next()) != null) {
                event.take(line);
            }
            if (!handle.isCancelled()) {
                event.dispatch();
            }
        } catch (IOException e) {
            listener.onError(e);
        }
    }

    private static void refuseOversized(String what, int size) throws IOException {
        if (size > MOST_BYTES) {
            throw new IOException("the server sent " + what + " of more than " + MOST_BYTES
                    + " bytes in a stream of events; it does not speak this protocol");
        }
    }

    /** Splits at line feed, carriage return or both; a line is decoded as a whole, so no character is ever cut. */
    private static final class Lines {

        private final InputStream body;
        private final ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        private boolean afterReturn;

        Lines(InputStream body) {
            this.body = body;
        }

        @Nullable
        String next() throws IOException {
            int read = body.read();
            if (read == '\n' && afterReturn) {
                read = body.read();
            }
            if (read == END) {
                return null;
            }
            while (read != '\n' && read != '\r' && read != END) {
                refuseOversized("a line", line.size() + 1);
                line.write(read);
                read = body.read();
            }
            afterReturn = read == '\r';
            String text = line.toString(StandardCharsets.UTF_8);
            line.reset();
            return text;
        }
    }

    private static final class Event {

        private final ServerSentEventListener listener;
        private final ServerSentEventContext context;
        private final StringBuilder data = new StringBuilder();
        private @Nullable String name;

        Event(ServerSentEventListener listener, ServerSentEventContext context) {
            this.listener = listener;
            this.context = context;
        }

        void take(String line) throws IOException {
            if (line.isEmpty()) {
                dispatch();
            } else if (line.startsWith("event:")) {
                name = line.substring("event:".length()).trim();
            } else if (line.startsWith("data:")) {
                if (!data.isEmpty()) {
                    data.append('\n');
                }
                data.append(line.substring("data:".length()).trim());
                refuseOversized("an event", data.length());
            }
        }

        void dispatch() {
            if (!data.isEmpty()) {
                ServerSentEvent event = new ServerSentEvent(name, data.toString());
                name = null;
                data.setLength(0);
                listener.onEvent(event, context);
            }
        }
    }
}
