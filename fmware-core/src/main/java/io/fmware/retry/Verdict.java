package io.fmware.retry;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Whether an answer is valid, and if not, why; the reason is written for the model, which is told it. Immutable. */
public final class Verdict {
    private static final Verdict VALID = new Verdict(null, null);

    private final @Nullable String reason;
    private final @Nullable String by;

    private Verdict(@Nullable String reason, @Nullable String by) {
        this.reason = reason;
        this.by = by;
    }

    /**
     * The answer may be used.
     *
     * @return the verdict
     */
    public static Verdict valid() {
        return VALID;
    }

    /**
     * The answer may not be used.
     *
     * @param reason what is wrong, and what would be right, as one would tell the author; it also stands in the message of an
     *     {@link io.fmware.InvalidReplyException} and so in logs: name the fault and its place, and quote no more than names
     * @return the verdict
     */
    public static Verdict invalid(String reason) {
        if (Objects.requireNonNull(reason, "reason").isBlank()) {
            throw new IllegalArgumentException("an invalid verdict needs a reason; the model is told it");
        }
        return new Verdict(reason, null);
    }

    /**
     * Whether the answer may be used.
     *
     * @return true if it may
     */
    public boolean isValid() {
        return reason == null;
    }

    /**
     * What is wrong.
     *
     * @return the reason
     * @throws IllegalStateException if the verdict is valid
     */
    public String reason() {
        if (reason == null) {
            throw new IllegalStateException("a valid verdict has no reason");
        }
        return reason;
    }

    /** With the name of the validator that gave it, unless a part of that one gave its own. */
    Verdict by(String validator) {
        return reason == null || by != null ? this : new Verdict(reason, validator);
    }

    /** The name of the validator that found it invalid, {@code null} where nobody said. */
    @Nullable
    String by() {
        return by;
    }

    @Override
    public String toString() {
        return reason == null ? "valid" : "invalid: " + reason;
    }
}
