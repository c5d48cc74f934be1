package io.fmware.observability.replay;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** What a developer types to run one test, with the build tool that is there: Gradle, Maven's wrapper, or Maven. */
public final class TestCommand {

    private TestCommand() {}

    /**
     * The command.
     *
     * @param module a directory of the module in which the test is; what is above it decides
     * @param type the name of the class, as {@link Class#getName()} gives it
     * @param method the name of the method, empty for the whole class
     * @return a line for a shell, from the directory of the wrapper
     */
    public static String of(Path module, String type, String method) {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(method, "method");
        Path own = built(module.toAbsolutePath().normalize());
        if (isGradle(own)) {
            return "./gradlew test --tests " + quoted(type + (method.isEmpty() ? "" : "." + method));
        }
        String simple = type.substring(type.lastIndexOf('.') + 1);
        String chosen = quoted("-Dtest=" + simple + (method.isEmpty() ? "" : "#" + method));
        for (Path at = own; at != null; at = at.getParent()) {
            if (Files.exists(at.resolve("mvnw"))) {
                return "./mvnw test " + module(at, own) + chosen;
            }
        }
        return "mvn test " + chosen;
    }

    /** The innermost directory around that is built. */
    private static Path built(Path directory) {
        for (Path at = directory; at != null; at = at.getParent()) {
            if (isGradle(at) || Files.exists(at.resolve("pom.xml")) || Files.exists(at.resolve("mvnw"))) {
                return at;
            }
        }
        return directory;
    }

    private static boolean isGradle(Path directory) {
        return Files.exists(directory.resolve("build.gradle")) || Files.exists(directory.resolve("build.gradle.kts"));
    }

    private static String module(Path root, Path module) {
        return root.equals(module)
                ? ""
                : "-pl " + root.relativize(module).toString().replace('\\', '/')
                        + " -am -Dsurefire.failIfNoSpecifiedTests=false ";
    }

    private static String quoted(String text) {
        return text.matches("[\\w.#=-]+") ? text : "'" + text + "'";
    }
}
