package io.fmware.examples.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.langchain4j.agentic.agent.AgentInvocationException;
import io.fmware.FmRun;
import io.fmware.observability.recorder.RecordedRun;
import io.fmware.observability.recorder.Recording;
import io.fmware.observability.replay.Cassette;
import io.fmware.observability.replay.Replay;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The steps of docs/from-failure-to-test.md. */
class FailureToTestTest {
    private static final long SEED = 128;
    private static final long ANOTHER_DAY = 155;

    @TempDir
    private Path flights;

    private String said = "";
    private Cassette cassette;

    @BeforeEach
    void a_claim_is_lost() throws IOException {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = ClaimsDesk.run(
                List.of("C-1", "--faults", Long.toString(SEED)),
                Map.of(BlackBox.VARIABLE, flights.toString()),
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        assertThat(code).isEqualTo(2);
        said = err.toString(StandardCharsets.UTF_8);
        Recording recording = Recording.in(flights);
        RecordedRun run = recording.runs(fault -> {}).iterator().next();
        cassette = Cassette.of(recording, run.id());
    }

    private Replay replayed(ThrowingCallable test) throws Throwable {
        Replay replay = Replay.of(cassette);
        try (FmRun again = replay.open()) {
            test.call();
        }
        return replay;
    }

    @Test
    void the_page_shows_what_the_desk_says() throws IOException {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.exists(here.resolve("docs/from-failure-to-test.md"))) {
            here = here.getParent();
        }
        assertThat(Files.readString(here.resolve("docs/from-failure-to-test.md")))
                .contains("claims-desk.jar C-1 --faults " + SEED + "\n" + said)
                .contains("ClaimsDesk.settle(claim, " + SEED + ")");
    }

    @Test
    void all_answers_of_the_run_are_recorded() {
        assertThat(cassette.problems())
                .singleElement()
                .asString()
                .contains("the order of its branches was recorded as it was seen, not exactly");
    }

    @Test
    void the_replay_fails_as_the_run_did_whatever_the_model_would_say_today() throws Throwable {
        Replay replay = replayed(() -> assertThat(catchThrowable(() -> ClaimsDesk.settle("C-1", ANOTHER_DAY)))
                .isInstanceOf(AgentInvocationException.class)
                .hasRootCauseMessage("Internal Server Error"));

        assertThat(replay.report().isIdentical()).isTrue();
        assertThat(replay.report().live()).isZero();
        assertThat(ClaimsDesk.settle("C-1", ANOTHER_DAY).agreed()).isTrue();
    }

    @Test
    void a_desk_that_leaves_the_claim_to_a_colleague_passes() throws Throwable {
        Replay replay = replayed(() -> assertThat(settledOrLeft().agreed()).isFalse());

        assertThat(replay.report().isIdentical()).isTrue();
    }

    /** What the fix on the page does. */
    private static Outcome settledOrLeft() {
        try {
            return ClaimsDesk.settle("C-1", SEED);
        } catch (AgentInvocationException e) {
            return new Outcome(Claim.of("C-1"), "not settled", "none", false);
        }
    }
}
