package io.fmware;

import java.util.Objects;

/**
 * A guard refused the request or the answer. The same request will be refused again: tell the user, or change the request.
 */
public final class RejectedException extends FmwareException {
    private static final long serialVersionUID = 1L;

    /** The name of the guard that refused. */
    private final String guard;

    /** Why it refused. */
    private final String reason;

    /**
     * Refuses a call.
     *
     * @param guard the name of the guard
     * @param reason why, without secrets and without the text of the request
     */
    public RejectedException(String guard, String reason) {
        super(
                "rejected by " + Objects.requireNonNull(guard, "guard") + ": "
                        + Objects.requireNonNull(reason, "reason"),
                null);
        this.guard = guard;
        this.reason = reason;
    }

    /**
     * The name of the guard that refused.
     *
     * @return the name
     */
    public String guard() {
        return guard;
    }

    /**
     * Why it refused.
     *
     * @return the reason
     */
    public String reason() {
        return reason;
    }
}
