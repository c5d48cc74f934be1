package io.fmware;

import org.jspecify.annotations.Nullable;

/**
 * The caller no longer wants the answer: the call was cancelled, its thread was interrupted (the interrupt flag is set then),
 * its stream's handler threw, or the pipeline was closed. Never retried.
 */
public final class CancelledException extends FmwareException {
    private static final long serialVersionUID = 1L;

    CancelledException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
