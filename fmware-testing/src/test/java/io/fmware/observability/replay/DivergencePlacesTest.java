package io.fmware.observability.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import io.fmware.BoundaryKind;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.ReplayDivergedException;
import io.fmware.Sources;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DivergencePlacesTest {
    @TempDir
    private Path directory;

    private final FmPipeline pipeline = FmPipeline.builder().build();

    private static ChatModel model(double temperature, String answer) {
        return ScriptedChatModel.builder()
                .script(Script.always(Reply.text(answer)))
                .defaultRequestParameters(
                        ChatRequestParameters.builder().temperature(temperature).build())
                .build();
    }

    @Test
    void what_a_model_was_built_with_is_compared_where_it_is_really_asked() {
        Cassette cassette = new Flights(directory)
                .recorded(() -> pipeline.wrap(model(0.2, "ok")).chat("Hi"));

        ReplayDivergedException stopped = Flights.stopped(
                Replay.of(cassette), () -> pipeline.wrap(model(0.3, "ok")).chat("Hi"));

        assertThat(stopped.path()).isEqualTo("claim/call:ScriptedChatModel#1/attempt:ScriptedChatModel#1");
        assertThat(stopped)
                .hasMessageContaining("-    \"temperature\": 0.2")
                .hasMessageContaining("+    \"temperature\": 0.3");
    }

    @Test
    void what_was_redacted_in_an_answer_is_a_mark_when_it_is_asked_again() {
        Supplier<String> application = () -> {
            String address = pipeline.wrap(model(0, "postgres://joe:S3cret-pa55@db:5432/shop"))
                    .chat("Where?");
            return pipeline.wrap(model(0, "ok")).chat("Connect to " + address);
        };
        Cassette cassette = new Flights(directory).recorded(application);

        assertThat(Flights.replayed(Replay.of(cassette), application)).isEqualTo("ok");
        assertThat(CassetteFile.text(cassette)).contains(":00000001]").doesNotContain("S3cret");
        assertThat(cassette.problems())
                .containsExactly(
                        "claim/call:ScriptedChatModel#1: the answer was redacted; code that reads it sees the marks",
                        "claim/call:ScriptedChatModel#1/attempt:ScriptedChatModel#1: the answer was redacted; code that"
                                + " reads it sees the marks");
    }

    @Test
    void the_result_of_what_encloses_a_fork_is_not_compared() {
        Cassette cassette = new Flights(directory).recorded(() -> desk("one"));

        Replay replay = Replay.builder(cassette)
                .forkAt("claim/desk#1/call:ScriptedChatModel#1")
                .build();

        assertThat(Flights.replayed(replay, () -> desk("two"))).isEqualTo("two");
        assertThat(replay.report().divergences()).isEmpty();
    }

    private String desk(String answer) {
        return FmRun.cross(
                BoundaryKind.AGENT,
                "desk",
                "letter",
                in -> pipeline.wrap(model(0, answer)).chat("What of the " + in + "?"));
    }

    @Test
    void a_clock_that_is_not_asked_any_more_is_named_in_the_hint() {
        Cassette cassette = new Flights(directory)
                .recorded(() -> pipeline.wrap(model(0, "ok"))
                        .chat("It is " + Sources.clock(Clock.systemUTC()).instant()));

        Replay replay = Replay.of(cassette);
        Flights.stopped(
                replay,
                () -> pipeline.wrap(model(0, "ok"))
                        .chat("It is " + Clock.systemUTC().instant()));

        assertThat(replay.report().divergences().get(0).hint())
                .isEqualTo(
                        "The time was asked for there: if code reads the real clock now, take it from Sources.clock(..)");
    }
}
