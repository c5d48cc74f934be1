package io.fmware.examples.support;

/** Something that the user has to put right; the message names it and the cure, in one line. */
final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UserError(String message) {
        super(message);
    }
}
