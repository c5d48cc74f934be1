package io.fmware.observability.replay;

import java.util.List;

/** Finds the line of the application that a boundary is crossed from. */
final class Callers {
    private static final List<String> NOT_THE_APPLICATION = List.of(
            "io.fmware.",
            "dev.langchain4j.",
            "java.",
            "javax.",
            "jdk.",
            "sun.",
            "com.sun.",
            "org.junit.",
            "org.springframework.",
            "io.quarkus.",
            "reactor.");

    private static final List<String> EXAMPLES = List.of("io.fmware.examples.");

    private Callers() {}

    /** The innermost line of the application on the stack of this thread; empty where there is none. */
    static String line() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(Callers::isOfTheApplication)
                        .findFirst()
                        .map(frame -> frame.toStackTraceElement().toString())
                        .orElse(""));
    }

    private static boolean isOfTheApplication(StackWalker.StackFrame frame) {
        String type = frame.getClassName();
        return EXAMPLES.stream().anyMatch(type::startsWith)
                || (NOT_THE_APPLICATION.stream().noneMatch(type::startsWith) && !type.contains("$Proxy"));
    }
}
