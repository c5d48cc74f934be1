package io.fmware.testing.cassette;

import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * A class of tests with those around it, as JUnit runs it: a nested class that several classes inherit is in each of them.
 *
 * @param classes the outermost first, at least one
 */
record Owner(List<Class<?>> classes) {

    Owner {
        classes = List.copyOf(classes);
    }

    static Owner of(ExtensionContext test) {
        List<Class<?>> classes = new ArrayList<>();
        for (ExtensionContext at = test; at != null; at = at.getParent().orElse(null)) {
            Class<?> type = at.getTestClass().orElse(null);
            if (type != null && (classes.isEmpty() || classes.get(0) != type)) {
                classes.add(0, type);
            }
        }
        return new Owner(classes);
    }

    Class<?> type() {
        return classes.get(classes.size() - 1);
    }

    /** The class that this one is nested in, {@code null} for one that is not. */
    @Nullable
    Owner outer() {
        return classes.size() == 1 ? null : new Owner(classes.subList(0, classes.size() - 1));
    }

    /** Whether a nested class among these is not declared in the one around it. */
    boolean isInherited() {
        for (int i = 1; i < classes.size(); i++) {
            if (classes.get(i).getDeclaringClass() != classes.get(i - 1)) {
                return true;
            }
        }
        return false;
    }

    /** The methods that are tests and recorded, inherited ones too. */
    List<Method> recorded() {
        return ReflectionSupport.findMethods(
                type(),
                each -> AnnotationSupport.isAnnotated(each, Testable.class) && Recordings.of(this, each) != null,
                HierarchyTraversalMode.TOP_DOWN);
    }

    /** The nested classes in this one, inherited ones too. */
    List<Owner> nested() {
        return ReflectionSupport.findNestedClasses(type(), each -> AnnotationSupport.isAnnotated(each, Nested.class))
                .stream()
                .filter(each -> !classes.contains(each))
                .map(each -> {
                    List<Class<?>> inner = new ArrayList<>(classes);
                    inner.add(each);
                    return new Owner(inner);
                })
                .toList();
    }

    /** The directory of all cassettes of the class. */
    Path directory(Path base) {
        return base.resolve(classes.get(0).getPackageName().replace('.', '/')).resolve(name());
    }

    /** The name of the class with those around it. */
    String name() {
        return FileName.fitting(FileName.clean(name(classes.get(0))
                + classes.stream()
                        .skip(1)
                        .map(each -> "." + each.getSimpleName())
                        .collect(Collectors.joining())));
    }

    private static String name(Class<?> type) {
        Class<?> around = type.getEnclosingClass();
        return around == null ? type.getSimpleName() : name(around) + "." + type.getSimpleName();
    }
}
