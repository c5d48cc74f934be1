package io.fmware;

/** The time allowed for a call is over, or would be before it could be answered. Ask again with more time, or do without. */
public final class DeadlineExceededException extends FmwareException {
    private static final long serialVersionUID = 1L;

    DeadlineExceededException(String message) {
        super(message, null);
    }
}
