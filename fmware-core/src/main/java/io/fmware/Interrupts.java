package io.fmware;

/** Recognises an interrupt that a model has wrapped in an exception of its own. */
final class Interrupts {
    private static final int DEEPEST = 16;

    private Interrupts() {}

    static boolean caused(Throwable t) {
        Throwable cause = t;
        for (int i = 0; cause != null && i < DEEPEST; i++) {
            if (cause instanceof InterruptedException
                    || cause instanceof java.nio.channels.ClosedByInterruptException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
