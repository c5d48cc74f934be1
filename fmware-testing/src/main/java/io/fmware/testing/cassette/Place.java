package io.fmware.testing.cassette;

import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * Where the cassette of a test is.
 *
 * @param base where all cassettes are
 * @param type the class of the test
 * @param method its method
 * @param invocation {@code -3} for the third invocation of a template, empty for what is no template
 */
record Place(Path base, Class<?> type, Method method, String invocation) {
    private static final Pattern INVOCATION = Pattern.compile("\\[[a-z-]*template-invocation:#(\\d+)\\]");
    private static final Pattern NO_NAME = Pattern.compile("[\\\\/:*?\"<>|\\p{Cntrl}]");
    private static final int LONGEST = 120;

    static Place of(ExtensionContext test, Path base) {
        StringBuilder invocation = new StringBuilder();
        Matcher template = INVOCATION.matcher(test.getUniqueId());
        while (template.find()) {
            invocation.append('-').append(template.group(1));
        }
        return new Place(base, test.getRequiredTestClass(), test.getRequiredTestMethod(), invocation.toString());
    }

    /** The directory of all cassettes of the class. */
    static Path directory(Path base, Class<?> type) {
        return base.resolve(type.getPackageName().replace('.', '/')).resolve(name(type));
    }

    /** The name of a class with those around it. */
    static String name(Class<?> type) {
        Class<?> around = type.getEnclosingClass();
        return around == null ? type.getSimpleName() : name(around) + "." + type.getSimpleName();
    }

    /** The methods of a class that are tests, inherited ones too. */
    static List<Method> tests(Class<?> type) {
        return ReflectionSupport.findMethods(
                type, each -> AnnotationSupport.isAnnotated(each, Testable.class), HierarchyTraversalMode.TOP_DOWN);
    }

    /** The name of the file of a method without what tells invocations apart. */
    static String stem(Class<?> type, Method method) {
        String name = method.getName();
        long named =
                tests(type).stream().filter(each -> each.getName().equals(name)).count();
        String told = named < 2
                ? name
                : name + "("
                        + Arrays.stream(method.getParameterTypes())
                                .map(Class::getSimpleName)
                                .collect(Collectors.joining(","))
                        + ")";
        String clean = NO_NAME.matcher(told).replaceAll("_");
        return clean.length() <= LONGEST
                ? clean
                : clean.substring(0, LONGEST) + "~" + Integer.toHexString(clean.hashCode());
    }

    Path directory() {
        return directory(base, type);
    }

    Path file() {
        return directory().resolve(stem(type, method) + invocation + ".json");
    }

    /** A path as a developer would write it. */
    static String shown(Path path) {
        Path here = Path.of("").toAbsolutePath();
        Path absolute = path.toAbsolutePath().normalize();
        return (absolute.startsWith(here) ? here.relativize(absolute) : absolute)
                .toString()
                .replace('\\', '/');
    }
}
