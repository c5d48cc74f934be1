package io.fmware.examples.support;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a question ended: in exactly one of three ways.
 *
 * @param kind the way
 * @param answer what was said; {@code null} if the question failed
 * @param failure why it failed, in one line; {@code null} if it did not
 * @param effort what it took
 * @param duration from the question to its end
 */
public record Outcome(
        Kind kind, @Nullable Answer answer, @Nullable Failure failure, Effort effort, Duration duration) {

    /** The ways in which a question can end. */
    public enum Kind {
        /** It was answered, with valid sources. */
        ANSWERED,
        /** The assistant said that it does not know. */
        REFUSED,
        /** No valid answer came. */
        FAILED;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Outcome of(Answer answer, Effort effort, Duration duration) {
        return new Outcome(answer.refused() ? Kind.REFUSED : Kind.ANSWERED, answer, null, effort, duration);
    }

    static Outcome of(Failure failure, Effort effort, Duration duration) {
        return new Outcome(Kind.FAILED, null, failure, effort, duration);
    }
}
