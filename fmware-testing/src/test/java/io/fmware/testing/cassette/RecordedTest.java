package io.fmware.testing.cassette;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.fmware.ReplayDivergedException;
import io.fmware.testing.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests with cassettes: what is recorded, what is replayed, and what a developer is told. */
class RecordedTest {
    private static final String HERE = "io/fmware/testing/cassette/RecordedTest.";

    @TempDir
    Path directory;

    @BeforeEach
    void ask() {
        Desk.prompt = "My car was hit.";
    }

    @ExtendWith(Samples.class)
    static class Claims {
        @Recorded
        @Test
        void pays() {
            String answer = Desk.model().chat(Desk.prompt);

            assertThat(Desk.failing).isFalse();
            assertThat(answer).isEqualTo("We pay 900 euros.");
        }
    }

    @ExtendWith(Samples.class)
    @Recorded
    static class Several {
        @ParameterizedTest
        @ValueSource(strings = {"hit", "stolen"})
        void asks(String what) {
            assertThat(Desk.model().chat("My car was " + what)).isEqualTo("Paid: " + what);
        }

        @RepeatedTest(2)
        void repeats() {
            assertThat(Desk.model().chat("again")).startsWith("Paid");
        }

        @Test
        void asks_nothing() {}

        @Nested
        class Inside {
            @Test
            void pays() {
                assertThat(Desk.model().chat("inside")).isEqualTo("Paid: inside");
            }
        }
    }

    @ExtendWith(Samples.class)
    @Recorded
    abstract static class Base {
        @Test
        void pays() {
            assertThat(Desk.model().chat(getClass().getSimpleName())).startsWith("Paid");
        }
    }

    static class Cars extends Base {}

    static class Houses extends Base {}

    abstract static class NotRecorded {
        @Nested
        class Inside {
            @Test
            void pays() {
                assertThat(Desk.model().chat("inside")).isEqualTo("Paid: inside");
            }
        }
    }

    @ExtendWith(Samples.class)
    @Recorded
    static class Inheriting extends NotRecorded {}

    @ExtendWith(Samples.class)
    @Recorded
    static class Around {
        private final List<String> answers = new ArrayList<>();

        @BeforeEach
        void before() {
            answers.add(Desk.model().chat("before"));
        }

        @AfterEach
        void after() {
            answers.add(Desk.model().chat("after"));
            assertThat(answers).containsExactly("one", "two", "three");
        }

        @Test
        void asks() {
            answers.add(Desk.model().chat("in the test"));
        }
    }

    @ExtendWith(Samples.class)
    static class Swallowing {
        @Recorded
        @Test
        void swallows() {
            try {
                Desk.model().chat(Desk.prompt);
            } catch (RuntimeException e) {
                assertThat(e).isNotNull();
            }
        }

        @Recorded
        @Test
        void asserts() {
            String answer;
            try {
                answer = Desk.model().chat(Desk.prompt);
            } catch (RuntimeException e) {
                answer = "I do not know.";
            }
            assertThat(answer).isEqualTo("We pay 900 euros.");
        }

        @Recorded
        @Test
        void wraps() {
            try {
                Desk.model().chat(Desk.prompt);
            } catch (RuntimeException e) {
                throw new IllegalArgumentException("the desk is closed", e);
            }
        }
    }

    @ExtendWith(Samples.class)
    static class Aborting {
        @Recorded
        @Test
        void gives_up() {
            assumeTrue(!Desk.failing);
            assertThat(Desk.model().chat("hit")).isEqualTo("Paid: hit");
        }

        @Recorded
        @TestFactory
        Stream<DynamicTest> makes_tests() {
            return Stream.of("hit", "stolen")
                    .map(each -> dynamicTest(
                            each, () -> assertThat(Desk.model().chat(each)).isEqualTo("Paid: " + each)));
        }
    }

    private Tried run(Class<?>... samples) {
        return Tried.run(directory, samples);
    }

    private String file(String name) {
        return Place.shown(directory.resolve(HERE + name));
    }

    private String text(String name) throws IOException {
        return Files.readString(directory.resolve(HERE + name));
    }

    @Test
    void the_first_run_records_and_the_next_one_needs_no_model() throws IOException {
        Desk.alive(Reply.text("We pay 900 euros."));
        Tried first = run(Claims.class);

        assertThat(first.failures()).isEmpty();
        assertThat(Tried.files(directory)).containsExactly(HERE + "Claims/pays.json");
        assertThat(first.log())
                .contains("recorded " + file("Claims/pays.json") + " (2 steps); read it, then commit it");
        assertThat(first.reported()).contains("fmware.cassettes.recorded=" + file("Claims/pays.json"));

        Desk.dead();
        String before = text("Claims/pays.json");
        Tried second = run(Claims.class);

        assertThat(second.failures()).isEmpty();
        assertThat(second.succeeded()).isEqualTo(1);
        assertThat(second.log()).isEmpty();
        assertThat(text("Claims/pays.json")).isEqualTo(before);
    }

