package io.fmware.http;

import dev.langchain4j.exception.HttpException;
import io.fmware.Causes;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A response whose status is not 2xx, with its headers. The message is the body of the response, as langchain4j has it; at
 * most 64 KiB, and secrets of the request that the server sent back are masked.
 *
 * <p>langchain4j's models wrap it by status, a 429 in a {@code RateLimitException} for example; {@link #find(Throwable)}
 * finds it there.
 */
public final class HttpStatusException extends HttpException {

    private static final int HTTP_TOO_MANY_REQUESTS = 429;

    /** What had arrived before the body. */
    private final ResponseInfo response;

    HttpStatusException(ResponseInfo response, String body) {
        super(response.statusCode(), body);
        this.response = response;
    }

    /**
     * The response, as far as it was known when its headers had arrived.
     *
     * @return status, headers and time
     */
    public ResponseInfo response() {
        return response;
    }

    /**
     * How long the server asks to wait before the next attempt.
     *
     * @return the wait, counted from the arrival of the response; empty if the server does not say
     * @see ResponseInfo#retryAfter()
     */
    public Optional<Duration> retryAfter() {
        return response.retryAfter();
    }

    /**
     * How long is left of the wait that the server asks for.
     *
     * @param now the moment from which it is to be counted
     * @return the wait less the time since the arrival of the response, not negative, and not longer than what the server
     *     said where the clock was set back since; empty if the server does not say
     */
    public Optional<Duration> remainingWait(Instant now) {
        return retryAfter().map(wait -> remaining(wait, now));
    }

    /** What is left until the limits are there again that this refused for, as far as the headers tell. */
    Optional<Duration> remainingReset(Instant now) {
        return response.statusCode() == HTTP_TOO_MANY_REQUESTS
                ? response.rateLimits().resetOfUsedUp().map(wait -> remaining(wait, now))
                : Optional.empty();
    }

    private Duration remaining(Duration wait, Instant now) {
        Duration passed = Duration.between(response.receivedAt(), now);
        return passed.isNegative() ? wait : Waits.bounded(wait.minus(passed));
    }

    /**
     * Looks for an exception of this type among a failure and its causes.
     *
     * @param failure what a model threw
     * @return the first one found
     */
    public static Optional<HttpStatusException> find(@Nullable Throwable failure) {
        return Causes.of(failure).stream()
                .filter(HttpStatusException.class::isInstance)
                .map(HttpStatusException.class::cast)
                .findFirst();
    }
}
