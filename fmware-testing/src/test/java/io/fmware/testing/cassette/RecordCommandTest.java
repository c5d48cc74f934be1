package io.fmware.testing.cassette;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command that records a test again, by the build tool that is there. */
class RecordCommandTest {
    @TempDir
    Path root;

    @Nested
    class Inside {}

    private static String command(Class<?> type, Path module) {
        for (Method each : RecordCommandTest.class.getDeclaredMethods()) {
            if (each.getName().equals("with_mavens_wrapper")) {
                return RecordCommand.of(new Owner(List.of(type)), each, module);
            }
        }
        throw new AssertionError("the method is gone");
    }

    @Test
    void with_mavens_wrapper() throws IOException {
        Files.createFile(root.resolve("mvnw"));

        assertThat(command(RecordCommandTest.class, root))
                .isEqualTo("./mvnw test -Dtest=RecordCommandTest#with_mavens_wrapper -Dfmware.cassettes=record");
        assertThat(command(Inside.class, root))
                .isEqualTo(
                        "./mvnw test '-Dtest=RecordCommandTest$Inside#with_mavens_wrapper' -Dfmware.cassettes=record");
    }

    @Test
    void from_the_root_of_several_modules() throws IOException {
        Files.createFile(root.resolve("mvnw"));
        Path module = Files.createDirectories(root.resolve("services/desk"));
        Files.createFile(module.resolve("pom.xml"));

        assertThat(command(RecordCommandTest.class, module))
                .isEqualTo("./mvnw test -pl services/desk -am -Dsurefire.failIfNoSpecifiedTests=false"
                        + " -Dtest=RecordCommandTest#with_mavens_wrapper -Dfmware.cassettes=record");
    }

    @Test
    void without_a_wrapper() {
        assertThat(command(RecordCommandTest.class, root))
                .isEqualTo("mvn test -Dtest=RecordCommandTest#with_mavens_wrapper -Dfmware.cassettes=record");
    }

    @Test
    void with_gradle_which_hands_on_the_environment() throws IOException {
        Files.createFile(root.resolve("build.gradle.kts"));

        assertThat(command(RecordCommandTest.class, root))
                .isEqualTo("FMWARE_CASSETTES=record ./gradlew test --tests"
                        + " io.fmware.testing.cassette.RecordCommandTest.with_mavens_wrapper");
    }

    static class Heir extends RecordCommandTest {}

    @Test
    void a_nested_class_that_is_inherited_is_recorded_with_the_whole_class_that_inherits_it() throws Exception {
        Files.createFile(root.resolve("mvnw"));
        Owner inherited = new Owner(List.of(Heir.class, Inside.class));

        assertThat(RecordCommand.of(inherited, RecordCommandTest.class.getDeclaredMethod("without_a_wrapper"), root))
                .isEqualTo("./mvnw test '-Dtest=RecordCommandTest$Heir' -Dfmware.cassettes=record");
    }
}
