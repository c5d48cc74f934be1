package io.fmware.examples.support;

import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import io.fmware.DeadlineExceededException;
import io.fmware.InvalidReplyException;

/**
 * Why there is no answer, in words for whoever runs the assistant. What a server says is not repeated, except for its status: it
 * may hold a key or a customer's words.
 *
 * @param message one line
 * @param misconfigured whether the settings are to blame, so that no other question will fare better
 */
public record Failure(String message, boolean misconfigured) {

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;

    static Failure of(RuntimeException e, FmSettings settings) {
        int status = status(e);
        if (e instanceof AuthenticationException || status == UNAUTHORIZED || status == FORBIDDEN) {
            return new Failure(settings.refusedKey(), true);
        }
        if (e instanceof ModelNotFoundException || status == NOT_FOUND) {
            return new Failure(settings.notFound(), true);
        }
        if (e instanceof InvalidReplyException || e instanceof DeadlineExceededException) {
            return new Failure(oneLine(String.valueOf(e.getMessage())), false);
        }
        if (e instanceof RateLimitException) {
            return new Failure("the model refuses for its load (HTTP 429)", false);
        }
        if (e instanceof InvalidRequestException) {
            return new Failure("the model does not accept the request" + shown(status), false);
        }
        return new Failure("the model failed: " + e.getClass().getSimpleName() + shown(status), false);
    }

    private static String shown(int status) {
        return status == 0 ? "" : " (HTTP " + status + ")";
    }

    private static int status(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpException http) {
                return http.statusCode();
            }
        }
        return 0;
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ");
    }
}
