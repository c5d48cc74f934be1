package io.fmware.testing.cassette;

import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a developer types to record a test again, with the build tool that is there. */
final class RecordCommand {

    private RecordCommand() {}

    /**
     * The command.
     *
     * @param module the directory of the module, in which its tests run
     */
    static String of(Owner owner, Method method, Path module) {
        Class<?> type = owner.isInherited() ? owner.classes().get(0) : owner.type(); // which tools cannot choose
        String each = owner.isInherited() ? "" : method.getName();
        if (Files.exists(module.resolve("build.gradle")) || Files.exists(module.resolve("build.gradle.kts"))) {
            return "FMWARE_CASSETTES=record ./gradlew test --tests "
                    + quoted(type.getName() + (each.isEmpty() ? "" : "." + each));
        }
        String simple = type.getName().substring(type.getName().lastIndexOf('.') + 1);
        String chosen = quoted("-Dtest=" + simple + (each.isEmpty() ? "" : "#" + each)) + " -D" + CassetteMode.PROPERTY
                + "=record";
        for (Path at = module; at != null; at = at.getParent()) {
            if (Files.exists(at.resolve("mvnw"))) {
                return "./mvnw test " + module(at, module) + chosen;
            }
        }
        return "mvn test " + chosen;
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
