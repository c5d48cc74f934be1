package io.fmware.testing.cassette;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.engine.discovery.DiscoverySelectors;

/** Every kind of test that JUnit has is recorded and replayed. */
class KindsOfTestsTest {
    private static final String HERE = "io/fmware/testing/cassette/KindsOfTestsTest.";
    private static final Map<String, String> PARALLEL = Map.of(
            "junit.jupiter.execution.parallel.enabled", "true",
            "junit.jupiter.execution.parallel.mode.default", "concurrent",
            "junit.jupiter.execution.parallel.config.strategy", "fixed",
            "junit.jupiter.execution.parallel.config.fixed.parallelism", "4");
    private static volatile boolean failing;

    @TempDir
    Path directory;

    @BeforeEach
    void pay() {
        failing = false;
        Desk.paying();
    }

    @ExtendWith(Samples.class)
    @Recorded
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class OfAllKinds {
        private final List<String> answers = new ArrayList<>();

        @BeforeEach
        @Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
        void before() {
            assertThat(Desk.model().chat("before")).isEqualTo("Paid: before");
        }

        @AfterEach
        @Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
        void after() {
            assertThat(Desk.model().chat("after")).isEqualTo("Paid: after");
        }

        @Test
        @Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
        void asks_in_time() {
            assertThat(Desk.model().chat("in time")).isEqualTo("Paid: time");
        }

        @ParameterizedTest(name = "the same")
        @ValueSource(strings = {"one", "two", "one"})
        @Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
        void has_one_name(String what) {
            answers.add(Desk.model().chat(what));
            assertThat(answers).endsWith("Paid: " + what);
        }

        @TestFactory
        @Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
        Stream<DynamicNode> makes_tests() {
            assertThat(Desk.model().chat("for tests")).isEqualTo("Paid: tests");
            return Stream.of(dynamicContainer(
                    "in it",
                    Stream.of("hit", "hit", "stolen")
                            .map(each -> dynamicTest(
                                    each,
                                    () -> assertThat(Desk.model().chat(each)).isEqualTo("Paid: " + each)))));
        }
    }

    @Test
    void of_all_kinds_with_timeouts_and_one_instance() {
        Tried first = Tried.run(directory, OfAllKinds.class);
        assertThat(first.allFailures()).isEmpty();
        assertThat(Tried.files(directory))
                .containsExactly(
                        HERE + "OfAllKinds/asks_in_time.json",
                        HERE + "OfAllKinds/has_one_name-1.json",
                        HERE + "OfAllKinds/has_one_name-2.json",
                        HERE + "OfAllKinds/has_one_name-3.json",
                        HERE + "OfAllKinds/makes_tests.json");

        Desk.dead();
        Tried second = Tried.run(directory, "replay", Map.of(), OfAllKinds.class);
        assertThat(second.allFailures()).isEmpty();
        assertThat(second.succeeded()).isEqualTo(first.succeeded());
    }

    @ExtendWith(Samples.class)
    @Recorded
    @Execution(ExecutionMode.CONCURRENT)
    static class Parallel {
        @ParameterizedTest
        @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
        void asks(int number) {
            assertThat(Desk.model().chat("number " + number)).isEqualTo("Paid: " + number);
        }

        @TestFactory
        @Execution(ExecutionMode.SAME_THREAD)
        Stream<DynamicNode> makes_tests() {
            return IntStream.range(0, 6)
                    .mapToObj(each -> dynamicTest(
                            "test " + each,
                            () -> assertThat(Desk.model().chat("number " + each))
                                    .isEqualTo("Paid: " + each)));
        }
    }

    private Tried parallel(String mode) {
        return Tried.run(directory, mode, Map.of(), PARALLEL, DiscoverySelectors.selectClass(Parallel.class));
    }

