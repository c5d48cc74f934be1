package io.fmware.observability.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import io.fmware.BoundaryKind;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.ReplayDivergedException;
import io.fmware.event.Redactor;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replays of runs whose contents were redacted, by a process with another key. */
class RedactedReplayTest {
    private static final String JANE = "jane.doe@example.org";
    private static final String JOHN = "john.roe@example.org";

    @TempDir
    private Path directory;

    private final FmPipeline pipeline = FmPipeline.builder().build();
    private final ChatModel model = pipeline.wrap((ChatModel) ScriptedChatModel.of(Script.always(Reply.text("ok"))));

    private Supplier<String> asking(String... questions) {
        return () -> {
            for (String each : questions) {
                model.chat(each);
            }
            return "done";
        };
    }

    private static Replay elsewhere(Cassette cassette) {
        return Replay.builder(cassette)
                .redactor(Redactor.builder().key(new byte[32]).build())
                .build();
    }

    @Test
    void another_address_in_the_place_of_one_that_is_known_is_a_difference() {
        Cassette cassette = new Flights(directory).recorded(asking("From " + JANE + " to " + JOHN, "Write to " + JOHN));

        assertThat(Flights.replayed(elsewhere(cassette), asking("From " + JANE + " to " + JOHN, "Write to " + JOHN)))
                .isEqualTo("done");
        ReplayDivergedException stopped =
                Flights.stopped(elsewhere(cassette), asking("From " + JANE + " to " + JOHN, "Write to " + JANE));
        assertThat(stopped.path()).isEqualTo("claim/call:ScriptedChatModel#2");
        assertThat(stopped)
                .hasMessageContaining("-          \"text\": \"Write to [email:00000002]\"")
                .hasMessageContaining("+          \"text\": \"Write to [email:00000001]\"");
    }

    @Test
    void other_values_than_those_of_production_are_the_same_as_long_as_they_are_used_alike() {
        Cassette cassette = new Flights(directory).recorded(asking("From " + JANE + " to " + JOHN, "Write to " + JOHN));
        Replay replay = elsewhere(cassette);

        for (int i = 0; i < 2; i++) {
            assertThat(Flights.replayed(replay, asking("From a@b.example to c@d.example", "Write to c@d.example")))
                    .isEqualTo("done");
        }
        assertThat(Flights.stopped(replay, asking("From a@b.example to c@d.example", "Write to a@b.example")))
                .isNotNull();
        assertThat(Flights.replayed(replay, asking("From c@d.example to a@b.example", "Write to a@b.example")))
                .isEqualTo("done"); // each repetition begins anew
    }

    @Test
    void addresses_that_a_tool_has_found_are_not_swapped_either() {
        Cassette cassette = new Flights(directory).recorded(finding(false));

        assertThat(Flights.replayed(elsewhere(cassette), finding(false))).isEqualTo("done");
        assertThat(Flights.stopped(elsewhere(cassette), finding(true)).path())
                .isEqualTo("claim/call:ScriptedChatModel#1");
    }

    private Supplier<String> finding(boolean swapped) {
        return () -> {
            String one = FmRun.cross(BoundaryKind.TOOL, "customer", 17, number -> JANE);
            String other = FmRun.cross(BoundaryKind.TOOL, "workshop", 17, number -> JOHN);
            return asking(swapped ? "From " + other + " to " + one : "From " + one + " to " + other)
                    .get();
        };
    }
}
