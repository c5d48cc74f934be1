package io.fmware.event;

import dev.langchain4j.exception.HttpException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong, without the exception itself, which holds on to much and cannot be stored.
 *
 * @param type the name of the exception's class
 * @param message its message, empty where it has none; may hold content of requests
 * @param status the status of the HTTP response that it tells of, 0 where it tells of none
 * @param cause what caused it, {@code null} where nothing is known to have; of a chain of causes the first five are told
 */
public record Failure(
        String type, String message, int status, @Nullable Failure cause) {
    private static final int MOST_CAUSES = 5;

    /**
     * Checks that nothing is missing.
     *
     * @param type the name of the exception's class
     * @param message its message
     * @param status the status of an HTTP response, 0 for none
     * @param cause what caused it, or {@code null}
     */
    public Failure {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(message, "message");
    }

    /**
     * A failure without a cause.
     *
     * @param type the name of the exception's class
     * @param message its message
     */
    public Failure(String type, String message) {
        this(type, message, 0, null);
    }

    /**
     * Describes an exception. One whose message cannot be had, because making it throws, has an empty one here.
     *
     * @param thrown the exception
     * @return its class and message, and those of its causes
     */
    public static Failure of(Throwable thrown) {
        return of(thrown, MOST_CAUSES);
    }

    private static Failure of(Throwable thrown, int causes) {
        Throwable cause = causes == 0 ? null : causeOf(thrown);
        return new Failure(
                thrown.getClass().getName(),
                messageOf(thrown),
                thrown instanceof HttpException http ? http.statusCode() : 0,
                cause == null ? null : of(cause, causes - 1));
    }

    /** What an exception of the application's own does to make its message is its own affair, and may fail. */
    private static String messageOf(Throwable thrown) {
        try {
            return Objects.requireNonNullElse(thrown.getMessage(), "");
        } catch (Throwable t) {
            return "";
        }
    }

    private static @Nullable Throwable causeOf(Throwable thrown) {
        try {
            return thrown.getCause();
        } catch (Throwable t) { // as above
            return null;
        }
    }
}