    @Test
    void all_at_once() {
        Tried first = parallel(null);
        assertThat(first.allFailures()).isEmpty();
        assertThat(Tried.files(directory)).hasSize(9);

        Desk.dead();
        Tried second = parallel("replay");
        assertThat(second.allFailures()).isEmpty();
        assertThat(second.succeeded()).isEqualTo(14);
    }

    @ExtendWith(Samples.class)
    @Recorded
    static class AtOnce {
        @TestFactory
        Stream<DynamicNode> makes_tests() {
            return Stream.of(dynamicTest(
                    "one", () -> assertThat(Desk.model().chat("hit")).isEqualTo("Paid: hit")));
        }
    }

    @Test
    void tests_of_a_factory_that_would_run_at_once_are_refused_since_their_order_would_be_chance() {
        assertThat(Tried.run(directory, null, Map.of(), PARALLEL, DiscoverySelectors.selectClass(AtOnce.class))
                        .allFailures())
                .singleElement()
                .satisfies(each -> assertThat(each)
                        .hasMessage("the tests of factory makes_tests would run at the same time"
                                + " (junit.jupiter.execution.parallel.enabled), and share a cassette, in which their order"
                                + " counts; give it @Execution(ExecutionMode.SAME_THREAD)"));
        assertThat(Desk.asked()).isZero();
        assertThat(Tried.run(directory, AtOnce.class).allFailures()).isEmpty();
    }

    @ExtendWith(Samples.class)
    @Recorded
    static class TooSlow {
        @Test
        @Timeout(value = 50, unit = TimeUnit.MILLISECONDS, threadMode = ThreadMode.SEPARATE_THREAD)
        void waits() throws Exception {
            assertThat(Desk.model().chat("hit")).isEqualTo("Paid: hit");
            new CountDownLatch(1).await();
        }

        @Test
        void pays() {
            assertThat(Desk.model().chat("hit")).isEqualTo("Paid: hit");
        }
    }

    @Test
    void a_test_that_is_too_slow_fails_as_that_and_records_nothing() {
        assertThat(Tried.run(directory, TooSlow.class).failure()).isInstanceOf(TimeoutException.class);
        assertThat(Tried.files(directory)).containsExactly(HERE + "TooSlow/pays.json");
        assertThat(Tried.run(directory, "record", Map.of(), TooSlow.class).failure())
                .isInstanceOf(TimeoutException.class);
    }

    @ExtendWith(Samples.class)
    @Recorded
    static class Failing {
        @Test
        void fails_first() {
            if (failing) {
                fail("before it asks");
            }
            assertThat(Desk.model().chat("hit")).isEqualTo("Paid: hit");
        }
    }

    @Test
    void a_test_that_fails_before_it_asks_fails_as_that() {
        failing = true;
        assertThat(Tried.run(directory, Failing.class).failure()).isExactlyInstanceOf(AssertionError.class);
        failing = false;
        assertThat(Tried.run(directory, Failing.class).failures()).isEmpty();

        failing = true;
        assertThat(Tried.run(directory, Failing.class).failure())
                .isExactlyInstanceOf(AssertionError.class)
                .hasMessage("before it asks")
                .hasNoSuppressedExceptions();
    }

    @Test
    void a_cassette_with_line_ends_of_windows_is_replayed() throws IOException {
        Tried.run(directory, Failing.class);
        Path file = directory.resolve(HERE + "Failing/fails_first.json");
        Files.writeString(file, "\ufeff" + Files.readString(file).replace("\n", "\r\n"));

        Desk.dead();
        assertThat(Tried.run(directory, "replay", Map.of(), Failing.class).succeeded())
                .isEqualTo(1);
    }

    @Test
    void a_cassette_that_is_merged_half_is_named() throws IOException {
        Tried.run(directory, Failing.class);
        Path file = directory.resolve(HERE + "Failing/fails_first.json");
        Files.writeString(file, "<<<<<<< HEAD\n" + Files.readString(file));

        assertThat(Tried.run(directory, Failing.class).failure())
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(file + " cannot be read as a cassette: line 1 is '<<<<<<<'");
    }
}
