package io.fmware.observability.command;

/** Something that the user has to put right; the message says what, in one line. */
final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UserError(String message) {
        super(message);
    }
}
