package io.fmware.http;

import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lets runs see to which servers the requests of any HTTP client of langchain4j go; {@link BlockingHttpClient} does so by
 * itself.
 *
 * <pre>{@code
 * OpenAiChatModel.builder()
 *         .httpClientBuilder(WatchedHttpClientBuilder.of(HttpClientBuilderLoader.loadHttpClientBuilder()))
 * }</pre>
 *
 * <p>Everything else is left to the client. Not thread-safe; the clients are as thread-safe as those that they stand for.
 */
public final class WatchedHttpClientBuilder implements HttpClientBuilder {
    private HttpClientBuilder delegate;

    private WatchedHttpClientBuilder(HttpClientBuilder delegate) {
        this.delegate = delegate;
    }

    /**
     * Lets runs see the requests of the clients that a builder makes.
     *
     * @param builder makes clients
     * @return a builder to give to a langchain4j model; the given one where it is such already
     */
    public static WatchedHttpClientBuilder of(HttpClientBuilder builder) {
        return builder instanceof WatchedHttpClientBuilder watched
                ? watched
                : new WatchedHttpClientBuilder(Objects.requireNonNull(builder, "builder"));
    }

    @Override
    public @Nullable Duration connectTimeout() {
        return delegate.connectTimeout();
    }

    @Override
    public WatchedHttpClientBuilder connectTimeout(Duration timeout) {
        delegate = delegate.connectTimeout(timeout);
        return this;
    }

    @Override
    public @Nullable Duration readTimeout() {
        return delegate.readTimeout();
    }

    @Override
    public WatchedHttpClientBuilder readTimeout(Duration timeout) {
        delegate = delegate.readTimeout(timeout);
        return this;
    }

    @Override
    public HttpClient build() {
        HttpClient client = delegate.build();
        return client instanceof BlockingHttpClient
                ? client
                : new WatchedHttpClient(client); // that one tells by itself
    }

    private record WatchedHttpClient(HttpClient client) implements HttpClient {

        @Override
        public SuccessfulHttpResponse execute(HttpRequest request) {
            note(request);
            return client.execute(request);
        }

        @Override
        public void execute(HttpRequest request, ServerSentEventListener listener) {
            note(request);
            client.execute(request, listener);
        }

        @Override
        public void execute(HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
            note(request);
            client.execute(request, parser, listener);
        }

        /** An address that cannot be read is for the client to refuse. */
        private static void note(HttpRequest request) {
            URI uri;
            try {
                uri = URI.create(request.url());
            } catch (IllegalArgumentException malformed) {
                return;
            }
            SentRequests.note(request.method().name(), uri);
        }
    }
}
