package io.fmware.http;

import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParsingHandle;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a parser and the user's listener: nothing passes after the end of the stream, a listener that throws ends
 * its stream, and a cancel closes the connection.
 */
final class GuardedListener implements ServerSentEventListener {

    private final StreamEnd end;
    private final Exchange exchange;
    private final OutgoingRequest outgoing;
    private @Nullable ServerSentEventContext context;
    private @Nullable ServerSentEventContext guarded;

    GuardedListener(StreamEnd end, Exchange exchange, OutgoingRequest outgoing) {
        this.end = end;
        this.exchange = exchange;
        this.outgoing = outgoing;
    }

    @Override
    public void onOpen(SuccessfulHttpResponse response) {
        deliver(() -> end.listener().onOpen(response));
    }

    @Override
    public void onEvent(ServerSentEvent event) {
        deliver(() -> end.listener().onEvent(event));
    }

    @Override
    public void onEvent(ServerSentEvent event, ServerSentEventContext context) {
        deliver(() -> end.listener().onEvent(event, guarded(context)));
    }

    @Override
    public void onError(Throwable failure) {
        end.failed(failure instanceof IOException io ? outgoing.failure(io) : failure);
    }

    @Override
    public void onClose() {
        end.closed();
    }

    private void deliver(Runnable event) {
        if (end.isOver()) {
            return;
        }
        try {
            event.run();
        } catch (RuntimeException e) {
            exchange.close();
            end.failed(e);
        }
    }

    /** A parser gives the same context with each event; so do we. */
    private ServerSentEventContext guarded(ServerSentEventContext given) {
        if (guarded == null || context != given) {
            context = given;
            guarded = new ServerSentEventContext(new Handle(given.parsingHandle()));
        }
        return guarded;
    }

    private final class Handle implements ServerSentEventParsingHandle {

        private final ServerSentEventParsingHandle parsing;

        Handle(ServerSentEventParsingHandle parsing) {
            this.parsing = parsing;
        }

        @Override
        public void cancel() {
            end.cancelled();
            try {
                parsing.cancel();
            } finally {
                exchange.close();
            }
        }

        @Override
        public boolean isCancelled() {
            return parsing.isCancelled();
        }
    }
}
