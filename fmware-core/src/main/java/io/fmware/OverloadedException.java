package io.fmware;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** There is no capacity for this call now; nothing was sent to a model. Ask again later, or elsewhere. */
public final class OverloadedException extends FmwareException {
    private static final long serialVersionUID = 1L;

    /** From the moment of the exception on. */
    private final @Nullable Duration retryAfter;

    /**
     * Refuses a call for want of capacity.
     *
     * @param message what is exhausted, its size, and the cure
     * @param cause what said so, if anything did
     */
    public OverloadedException(String message, @Nullable Throwable cause) {
        this(message, cause, null);
    }

    /**
     * Refuses a call for want of capacity that is known to come back.
     *
     * @param message what is exhausted, its size, and the cure
     * @param cause what said so, if anything did
     * @param retryAfter when there may be capacity again, {@code null} if nobody knows
     */
    public OverloadedException(String message, @Nullable Throwable cause, @Nullable Duration retryAfter) {
        super(message, cause);
        this.retryAfter = retryAfter;
    }

    /**
     * When there may be capacity again.
     *
     * @return the time from the moment of the exception on, empty if nobody knows
     */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
