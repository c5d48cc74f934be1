package io.fmware.http;

import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import io.fmware.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HTTP client for langchain4j's models that does everything on the calling thread: a stream is parsed and its listener
 * called by the thread that started it, and {@code execute} returns when the stream has ended. On virtual threads that
 * lets as many streams run as there are sockets.
 *
 * <pre>{@code
 * OpenAiStreamingChatModel.builder()
 *         .httpClientBuilder(BlockingHttpClient.builder().onResponse(info -> limits.read(info.headers())))
 * }</pre>
 *
 * <p>What a stream may rely on:
 * <ul>
 *   <li>exactly one of {@code onClose} and {@code onError} is called, last; a listener that throws ends its stream;
 *   <li>interrupting the thread closes the connection at once and ends in {@code onError}, with the interrupt status set;
 *   <li>cancelling through the parsing handle, from any thread, closes the connection at once and is silent: the listener
 *       hears nothing more and {@code execute} returns;
 *   <li>the read timeout bounds the wait for the response headers and each silence of the body, and ends in langchain4j's
 *       {@code TimeoutException};
 *   <li>a response other than 2xx is an {@link HttpStatusException}, which carries the headers;
 *   <li>a failed connection is an {@link java.io.UncheckedIOException}.
 * </ul>
 *
 * <p>It speaks HTTP/1.1 over the JDK's client, follows no redirects and puts neither headers nor query strings of a request
 * into its messages. Multipart form data is not supported. Instances are thread-safe and need not be closed.
 */
public final class BlockingHttpClient implements HttpClient {

    private static final Logger log = LoggerFactory.getLogger(BlockingHttpClient.class);

    private final java.net.http.HttpClient client;
    private final @Nullable Duration connectTimeout;
    private final @Nullable Duration readTimeout;
    private final List<Consumer<ResponseInfo>> observers;
    private final TimeSource time;

    BlockingHttpClient(BlockingHttpClientBuilder builder) {
        this.client = builder.jdkClient();
        this.connectTimeout = builder.connectTimeout();
        this.readTimeout = builder.readTimeout();
        this.observers = builder.observers();
        this.time = builder.time();
    }

    /**
     * Starts to configure a client.
     *
     * @return a builder to give to a langchain4j model
     */
    public static BlockingHttpClientBuilder builder() {
        return new BlockingHttpClientBuilder();
    }

    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
        OutgoingRequest outgoing = OutgoingRequest.of(request);
        long start = time.nanoTime();
        outgoing.note();
        try (Exchange exchange = Exchange.start(client, outgoing.jdk(), readTimeout)) {
            ResponseInfo info = awaitSuccess(exchange, outgoing, start);
            return response(info, exchange.body().readAllBytes());
        } catch (IOException e) {
            throw outgoing.failure(e);
        }
    }

    @Override
    public void execute(HttpRequest request, ServerSentEventListener listener) {
        execute(request, new LeanEventParser(), listener);
    }

    @Override
    public void execute(HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
        Objects.requireNonNull(request, "request");
        Objects.requireNonNull(parser, "parser");
        StreamEnd end = new StreamEnd(Objects.requireNonNull(listener, "listener"));
        try {
            stream(OutgoingRequest.of(request), parser, end);
        } catch (RuntimeException e) {
            end.failed(e);
        } catch (Error e) {
            end.failed(e);
            throw e;
        }
    }

    private void stream(OutgoingRequest outgoing, ServerSentEventParser parser, StreamEnd end) {
        long start = time.nanoTime();
        outgoing.note();
        try (Exchange exchange = Exchange.start(client, outgoing.jdk(), readTimeout)) {
            ResponseInfo info = awaitSuccess(exchange, outgoing, start);
            GuardedListener guarded = new GuardedListener(end, exchange, outgoing);
            guarded.onOpen(response(info, null));
            parser.parse(exchange.body(), guarded);
            guarded.onClose();
        } catch (IOException e) {
            end.failed(outgoing.failure(e));
        }
    }

    private ResponseInfo awaitSuccess(Exchange exchange, OutgoingRequest outgoing, long start) throws IOException {
        var head = exchange.awaitHead();
        ResponseInfo info = new ResponseInfo(
                head.statusCode(),
                head.headers().map(),
                outgoing.url(),
                Duration.ofNanos(time.nanoTime() - start),
                time.instant());
        observers.forEach(observer -> tell(observer, info));
        if (head.statusCode() < 200 || head.statusCode() > 299) {
            throw new HttpStatusException(info, outgoing.masked(exchange.body().readErrorText()));
        }
        return info;
    }

    private static void tell(Consumer<ResponseInfo> observer, ResponseInfo info) {
        try {
            observer.accept(info);
        } catch (RuntimeException e) {
            log.warn("An observer of HTTP responses failed; the response itself is not affected.", e);
        }
    }

    private static SuccessfulHttpResponse response(ResponseInfo info, byte @Nullable [] body) {
        return SuccessfulHttpResponse.builder()
                .statusCode(info.statusCode())
                .headers(info.headers())
                .body(body)
                .build();
    }

    @Override
    public String toString() {
        return "BlockingHttpClient[connectTimeout=" + connectTimeout + ", readTimeout=" + readTimeout + "]";
    }
}
