package io.fmware.observability.replay;

import io.fmware.FmRun;
import java.security.CodeSource;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds the line of the application that a boundary is crossed from. */
final class Callers {
    private static final List<String> NOT_THE_APPLICATION = List.of(
            "io.fmware.testing.",
            "dev.langchain4j.",
            "java.",
            "javax.",
            "jdk.",
            "sun.",
            "com.sun.",
            "org.junit.",
            "org.assertj.",
            "org.springframework.",
            "io.quarkus.",
            "reactor.",
            "kotlin.");

    /** The jars of FMware itself; an application may be in a package of the same name. */
    private static final Set<String> OURS =
            Stream.of(FmRun.class, Callers.class).map(Callers::source).collect(Collectors.toSet());

    private Callers() {}

    /** The innermost line of the application on the stack of this thread; empty where there is none. */
    static String line() {
        return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
                .walk(frames -> frames.filter(Callers::isOfTheApplication)
                        .findFirst()
                        .map(frame -> frame.toStackTraceElement().toString())
                        .orElse(""));
    }

    private static boolean isOfTheApplication(StackWalker.StackFrame frame) {
        String type = frame.getClassName();
        return NOT_THE_APPLICATION.stream().noneMatch(type::startsWith)
                && !type.contains("$Proxy")
                && !OURS.contains(source(frame.getDeclaringClass()));
    }

    private static String source(Class<?> type) {
        @Nullable CodeSource source = type.getProtectionDomain().getCodeSource();
        return source == null ? "" : String.valueOf(source.getLocation());
    }
}
