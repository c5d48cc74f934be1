package io.fmware.testing.cassette;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cassettes that no test has any more, and those of old versions. */
class UnusedTest {
    private static final String HERE = "io/fmware/testing/cassette/UnusedTest.";

    @TempDir
    Path directory;

    @ExtendWith(Samples.class)
    static class Claims {
        @Recorded
        @Test
        void pays() {
            assertThat(Desk.model().chat("hit")).isEqualTo("Paid: hit");
        }

        @Recorded
        @ParameterizedTest
        @ValueSource(strings = "hit")
        void pays_again(String what) {
            assertThat(Desk.model().chat(what)).isEqualTo("Paid: hit");
        }

        @Recorded
        @ParameterizedTest
        @ValueSource(ints = 1)
        void pays_again(int what) {
            assertThat(Desk.model().chat("" + what)).isEqualTo("Paid: 1");
        }

        @Test
        void not_recorded() {}

        @Nested
        class Inside {
            @Recorded
            @Test
            void pays() {
                assertThat(Desk.model().chat("hit")).isEqualTo("Paid: hit");
            }
        }
    }

    private String file(String name) {
        return Place.shown(directory.resolve(HERE + name));
    }

    private void copy(String to) throws IOException {
        Files.copy(directory.resolve(HERE + "Claims/pays.json"), directory.resolve(HERE + to));
    }

    @Test
    void a_cassette_of_a_test_that_is_gone_is_named_with_the_command_that_deletes_it() throws IOException {
        Desk.paying();
        Tried first = Tried.run(directory, Claims.class);
        assertThat(first.failures()).isEmpty();
        assertThat(Tried.files(directory))
                .containsExactly(
                        HERE + "Claims.Inside/pays.json",
                        HERE + "Claims/pays.json",
                        HERE + "Claims/pays_again(String)-1.json",
                        HERE + "Claims/pays_again(int)-1.json");

        copy("Claims/renamed.json");
        copy("Claims/not_recorded.json");
        copy("Claims/pays-2.json");
        copy("Claims.Inside/gone-3.json");
        Tried second = Tried.run(directory, Claims.class);

        assertThat(second.failures()).isEmpty();
        assertThat(second.log().lines())
                .hasSize(3)
                .anySatisfy(line -> assertThat(line)
                        .endsWith(file("Claims/renamed.json") + " belongs to no test of " + Claims.class.getName()
                                + " any more; delete it: git rm '" + file("Claims/renamed.json") + "'"));
        assertThat(second.reported())
                .containsExactlyInAnyOrder(
                        "fmware.cassettes.unused=" + file("Claims/not_recorded.json"),
                        "fmware.cassettes.unused=" + file("Claims/renamed.json"),
                        "fmware.cassettes.unused=" + file("Claims.Inside/gone-3.json"));
    }

    @Test
    void cassettes_of_a_nested_class_that_is_gone_are_named_too() throws IOException {
        Desk.paying();
        Tried.run(directory, Claims.class);
        Files.createDirectories(directory.resolve(HERE + "Claims.Gone"));
        copy("Claims.Gone/pays.json");

        assertThat(Tried.run(directory, Claims.class).reported())
                .containsExactly("fmware.cassettes.unused=" + file("Claims.Gone/pays.json"));
    }

    @Test
    void what_was_recorded_with_other_versions_is_said_once_and_fails_nothing() throws IOException {
        Desk.paying();
        Tried.run(directory, Claims.class);
        for (String each : Tried.files(directory)) {
            Path file = directory.resolve(each);
            Files.writeString(
                    file,
                    Files.readString(file).replaceFirst("\"langchain4j\": \"[^\"]+\"", "\"langchain4j\": \"1.0.7\""));
        }

        Tried second = Tried.run(directory, Claims.class);

        assertThat(second.failures()).isEmpty();
        assertThat(second.log().lines())
                .hasSize(1)
                .first()
                .asString()
                .contains(" was recorded with langchain4j 1.0.7, and this is ")
                .endsWith("; that is said once, and matters only where tests fail");
    }
}
