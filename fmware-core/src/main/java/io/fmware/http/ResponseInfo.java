package io.fmware.http;

import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is known of an HTTP response when its headers have arrived. Immutable. {@code toString()} leaves the headers out,
 * because they can hold cookies and account names.
 */
public final class ResponseInfo implements Serializable {

    /** The status. */
    private final int statusCode;

    /** Sorted without regard to case. */
    private final TreeMap<String, List<String>> headers;

    /** Without anything that may be secret. */
    private final String url;

    /** Until the headers had arrived. */
    private final Duration elapsed;

    /** The moment that a wait is counted from. */
    private final Instant receivedAt;

    ResponseInfo(int statusCode, Map<String, List<String>> headers, String url, Duration elapsed, Instant receivedAt) {
        this.statusCode = statusCode;
        this.headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.forEach((name, values) -> this.headers.put(name, List.copyOf(values)));
        this.url = url;
        this.elapsed = elapsed;
        this.receivedAt = receivedAt;
    }

    /**
     * The status of the response.
     *
     * @return a number such as 200 or 429
     */
    public int statusCode() {
        return statusCode;
    }

    /**
     * All headers of the response.
     *
     * @return values by name; a name is found in any case
     */
    public Map<String, List<String>> headers() {
        return Collections.unmodifiableMap(headers);
    }

    /**
     * The first value of a header.
     *
     * @param name the name, in any case
     * @return the value, or empty if the response does not have the header
     */
    public Optional<String> header(String name) {
        return headers.getOrDefault(name, List.of()).stream().findFirst();
    }

    /**
     * The address that was called.
     *
     * @return the address without user information, query and fragment, which can hold secrets
     */
    public String url() {
        return url;
    }

    /**
     * How long the headers took.
     *
     * @return the time from the start of the call until the headers had arrived
     */
    public Duration elapsed() {
        return elapsed;
    }

    /**
     * When the headers had arrived.
     *
     * @return the moment, by the clock of this machine
     */
    public Instant receivedAt() {
        return receivedAt;
    }

    /**
     * How long the server asks to wait before the next attempt: the header {@code retry-after-ms} of OpenAI and Azure, or else
     * {@code Retry-After} of RFC 9110, as seconds or as a date. A date that has passed is zero.
     *
     * @return the wait, counted from {@link #receivedAt()}, not negative; empty if the headers are absent or malformed
     */
    public Optional<Duration> retryAfter() {
        return header("retry-after-ms")
                .flatMap(Waits::millis)
                .or(() -> header("Retry-After").flatMap(value -> RetryAfter.parse(value, receivedAt)));
    }

    /**
     * What the headers tell of rate limits, read anew each time.
     *
     * @return the limits, unknown as far as the headers do not tell
     */
    public RateLimits rateLimits() {
        return RateLimits.of(this);
    }

    @Override
    public String toString() {
        return statusCode + " from " + url + " after " + elapsed.toMillis() + " ms";
    }
}
