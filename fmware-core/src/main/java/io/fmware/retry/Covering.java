package io.fmware.retry;

import io.fmware.FailureClass;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Which failures an interceptor acts on, and what it attaches to them. For interceptors that choose by
 * {@link FailureClass}. Immutable.
 */
public final class Covering {
    private static final int MOST_ATTACHED = 32;

    private final Set<FailureClass> classes;
    private final String interceptor;

    private Covering(Set<FailureClass> classes, String interceptor) {
        this.classes = classes;
        this.interceptor = interceptor;
    }

    /**
     * Acts on some classes of failures.
     *
     * @param classes the classes, as {@link #chosen} checked them
     * @param interceptor the name of the interceptor, for messages
     * @return what is covered
     */
    public static Covering of(Set<FailureClass> classes, String interceptor) {
        return new Covering(classes, interceptor);
    }

    /**
     * Checks a setting.
     *
     * @param failures the classes of failures, at least one
     * @return the classes, each once, in their order
     * @throws IllegalArgumentException if there is none
     */
    public static Set<FailureClass> chosen(FailureClass... failures) {
        Set<FailureClass> chosen = new LinkedHashSet<>();
        for (FailureClass each : Objects.requireNonNull(failures, "failures")) {
            chosen.add(Objects.requireNonNull(each, "failure"));
        }
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException("at least one class of failures is needed to act on");
        }
        return Collections.unmodifiableSet(chosen);
    }

    /**
     * Whether a failure is covered. A predicate of the user's that throws covers nothing, and does not hide the failure that it was
     * asked about: what it threw is attached to that.
     *
     * @param failure what a model or an interceptor threw
     * @return true if one of the classes has it
     */
    public boolean includes(RuntimeException failure) {
        for (FailureClass each : classes) {
            try {
                if (each.includes(failure)) {
                    return true;
                }
            } catch (RuntimeException e) {
                attach(
                        failure,
                        List.of(new IllegalStateException(
                                "failure class " + each + " of interceptor '" + interceptor
                                        + "' threw on being asked about this",
                                e)));
            }
        }
        return false;
    }

    /**
     * Attaches others to a failure as suppressed, each once and 32 at most in all, since a model may throw one and the same
     * exception each time, in this call and in others.
     *
     * @param <T> the type of the failure
     * @param failure what is going to be thrown
     * @param others what is attached; the failure itself is left out
     * @return the failure
     */
    public static <T extends Throwable> T attach(T failure, Collection<? extends Throwable> others) {
        for (Throwable other : others) {
            Throwable[] known = failure.getSuppressed();
            if (other != failure
                    && known.length < MOST_ATTACHED
                    && Arrays.stream(known).noneMatch(each -> each == other || isEqualNote(each, other))) {
                failure.addSuppressed(other);
            }
        }
        return failure;
    }

    private static boolean isEqualNote(Throwable known, Throwable attached) {
        return known.getClass() == attached.getClass()
                && (attached instanceof NoFurtherAttempt || attached instanceof IllegalStateException)
                && String.valueOf(known.getMessage()).equals(attached.getMessage());
    }

    @Override
    public String toString() {
        return classes.toString();
    }
}
