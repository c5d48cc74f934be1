package io.fmware.http;

import dev.langchain4j.exception.HttpException;
import io.fmware.Causes;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How long a server asks to wait before the next attempt, as far as the failure of a model tells.
 *
 * <p>Headers are known where the model uses {@link BlockingHttpClient}. Other clients of langchain4j drop them; then the text
 * of the response is looked at, in which OpenAI says "Please try again in 1.2s" and Google "retryDelay": "34s". What is said in
 * any other way is not found. Where a 429 says it in neither, what counts is how long it takes until the limits are there again of
 * which its headers say that nothing is left ({@link RateLimits}), the longest of them.
 */
public final class RequestedWait {
    private static final int LONGEST_BODY = 64 * 1024;
    private static final int LEAST_ERROR = 400;

    /** Each alternative is a fixed text and then a wait, so that nothing is tried twice at one place. */
    private static final Pattern IN_TEXT = Pattern.compile(
            "\"retryDelay\"\\s{0,8}:\\s{0,8}\"([0-9][0-9.]{0,30}s)\"" // Google
                    + "|[Pp]lease (?:try again|retry) in ([0-9][0-9.a-zµ]{0,40})");

    private RequestedWait() {}

    /**
     * Looks for a wait in a failure and its causes.
     *
     * @param failure what a model threw
     * @param now the moment from which the wait is to be counted
     * @return what is left of the wait, not negative; empty where the server did not say or the failure does not tell
     */
    public static Optional<Duration> find(@Nullable Throwable failure, Instant now) {
        Optional<HttpStatusException> response = HttpStatusException.find(failure);
        return response.flatMap(refused -> refused.remainingWait(now))
                .or(() -> inText(failure))
                .or(() -> response.flatMap(refused -> refused.remainingReset(now)));
    }

    private static Optional<Duration> inText(@Nullable Throwable failure) {
        for (Throwable cause : Causes.of(failure)) {
            if (cause instanceof HttpException http && http.statusCode() >= LEAST_ERROR) {
                return inText(http.getMessage());
            }
        }
        return Optional.empty();
    }

    private static Optional<Duration> inText(@Nullable String body) {
        if (body == null) {
            return Optional.empty();
        }
        Matcher said = IN_TEXT.matcher(body.length() <= LONGEST_BODY ? body : body.substring(0, LONGEST_BODY));
        if (!said.find()) {
            return Optional.empty();
        }
        String text = said.group(1) != null ? said.group(1) : said.group(2);
        return Waits.units(text.endsWith(".") ? text.substring(0, text.length() - 1) : text);
    }
}
