package io.fmware.testing.cassette;

import static org.assertj.core.api.Assertions.assertThat;

import io.fmware.testing.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every test has a cassette of its own, on every file system. */
class PlaceTest {
    private static final String HERE = "io/fmware/testing/cassette/PlaceTest.";

    @TempDir
    Path directory;

    @BeforeEach
    void pay() {
        Desk.paying();
    }

    abstract static class Base {
        abstract String what();

        @Nested
        class Inside {
            @Test
            void pays() {
                assertThat(Desk.model().chat(what())).isEqualTo("Paid: " + what());
            }

            @Nested
            class Deeper {
                @Test
                void pays() {
                    assertThat(Desk.model().chat("deeper " + what())).isEqualTo("Paid: " + what());
                }
            }
        }
    }

    @ExtendWith(Samples.class)
    @Recorded
    static class Cars extends Base {
        @Override
        String what() {
            return "car";
        }
    }

    @ExtendWith(Samples.class)
    @Recorded
    static class Houses extends Base {
        @Override
        String what() {
            return "house";
        }
    }

    @Test
    void nested_classes_that_are_inherited_have_cassettes_in_each_class_that_inherits_them() {
        Tried first = Tried.run(directory, Cars.class, Houses.class);
        assertThat(first.failures()).isEmpty();
        assertThat(first.succeeded()).isEqualTo(4);
        assertThat(Tried.files(directory))
                .containsExactly(
                        HERE + "Cars.Inside.Deeper/pays.json",
                        HERE + "Cars.Inside/pays.json",
                        HERE + "Houses.Inside.Deeper/pays.json",
                        HERE + "Houses.Inside/pays.json");

        Desk.dead();
        Tried second = Tried.run(directory, "replay", Map.of(), Cars.class, Houses.class);
        assertThat(second.failures()).isEmpty();
        assertThat(second.succeeded()).isEqualTo(4);
        assertThat(second.reported()).isEmpty();
    }

    @Test
    void what_is_gone_of_an_inherited_nested_class_is_named() throws IOException {
        Tried.run(directory, Cars.class);
        Files.copy(
                directory.resolve(HERE + "Cars.Inside/pays.json"), directory.resolve(HERE + "Cars.Inside/gone.json"));
        Files.createDirectories(directory.resolve(HERE + "Cars.Outside"));
        Files.copy(
                directory.resolve(HERE + "Cars.Inside/pays.json"), directory.resolve(HERE + "Cars.Outside/pays.json"));

        assertThat(Tried.run(directory, Cars.class).reported())
                .containsExactlyInAnyOrder(
                        "fmware.cassettes.unused=" + Place.shown(directory.resolve(HERE + "Cars.Inside/gone.json")),
                        "fmware.cassettes.unused=" + Place.shown(directory.resolve(HERE + "Cars.Outside/pays.json")));
    }

    @ExtendWith(Samples.class)
    @Recorded
    static class Names {
        @Test
        void pays() {
            assertThat(Desk.model().chat("small")).isEqualTo("Paid: small");
        }

        @Test
        void Pays() {
            assertThat(Desk.model().chat("large")).isEqualTo("Paid: large");
        }

        @Test
        void nul() {
            assertThat(Desk.model().chat("nothing")).isEqualTo("Paid: nothing");
        }

        @Test
        void
                a_small_small_small_small_small_small_small_small_small_small_small_small_small_small_small_small_small_small_small_small_damage_is_paid() {
            assertThat(Desk.model().chat("tiny")).isEqualTo("Paid: tiny");
        }
    }

    @ExtendWith(Samples.class)
    @Recorded
    static class Overloaded {
        /** Has the name of another one. */
        record Year(String text) {}

        @ParameterizedTest
        @ValueSource(strings = "2026")
        void asks(java.time.Year of) {
            assertThat(Desk.model().chat(of.toString())).isEqualTo("Paid: 2026");
        }

        @ParameterizedTest
        @ValueSource(strings = "text")
        void asks(Year of) {
            assertThat(Desk.model().chat(of.text())).isEqualTo("Paid: text");
        }
    }

    @Test
    void two_tests_whose_names_differ_in_case_alone_and_long_names_have_files_that_every_system_keeps_apart() {
        Tried.run(directory, Names.class);

        List<String> files = Tried.files(directory);
        assertThat(files)
                .hasSize(4)
                .contains(HERE + "Names/nul_.json")
                .anyMatch(each -> each.matches(".*/pays~[0-9a-f]{8}\\.json"))
                .anyMatch(each -> each.matches(".*/Pays~[0-9a-f]{8}\\.json"))
                .anyMatch(each -> each.matches(".*/a_small_.*~[0-9a-f]{8}\\.json"))
                .allMatch(each -> Path.of(each).getFileName().toString().getBytes(StandardCharsets.UTF_8).length < 140);
        assertThat(files.stream().map(each -> each.toLowerCase(Locale.ROOT)).distinct())
                .hasSize(4);

        Desk.dead();
        assertThat(Tried.run(directory, "replay", Map.of(), Names.class).succeeded())
                .isEqualTo(4);
        assertThat(Tried.run(directory, "replay", Map.of(), Names.class).reported())
                .isEmpty();
    }

    @Test
    void two_tests_whose_parameters_have_the_same_simple_names_are_told_apart() {
        assertThat(Tried.run(directory, Overloaded.class).failures()).isEmpty();

        assertThat(Tried.files(directory))
                .hasSize(2)
                .allMatch(each -> each.matches(".*/asks\\(Year\\)~[0-9a-f]{8}-1\\.json"));
        Desk.dead();
        assertThat(Tried.run(directory, "replay", Map.of(), Overloaded.class).succeeded())
                .isEqualTo(2);
    }

    @ExtendWith(Samples.class)
    static class Once {
        @Recorded
        @RepeatedTest(2)
        void asks() {
            assertThat(Desk.model().chat("hit")).isEqualTo("Paid: hit");
        }

        @Test
        void asks_nothing() {}
    }

    @Test
    void a_directory_that_cannot_be_written_to_is_told_before_a_model_is_asked() throws IOException {
        Path closed = Files.writeString(directory.resolve("closed"), "a file");
        Desk.alive(Reply.text("Paid: hit"));

        Tried tried = Tried.run(closed, Once.class);

        assertThat(Desk.asked()).isZero();
        assertThat(tried.succeeded()).isEqualTo(1);
        assertThat(tried.failures().get(0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("asks/call:ScriptedChatModel#1 cannot be answered: the cassette "
                        + Place.shown(closed.resolve(HERE + "Once/asks-1.json")) + " cannot be recorded, since "
                        + Place.shown(closed) + " is no directory that can be written to. Change that, or name another"
                        + " directory with fmware.cassettes.directory");
    }
}
