package io.fmware.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One request under way, waited for by the thread that started it.
 *
 * <p>The headers are taken where they arrive, in the body handler, and not from the future that the JDK's client returns:
 * that one completes on the common pool, which blocked handlers of other libraries may have exhausted. The read timeout is
 * not the JDK's request timeout either, which as of JDK 26 bounds the whole body.
 */
final class Exchange implements HttpResponse.BodyHandler<ResponseBody>, AutoCloseable {

    private final CompletableFuture<HttpResponse.ResponseInfo> head = new CompletableFuture<>();
    private final @Nullable Duration readTimeout;
    private final ResponseBody body;
    private final CompletableFuture<HttpResponse<ResponseBody>> sent;

    private Exchange(HttpClient client, HttpRequest request, @Nullable Duration readTimeout) {
        this.readTimeout = readTimeout;
        this.body = new ResponseBody(readTimeout);
        this.sent = HttpThreads.onCaller(() -> client.sendAsync(request, this));
    }

    static Exchange start(HttpClient client, HttpRequest request, @Nullable Duration readTimeout) {
        Exchange exchange = new Exchange(client, request, readTimeout);
        exchange.sent.exceptionally(failure -> {
            exchange.head.completeExceptionally(failure);
            return null;
        });
        return exchange;
    }

    @Override
    public HttpResponse.BodySubscriber<ResponseBody> apply(HttpResponse.ResponseInfo info) {
        head.complete(info);
        return body;
    }

    HttpResponse.ResponseInfo awaitHead() throws IOException {
        try {
            return readTimeout == null ? head.get() : head.get(readTimeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            close();
            throw new HttpTimeoutException("no response headers within " + readTimeout.toMillis() + " ms");
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for the response headers");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() instanceof CompletionException wrapper ? wrapper.getCause() : e.getCause();
            throw cause instanceof IOException io ? io : new IOException(cause);
        }
    }

    ResponseBody body() {
        return body;
    }

    /** Closes the connection, from any thread, unless the response has been read to its end. */
    @Override
    public void close() {
        body.close();
        if (!head.isDone()) {
            sent.cancel(true);
        }
    }
}
