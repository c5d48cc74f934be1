package io.fmware.http;

import dev.langchain4j.exception.TimeoutException;
import io.fmware.Causes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpTimeoutException;
import java.util.List;
import java.util.Objects;

/**
 * A request of langchain4j, as the JDK's client takes it and as it may be named in a message: without header values and
 * without the parts of the address that can hold a secret.
 */
final class OutgoingRequest {

    private final dev.langchain4j.http.client.HttpRequest request;
    private final URI uri;
    private final HttpRequest jdk;

    private OutgoingRequest(dev.langchain4j.http.client.HttpRequest request) {
        this.request = request;
        this.uri = callable(request.url());
        this.jdk = translate();
    }

    static OutgoingRequest of(dev.langchain4j.http.client.HttpRequest request) {
        if (!request.formDataFields().isEmpty() || !request.formDataFiles().isEmpty()) {
            throw new UnsupportedOperationException(
                    "BlockingHttpClient does not send multipart form data. Give this model "
                            + "langchain4j's JdkHttpClient (dev.langchain4j:langchain4j-http-client-jdk) instead.");
        }
        return new OutgoingRequest(request);
    }

    HttpRequest jdk() {
        return jdk;
    }

    /** Tells the run of this thread where it goes. */
    void note() {
        SentRequests.note(request.method().name(), uri);
    }

    /** The address without user information, query and fragment. */
    String url() {
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        return uri.getScheme() + "://" + uri.getHost() + port + uri.getRawPath();
    }

    /** Replaces secrets of this request in a text that came from the server. */
    String masked(String text) {
        return Secrets.mask(text, request.headers(), uri);
    }

    /** What to throw for a request that did not get its response. */
    RuntimeException failure(IOException cause) {
        String message = request.method() + " " + url() + " failed: "
                + (cause.getMessage() == null ? deepestMessage(cause) : cause.getMessage());
        if (cause instanceof HttpTimeoutException) {
            return new TimeoutException(message, cause);
        }
        return new UncheckedIOException(message, cause);
    }

    /** The JDK's client wraps failures in messages about its own state; what happened is said at the bottom. */
    static String deepestMessage(Throwable failure) {
        String message = failure.getClass().getSimpleName();
        for (Throwable cause : Causes.of(failure)) {
            message = Objects.requireNonNullElse(cause.getMessage(), message);
        }
        return message;
    }

    /** The exceptions of {@code java.net} quote the whole address, so none of them is passed on. */
    private static URI callable(String url) {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException("The address of the request is malformed.");
        }
        boolean http = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
        if (!http || uri.getHost() == null) {
            throw new IllegalArgumentException("The address of the request must be http or https and name a host.");
        }
        return uri;
    }

    private HttpRequest translate() {
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri).version(HttpClient.Version.HTTP_1_1);
        request.headers().forEach((name, values) -> header(builder, name, values));
        String body = request.body();
        return builder.method(
                        request.method().name(), body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
    }

    /** The exceptions of {@code java.net.http} quote the value, which may be a key with a line break at its end. */
    private static void header(HttpRequest.Builder builder, String name, List<String> values) {
        try {
            values.forEach(value -> builder.header(name, value));
        } catch (IllegalArgumentException refused) {
            throw new IllegalArgumentException("The header " + name
                    + " cannot be sent: the client reserves it, or its value has a character that HTTP does not allow,"
                    + " such as a line break.");
        }
    }
}
