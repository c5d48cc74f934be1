package io.fmware.retry;

import io.fmware.FailureClass;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which failures an interceptor acts on. */
final class Covering {
    private static final int MOST_ATTACHED = 32;

    private final Set<FailureClass> classes;
    private final String interceptor;

    private Covering(Set<FailureClass> classes, String interceptor) {
        this.classes = classes;
        this.interceptor = interceptor;
    }

    static Covering of(Set<FailureClass> classes, String interceptor) {
        return new Covering(classes, interceptor);
    }

    static Set<FailureClass> chosen(FailureClass... failures) {
        if (failures.length == 0) {
            throw new IllegalArgumentException("at least one class of failures is needed to act on");
        }
        return Collections.unmodifiableSet(new LinkedHashSet<>(List.of(failures)));
    }

    /** A predicate of the user's that throws covers nothing, and does not hide the failure that it was asked about. */
    boolean includes(RuntimeException failure) {
        for (FailureClass each : classes) {
            try {
                if (each.includes(failure)) {
                    return true;
                }
            } catch (RuntimeException e) {
                attach(
                        failure,
                        new IllegalStateException(
                                "failure class " + each + " of interceptor '" + interceptor
                                        + "' threw on being asked about this",
                                e));
            }
        }
        return false;
    }

    /** Attaches something to a failure, bounded, since a model may throw one and the same exception in many calls. */
    static void attach(Throwable failure, Throwable attached) {
        Throwable[] known = failure.getSuppressed();
        if (attached != failure
                && known.length < MOST_ATTACHED
                && Arrays.stream(known).noneMatch(k -> k == attached || isEqualNote(k, attached))) {
            failure.addSuppressed(attached);
        }
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
