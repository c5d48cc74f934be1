package io.fmware.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fmware.cost.Money;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ResourceLock(Resources.SYSTEM_PROPERTIES)
class CapacityGateTest {
    private static final Slo SLO = Slo.percentile(95, Duration.ofSeconds(1));
    private static final String HOW = "run the test once with -Dfmware.load.write=true and commit the file";

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void inADirectoryThatIsNotThereYet() {
        file = directory.resolve("load").resolve("checkout.json");
    }

    private static Capacity capacity(int slots, String cost) {
        return LoadModel.builder(ServiceTimes.constant(Duration.ofMillis(100)))
                .slots(slots)
                .calls(1_000)
                .costPerAttempt(Money.usd(cost))
                .build()
                .capacity(SLO);
    }

    private void agree(Capacity capacity) {
        System.setProperty("fmware.load.write", "true");
        try {
            CapacityGate.at(file).verify(capacity);
        } finally {
            System.clearProperty("fmware.load.write");
        }
    }

    @Test
    void the_same_capacity_or_a_better_one_passes() {
        agree(capacity(10, "0.001"));

        assertThatCode(() -> CapacityGate.at(file).tolerating(0).verify(capacity(10, "0.001")))
                .doesNotThrowAnyException();
        assertThatCode(() -> CapacityGate.at(file).verify(capacity(12, "0.0005")))
                .doesNotThrowAnyException();
    }

    @Test
    void a_lower_capacity_fails_with_both_numbers_and_the_cure() {
        agree(capacity(10, "0.001"));

        assertThatThrownBy(() -> CapacityGate.at(file).verify(capacity(8, "0.001")))
                .isExactlyInstanceOf(AssertionError.class)
                .hasMessageMatching(
                        "the capacity fell from [\\d.]+ to [\\d.]+ requests/s, by more than 5 % \\(agreed in "
                                + ".*checkout.json; found now: up to .*\\)\\. If that is meant, agree on it: " + HOW);
        assertThatCode(() -> CapacityGate.at(file).tolerating(0.3).verify(capacity(8, "0.001")))
                .doesNotThrowAnyException();
    }

    @Test
    void a_dearer_one_fails_too() {
        agree(capacity(10, "0.001"));

        assertThatThrownBy(() -> CapacityGate.at(file).verify(capacity(10, "0.0012")))
                .isExactlyInstanceOf(AssertionError.class)
                .hasMessageStartingWith("1,000 requests cost $1.2 in place of $1, more by more than 5 % (agreed in ");
    }

    @Test
    void no_load_at_all_is_a_lower_capacity() {
        agree(capacity(10, "0.001"));
        Capacity none = LoadModel.builder(ServiceTimes.constant(Duration.ofSeconds(3)))
                .calls(1_000)
                .build()
                .capacity(SLO);

        assertThatThrownBy(() -> CapacityGate.at(file).verify(none))
                .hasMessageMatching("the capacity fell from [\\d.]+ to 0 requests/s, .*");
    }

    @Test
    void what_was_agreed_on_as_nothing_may_cost_something_once_it_is_more() {
        agree(LoadModel.builder(ServiceTimes.constant(Duration.ofSeconds(3)))
                .calls(1_000)
                .build()
                .capacity(SLO));

        assertThatCode(() -> CapacityGate.at(file).verify(capacity(10, "0.001")))
                .doesNotThrowAnyException();
    }

    @Test
    void a_capacity_of_another_objective_is_not_compared() {
        agree(capacity(10, "0.001"));
        Capacity other =
                new Capacity(SLO.unanswered(0.5), 100, capacity(10, "0.001").atThat(), "");

        assertThatThrownBy(() -> CapacityGate.at(file).verify(other))
                .isExactlyInstanceOf(AssertionError.class)
                .hasMessage("the capacity in " + file
                        + " is of the objective p95 <= 1000 ms, without an answer <= 1 %, and now that is p95 <= 1000 ms,"
                        + " without an answer <= 50 %. Agree on a new one: " + HOW);
    }

    @Test
    void without_an_agreed_capacity_nothing_passes_and_nothing_is_written() {
        assertThatThrownBy(() -> CapacityGate.at(file).verify(capacity(10, "0.001")))
                .isExactlyInstanceOf(AssertionError.class)
                .hasMessage("there is no capacity in " + file + " yet. Agree on one: " + HOW);
        assertThat(file).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "null",
                "[]",
                "{}",
                "{\"slo\": 1, \"other\": 2}",
                "\u0000",
                "{\"slo\": \"p95 <= 1000 ms, without an answer <= 1 %\", \"dollarsPerThousandRequests\": 1}",
                "{\"slo\": \"p95 <= 1000 ms, without an answer <= 1 %\", \"requestsPerSecond\": \"NaN\", \"dollarsPerThousandRequests\": 1}",
                "{\"slo\": \"p95 <= 1000 ms, without an answer <= 1 %\", \"requestsPerSecond\": -5, \"dollarsPerThousandRequests\": 1}",
                "{\"slo\": \"p95 <= 1000 ms, without an answer <= 1 %\", \"requestsPerSecond\": 1, \"dollarsPerThousandRequests\": 1} x"
            })
    void a_file_that_holds_something_else_is_named(String text) throws IOException {
        agree(capacity(10, "0.001"));
        Files.writeString(file, text);

        assertThatThrownBy(() -> CapacityGate.at(file).verify(capacity(10, "0.001")))
                .isExactlyInstanceOf(AssertionError.class)
                .hasMessageStartingWith(file.toString())
                .hasMessageEndingWith(HOW);
    }

    @Test
    void a_file_is_the_same_each_time_it_is_written() throws IOException {
        agree(capacity(10, "0.001"));
        String first = Files.readString(file);
        agree(capacity(10, "0.001"));

        assertThat(Files.readString(file)).isEqualTo(first).contains("\"dollarsPerThousandRequests\" : 1");
    }
}
