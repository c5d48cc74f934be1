package io.fmware;

import org.jspecify.annotations.Nullable;

/** There is no capacity for this call now; nothing was sent to a model. Ask again later, or elsewhere. */
public final class OverloadedException extends FmwareException {
    private static final long serialVersionUID = 1L;

    /**
     * Refuses a call for want of capacity.
     *
     * @param message what is exhausted, its size, and the cure
     * @param cause what said so, if anything did
     */
    public OverloadedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
