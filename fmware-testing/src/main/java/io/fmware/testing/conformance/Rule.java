package io.fmware.testing.conformance;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.opentest4j.AssertionFailedError;

/**
 * A rule of the kit, for messages that can be acted on.
 *
 * @param rule what must hold
 * @param why what breaks where it does not, and the cure
 */
record Rule(String rule, String why) {

    static Rule rule(String rule, String why) {
        return new Rule(rule, why);
    }

    void expect(@Nullable Object expected, @Nullable Object seen) {
        if (!Objects.equals(expected, seen)) {
            throw new AssertionFailedError(message("expected " + expected + ", saw " + seen), expected, seen);
        }
    }

    void expect(boolean holds, String seen) {
        if (!holds) {
            throw new AssertionFailedError(message(seen));
        }
    }

    /** Runs a call that must not throw. */
    <T> @Nullable T unharmed(Call<T> call) {
        try {
            return call.run();
        } catch (Exception | StackOverflowError e) {
            throw new AssertionFailedError(message("it threw " + e), e);
        }
    }

    void unharmed(Runnable call) {
        unharmed(() -> {
            call.run();
            return true;
        });
    }

    /** Runs a call that must throw, and returns what it threw. */
    Throwable thrownBy(Runnable call) {
        try {
            call.run();
        } catch (Throwable e) {
            return e;
        }
        throw new AssertionFailedError(message("nothing was thrown"));
    }

    private String message(String seen) {
        return "Broken rule: " + rule + ".\n  Seen: " + seen + ".\n  Why it matters: " + why + ".";
    }

    /** A call with a result. */
    interface Call<T> {
        @Nullable
        T run();
    }
}