    @Test
    void another_prompt_fails_the_test_and_says_how_to_record_it_again() {
        Desk.alive(Reply.text("We pay 900 euros."));
        run(Claims.class);

        Desk.prompt = "My house was hit.";
        Throwable failure = run(Claims.class).failure();

        assertThat(failure)
                .isInstanceOf(ReplayDivergedException.class)
                .hasMessageStartingWith("""
                        the replay of run pays diverged at pays/call:ScriptedChatModel#1: what is asked of call ScriptedChatModel has changed
                            --- recorded
                            +++ replayed
                            @@ -6,5 +6,5 @@
                                   "contents": [
                                     {
                            -          "text": "My car was hit.",
                            +          "text": "My house was hit.",
                                       "type": "TEXT"
                                     }
                        """)
                .hasMessageEndingWith("""

                        Where that is meant, record %s again, which takes the model's key:
                          ./mvnw test -pl fmware-testing -am -Dsurefire.failIfNoSpecifiedTests=false '-Dtest=RecordedTest$Claims#pays' \
                        -Dfmware.cassettes=record""".formatted(file("Claims/pays.json")));
        assertThat(Desk.asked()).isEqualTo(1);
    }

    @Test
    void a_divergence_that_the_test_swallowed_wrapped_or_tripped_over_is_what_is_read_first() {
        Desk.alive(Reply.text("We pay 900 euros."), Reply.text("We pay 900 euros."), Reply.text("We pay 900 euros."));
        assertThat(run(Swallowing.class).failures()).isEmpty();

        Desk.prompt = "My house was hit.";
        List<Throwable> failures = run(Swallowing.class).failures();

        assertThat(failures)
                .hasSize(3)
                .allSatisfy(each -> assertThat(each)
                        .isInstanceOf(ReplayDivergedException.class)
                        .hasMessageContaining("-Dfmware.cassettes=record"));
        assertThat(failures.stream().flatMap(each -> Stream.of(each.getSuppressed())))
                .hasSize(1);
    }

    @Test
    void a_test_that_failed_writes_nothing_and_leaves_the_old_cassette_alone() throws IOException {
        Desk.alive(Reply.text("We pay 900 euros."));
        Desk.failing = true;
        assertThat(run(Claims.class).failure()).isInstanceOf(AssertionError.class);
        assertThat(Tried.files(directory)).isEmpty();

        Desk.alive(Reply.text("We pay 900 euros."));
        run(Claims.class);
        String before = text("Claims/pays.json");
        Desk.alive(Reply.text("We pay 1000 euros."));
        assertThat(Tried.run(directory, "record", Map.of(), Claims.class).failure())
                .isInstanceOf(AssertionError.class);
        assertThat(text("Claims/pays.json")).isEqualTo(before);
    }

    @Test
    void a_failure_of_the_test_itself_is_told_as_it_is() {
        Desk.alive(Reply.text("We pay 900 euros."));
        run(Claims.class);

        Desk.failing = true;
        assertThat(run(Claims.class).failure())
                .isInstanceOf(AssertionError.class)
                .hasNoSuppressedExceptions();
    }

    @Test
    void every_invocation_has_its_own_cassette_and_so_have_nested_classes() {
        Desk.paying();
        assertThat(run(Several.class).failures()).isEmpty();

        assertThat(Tried.files(directory))
                .containsExactly(
                        HERE + "Several.Inside/pays.json",
                        HERE + "Several/asks-1.json",
                        HERE + "Several/asks-2.json",
                        HERE + "Several/repeats-1.json",
                        HERE + "Several/repeats-2.json");

        Desk.dead();
        Tried second = Tried.run(directory, "replay", Map.of(), Several.class);
        assertThat(second.failures()).isEmpty();
        assertThat(second.succeeded()).isEqualTo(6);
    }

    @Test
    void an_inherited_test_has_a_cassette_for_each_class() {
        Desk.paying();
        assertThat(run(Cars.class, Houses.class).failures()).isEmpty();
        assertThat(Tried.files(directory)).containsExactly(HERE + "Cars/pays.json", HERE + "Houses/pays.json");

        Desk.dead();
        assertThat(run(Cars.class, Houses.class).succeeded()).isEqualTo(2);
    }

    @Test
    void what_is_asked_before_and_after_the_test_is_in_its_cassette() {
        Desk.alive(Reply.text("one"), Reply.text("two"), Reply.text("three"));
        assertThat(run(Around.class).failures()).isEmpty();

        Desk.dead();
        assertThat(run(Around.class).failures()).isEmpty();
    }

    @Test
    void a_test_that_gave_up_neither_records_nor_diverges_and_the_tests_of_a_factory_share_a_cassette() {
        Desk.paying();
        Desk.failing = true;
        assertThat(run(Aborting.class).failures()).isEmpty();
        assertThat(Tried.files(directory)).containsExactly(HERE + "Aborting/makes_tests.json");

        Desk.paying();
        run(Aborting.class);
        Desk.dead();
        assertThat(Tried.run(directory, "replay", Map.of(), Aborting.class).succeeded())
                .isEqualTo(3);
        Desk.failing = true;
        assertThat(Tried.run(directory, "replay", Map.of(), Aborting.class).failures())
                .isEmpty();
    }

    @Test
    void a_nested_class_that_was_inherited_is_recorded_as_the_class_says_that_inherits_it() {
        Desk.paying();
        assertThat(Tried.run(directory, Inheriting.class).failures()).isEmpty();
        assertThat(Tried.files(directory)).hasSize(1);

        Desk.dead();
        assertThat(Tried.run(directory, Inheriting.class).failures()).isEmpty();
    }
}
