package io.fmware.event;

import dev.langchain4j.exception.HttpException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong, without the exception itself, which holds on to much and cannot be stored.
 *
 * @param type the name of the exception's class
 * @param message its message, empty where it has none; may hold content of requests
 * @param status the status of the HTTP response that it tells of, 0 where it tells of none
 * @param cause what caused it, {@code null} where nothing is known to have; of a long chain of causes the first four and the last one
 *     are told
 */
public record Failure(
        String type, String message, int status, @Nullable Failure cause) {
    private static final int MOST_CAUSES = 5;
    private static final int LONGEST_CHAIN = 100;

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
        List<Throwable> chain = new ArrayList<>(List.of(thrown));
        for (Throwable at = causeOf(thrown); at != null && chain.size() < LONGEST_CHAIN; at = causeOf(at)) {
            chain.add(at);
        }
        if (chain.size() > MOST_CAUSES + 1) { // frameworks wrap what says something in what says nothing
            chain.subList(MOST_CAUSES, chain.size() - 1).clear();
        }
        Failure failure = null;
        for (int i = chain.size() - 1; i >= 0; i--) {
            failure = told(chain.get(i), failure);
        }
        return Objects.requireNonNull(failure);
    }

    private static Failure told(Throwable thrown, @Nullable Failure cause) {
        return new Failure(
                thrown.getClass().getName(),
                messageOf(thrown),
                thrown instanceof HttpException http ? http.statusCode() : 0,
                cause);
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
