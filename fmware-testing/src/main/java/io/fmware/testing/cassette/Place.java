package io.fmware.testing.cassette;

import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * Where the cassette of a test is.
 *
 * @param base where all cassettes are
 * @param owner the class of the test
 * @param method its method
 * @param invocation {@code -3} for the third invocation of a template, empty for what is no template
 */
record Place(Path base, Owner owner, Method method, String invocation) {
    /** What tells the invocations of a template apart, at the end of a name. */
    static final Pattern NUMBERS = Pattern.compile("(-\\d+)+$");

    private static final Pattern INVOCATION = Pattern.compile("\\[[a-z-]*template-invocation:#(\\d+)\\]");

    static Place of(ExtensionContext test, Path base) {
        StringBuilder invocation = new StringBuilder();
        Matcher template = INVOCATION.matcher(test.getUniqueId());
        while (template.find()) {
            invocation.append('-').append(template.group(1));
        }
        return new Place(base, Owner.of(test), test.getRequiredTestMethod(), invocation.toString());
    }

    /** The names of the files of the tests of a class, without what tells invocations apart. */
    static List<String> stems(Class<?> type, List<Method> chosen) {
        List<Method> all = ReflectionSupport.findMethods(
                type, each -> AnnotationSupport.isAnnotated(each, Testable.class), HierarchyTraversalMode.TOP_DOWN);
        List<String> keys =
                all.stream().map(each -> FileName.key(clean(each, all))).toList();
        List<String> stems = new ArrayList<>();
        for (Method each : chosen) {
            String clean = clean(each, all);
            String key = FileName.key(clean);
            boolean alone = keys.stream().filter(key::equals).count() < 2
                    && (!NUMBERS.matcher(key).find()
                            || !keys.contains(NUMBERS.matcher(key).replaceAll("")));
            stems.add(alone ? FileName.fitting(clean) : FileName.told(clean, signature(each, Class::getName)));
        }
        return stems;
    }

    private static String clean(Method method, List<Method> all) {
        String name = method.getName();
        long named = all.stream().filter(each -> each.getName().equals(name)).count();
        return FileName.clean(named < 2 ? name : signature(method, Class::getSimpleName));
    }

    private static String signature(Method method, Function<Class<?>, String> parameter) {
        return method.getName()
                + Arrays.stream(method.getParameterTypes()).map(parameter).collect(Collectors.joining(",", "(", ")"));
    }

    Path file() {
        String name = stems(owner.type(), List.of(method)).get(0) + invocation + ".json";
        try {
            return owner.directory(base).resolve(name);
        } catch (InvalidPathException e) {
            throw new IllegalStateException(
                    "the cassette " + name + " of " + owner.type().getName()
                            + " has a name that this machine cannot write; have it use UTF-8 (LC_ALL=C.UTF-8), or give"
                            + " the test a name of ASCII letters",
                    e);
        }
    }

    /** What stands in the way of writing the file, which is seen before a model is asked; {@code null} for nothing. */
    @Nullable
    Path unwritable() {
        Path at = file().toAbsolutePath().getParent();
        while (at != null && !Files.exists(at)) {
            at = at.getParent();
        }
        return at == null || (Files.isDirectory(at) && Files.isWritable(at)) ? null : at;
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
