package io.fmware.retry;

/** A note on a failure: why it was not tried again. It has no stack trace, since the failure has one. */
final class NoFurtherAttempt extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoFurtherAttempt(String message) {
        super(message, null, false, false);
    }
}
