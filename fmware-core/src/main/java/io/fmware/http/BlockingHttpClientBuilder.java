package io.fmware.http;

import dev.langchain4j.http.client.HttpClientBuilder;
import io.fmware.TimeSource;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Configures a {@link BlockingHttpClient}. Given to a langchain4j model as its {@code httpClientBuilder}, it is told the
 * timeouts by the model, which usually has one {@code timeout} for both. Not thread-safe.
 */
public final class BlockingHttpClientBuilder implements HttpClientBuilder {

    private final List<Consumer<ResponseInfo>> observers = new ArrayList<>();
    private final List<Consumer<HttpClient.Builder>> settings = new ArrayList<>();
    private @Nullable Duration connectTimeout;
    private @Nullable Duration readTimeout;
    private TimeSource time = TimeSource.system();

    BlockingHttpClientBuilder() {}

    @Override
    public @Nullable Duration connectTimeout() {
        return connectTimeout;
    }

    /**
     * Bounds the time to connect.
     *
     * @param timeout the bound; {@code null} for none
     * @return this builder
     */
    @Override
    public BlockingHttpClientBuilder connectTimeout(@Nullable Duration timeout) {
        this.connectTimeout = positive(timeout, "connectTimeout");
        return this;
    }

    @Override
    public @Nullable Duration readTimeout() {
        return readTimeout;
    }

    /**
     * Bounds the wait for the response headers, from the start of the call, and after them each silence between bytes of
     * the body. It does not bound the length of a stream that keeps talking.
     *
     * @param timeout the bound; {@code null} for none
     * @return this builder
     */
    @Override
    public BlockingHttpClientBuilder readTimeout(@Nullable Duration timeout) {
        this.readTimeout = positive(timeout, "readTimeout");
        return this;
    }

    /**
     * Adds an observer of responses. It is called for each response, errors included, on the thread of the call, when the
     * headers have arrived and before anything of the body is read. What it throws is logged and does no harm.
     *
     * @param observer told of each response
     * @return this builder
     */
    public BlockingHttpClientBuilder onResponse(Consumer<ResponseInfo> observer) {
        observers.add(Objects.requireNonNull(observer, "observer"));
        return this;
    }

    /**
     * Adjusts the JDK's client below, for a proxy, TLS or redirects. The HTTP version stays 1.1.
     *
     * @param setting called with the JDK's builder each time a client is built
     * @return this builder
     */
    public BlockingHttpClientBuilder configure(Consumer<HttpClient.Builder> setting) {
        settings.add(Objects.requireNonNull(setting, "setting"));
        return this;
    }

    BlockingHttpClientBuilder time(TimeSource time) {
        this.time = time;
        return this;
    }

    @Override
    public BlockingHttpClient build() {
        return new BlockingHttpClient(this);
    }

    HttpClient jdkClient() {
        HttpClient.Builder builder = HttpClient.newBuilder().executor(HttpThreads.executor());
        if (connectTimeout != null) {
            builder.connectTimeout(connectTimeout);
        }
        settings.forEach(setting -> setting.accept(builder));
        return builder.build();
    }

    List<Consumer<ResponseInfo>> observers() {
        return List.copyOf(observers);
    }

    TimeSource time() {
        return time;
    }

    private static @Nullable Duration positive(@Nullable Duration timeout, String name) {
        if (timeout != null && (timeout.isZero() || timeout.isNegative())) {
            throw new IllegalArgumentException(name + " must be positive: " + timeout);
        }
        return timeout;
    }
}
