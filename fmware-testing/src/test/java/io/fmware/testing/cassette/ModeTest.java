package io.fmware.testing.cassette;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When tests record and when they do not, and what is said where there is nothing to replay. */
class ModeTest {
    private static final String HERE = "io/fmware/testing/cassette/ModeTest.Claims/";

    private static volatile boolean quiet;

    @TempDir
    Path directory;

    @ExtendWith(Samples.class)
    static class Claims {
        @Recorded
        @Test
        void pays() {
            if (quiet) {
                return;
            }
            assertThat(Desk.model().chat("hit")).isEqualTo("Paid: hit");
        }

        @Recorded
        @Test
        void swallows() {
            try {
                assertThat(Desk.model().chat("hit")).isEqualTo("Paid: hit");
            } catch (RuntimeException e) {
                assertThat(e).isNotNull();
            }
        }
    }

    @BeforeEach
    void pay() {
        quiet = false;
        Desk.paying();
    }

    private String file(String name) {
        return Place.shown(directory.resolve(HERE + name));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"CI", "GITHUB_ACTIONS", "GITLAB_CI", "JENKINS_URL", "TF_BUILD", "BUILDKITE", "TEAMCITY_VERSION"})
    void in_ci_nothing_is_recorded_and_a_missing_cassette_fails_the_test_that_asks(String variable) {
        Tried tried = Tried.run(directory, null, Map.of(variable, "true"), Claims.class);

        assertThat(tried.failures())
                .hasSize(2)
                .anySatisfy(each -> assertThat(each)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("""
                pays/call:ScriptedChatModel#1 cannot be answered: there is no cassette %s, and none is recorded (this is CI, \
                where nothing is recorded: %s is set). Record it, which takes the model's key, and commit it:
                  ./mvnw test -pl fmware-testing -am -Dsurefire.failIfNoSpecifiedTests=false '-Dtest=ModeTest$Claims#pays' \
                -Dfmware.cassettes=record""".formatted(file("pays.json"), variable)))
                .anySatisfy(each -> assertThat(each)
                        .hasMessageStartingWith("swallows/call:ScriptedChatModel#1 cannot be answered"));
        assertThat(Desk.asked()).isZero();
        assertThat(Tried.files(directory)).isEmpty();
    }

    @Test
    void where_only_replay_is_wanted_a_missing_cassette_names_what_said_so() {
        assertThat(Tried.run(directory, "replay", Map.of(), Claims.class)
                        .failures()
                        .get(0))
                .hasMessageContaining("none is recorded (fmware.cassettes=replay). Record it");
        assertThat(Tried.run(directory, null, Map.of("FMWARE_CASSETTES", "replay"), Claims.class)
                        .failures()
                        .get(0))
                .hasMessageContaining("none is recorded (FMWARE_CASSETTES=replay). Record it");
    }

    @Test
    void in_ci_to_record_is_refused() {
        Tried tried = Tried.run(directory, "record", Map.of("GITLAB_CI", "true"), Claims.class);

        assertThat(tried.failures())
                .hasSize(2)
                .allSatisfy(each -> assertThat(each)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage(
                                "fmware.cassettes=record, but this is CI (GITLAB_CI is set), where nothing is recorded: what a"
                                        + " model says has to be read by somebody before tests rely on it. Record where you develop, and"
                                        + " commit the cassettes"));
        assertThat(Desk.asked()).isZero();
    }

    @Test
    void to_record_asks_the_model_again_though_there_is_a_cassette() {
        Tried.run(directory, Claims.class);
        Tried.run(directory, Claims.class);
        assertThat(Desk.asked()).isEqualTo(2);

        Tried.run(directory, "record", Map.of(), Claims.class);
        assertThat(Desk.asked()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({
        ",,,MISSING",
        "missing,,,MISSING",
        "replay,record,,REPLAY",
        ",record,,RECORD",
        ",record,false,RECORD",
        ",record,0,RECORD",
        ",,1,REPLAY",
        ",,https://ci,REPLAY",
        "missing,,true,REPLAY",
        "replay,,true,REPLAY"
    })
    void the_property_counts_before_the_variable_and_ci_before_both(
            String property, String variable, String ci, CassetteMode mode) {
        assertThat(CassetteMode.of(property, name -> switch (name) {
                            case "FMWARE_CASSETTES" -> variable;
                            case "CI" -> ci;
                            default -> null;
                        })
                        .mode())
                .isEqualTo(mode);
    }

    @Test
    void another_word_is_refused() {
        assertThatThrownBy(() -> CassetteMode.of("never", name -> null))
                .hasMessage("fmware.cassettes=never is not known; it is replay, record or missing");
    }

    @Test
    void a_cassette_that_is_damaged_is_named() throws Exception {
        Tried.run(directory, Claims.class);
        Files.writeString(directory.resolve(HERE + "pays.json"), "{");

        assertThat(Tried.run(directory, Claims.class).failure())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("pays.json is no cassette, or was damaged: ");
    }

    @Test
    void a_test_that_does_not_ask_any_more_loses_its_cassette_when_it_is_recorded_again() {
        Tried.run(directory, Claims.class);
        quiet = true;

        Tried tried = Tried.run(directory, "record", Map.of(), Claims.class);

        assertThat(tried.failures()).isEmpty();
        assertThat(tried.log()).contains("the test asks nothing any more, so " + file("pays.json") + " was deleted");
        assertThat(Tried.files(directory)).containsExactly(HERE + "swallows.json");
        assertThat(Tried.run(directory, "replay", Map.of(), Claims.class).failures())
                .isEmpty();
    }
}
