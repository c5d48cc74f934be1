package io.fmware.event;

import java.util.Objects;

/**
 * What went wrong, without the exception itself, which holds on to much and cannot be stored.
 *
 * @param type the name of the exception's class
 * @param message its message, empty where it has none; may hold content of requests
 */
public record Failure(String type, String message) {

    /**
     * Checks that nothing is missing.
     *
     * @param type the name of the exception's class
     * @param message its message
     */
    public Failure {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(message, "message");
    }

    /**
     * Describes an exception. One whose message cannot be had, because making it throws, has an empty one here.
     *
     * @param thrown the exception
     * @return its class and message
     */
    public static Failure of(Throwable thrown) {
        return new Failure(thrown.getClass().getName(), messageOf(thrown));
    }

    /** What an exception of the application's own does to make its message is its own affair, and may fail. */
    private static String messageOf(Throwable thrown) {
        try {
            return Objects.requireNonNullElse(thrown.getMessage(), "");
        } catch (Throwable t) {
            return "";
        }
    }
}
