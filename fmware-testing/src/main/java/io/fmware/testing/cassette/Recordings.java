package io.fmware.testing.cassette;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.junit.platform.commons.support.AnnotationSupport;

/** Finds out how a test is recorded. */
final class Recordings {

    private Recordings() {}

    /** What is said of a method: by itself, by its class or one around that; {@code null} where nothing is. */
    static @Nullable Recorded of(Class<?> type, Method method) {
        Recorded own = AnnotationSupport.findAnnotation(method, Recorded.class).orElse(null);
        for (Class<?> at = type; own == null && at != null; at = at.getEnclosingClass()) {
            own = AnnotationSupport.findAnnotation(at, Recorded.class).orElse(null);
        }
        return own;
    }
}
