package io.fmware;

import java.nio.channels.ClosedByInterruptException;

/** Recognises an interrupt that a model has wrapped in an exception of its own. */
final class Interrupts {
    private Interrupts() {}

    static boolean caused(Throwable t) {
        return Causes.of(t).stream()
                .anyMatch(
                        cause -> cause instanceof InterruptedException || cause instanceof ClosedByInterruptException);
    }
}
