package io.fmware.http;

import dev.langchain4j.http.client.sse.ServerSentEventListener;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The end of a stream, which comes once: closed, failed, or cancelled without a word. Thread-safe. */
final class StreamEnd {

    private static final Logger log = LoggerFactory.getLogger(StreamEnd.class);

    private final ServerSentEventListener listener;
    private final AtomicBoolean over = new AtomicBoolean();

    StreamEnd(ServerSentEventListener listener) {
        this.listener = listener;
    }

    ServerSentEventListener listener() {
        return listener;
    }

    boolean isOver() {
        return over.get();
    }

    void cancelled() {
        over.set(true);
    }

    void closed() {
        once(ServerSentEventListener::onClose);
    }

    void failed(Throwable failure) {
        once(told -> told.onError(failure));
    }

    private void once(Consumer<ServerSentEventListener> last) {
        if (over.compareAndSet(false, true)) {
            try {
                last.accept(listener);
            } catch (RuntimeException e) {
                log.warn("A listener failed when it was told the end of its stream.", e);
            }
        }
    }
}
