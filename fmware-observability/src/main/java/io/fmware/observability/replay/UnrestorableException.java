package io.fmware.observability.replay;

/** An answer cannot be made again from what was recorded of it; the message says why. */
final class UnrestorableException extends Exception {
    private static final long serialVersionUID = 1L;

    UnrestorableException(String why) {
        super(why);
    }
}
