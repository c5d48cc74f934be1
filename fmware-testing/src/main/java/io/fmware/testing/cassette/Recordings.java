package io.fmware.testing.cassette;

import java.lang.reflect.Method;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Finds out how a test is recorded. */
final class Recordings {

    private Recordings() {}

    /** What is said of a test: by its method, its class, or one that it is nested in, which may have inherited it. */
    static Recorded of(ExtensionContext test) {
        for (ExtensionContext at = test; at != null; at = at.getParent().orElse(null)) {
            Optional<Recorded> own =
                    at.getElement().flatMap(each -> AnnotationSupport.findAnnotation(each, Recorded.class));
            if (own.isPresent()) {
                return own.get();
            }
        }
        throw new IllegalStateException(test.getDisplayName() + " has no @Recorded, nor has what it is in");
    }

    /** What is said of a method: by itself, by its class or one around that; {@code null} where nothing is. */
    static @Nullable Recorded of(Owner owner, Method method) {
        Recorded own = AnnotationSupport.findAnnotation(method, Recorded.class).orElse(null);
        for (int i = owner.classes().size() - 1; own == null && i >= 0; i--) {
            own = AnnotationSupport.findAnnotation(owner.classes().get(i), Recorded.class)
                    .orElse(null);
        }
        return own;
    }
}
