package io.fmware.observability.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.model.chat.ChatModel;
import io.fmware.BoundaryKind;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.ReplayDivergedException;
import io.fmware.Sources;
import io.fmware.observability.recorder.ContentRule;
import io.fmware.observability.recorder.FlightRecorder;
import io.fmware.observability.recorder.Recording;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.nio.file.Path;
import java.time.Clock;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayTest {
    @TempDir
    private Path directory;

    private Cassette recorded(FmPipeline.Builder pipeline, Consumer<FmPipeline> application) throws Exception {
        String id;
        try (FlightRecorder recorder = FlightRecorder.builder(directory)
                .content(ContentRule.all())
                .pieces()
                .exact()
                .segmentBytes(1 << 18)
                .open()) {
            FmPipeline watched = pipeline.build();
            try (FmRun run = FmRun.builder("claim").watch(recorder).open()) {
                id = run.id();
                application.accept(watched);
            }
        }
        Cassette cassette = Cassette.of(Recording.in(directory), id);
        Path file = directory.resolve("cassette.json");
        cassette.write(file);
        System.out.println(java.nio.file.Files.readString(file));
        return Cassette.read(file);
    }

    private static String ask(FmPipeline pipeline, ChatModel model, String question) {
        Clock clock = Sources.clock(Clock.systemUTC());
        Supplier<UUID> ids = Sources.ids("claim", UUID::randomUUID);
        String tool = FmRun.cross(BoundaryKind.TOOL, "look", "17", in -> "found " + in);
        return pipeline.wrap(model).chat(question + tool) + clock.instant() + ids.get();
    }

    @Test
    void a_run_answers_as_it_was_recorded_without_asking_anybody() throws Exception {
        ScriptedChatModel model = ScriptedChatModel.of(Script.always(Reply.text("Hello\nyou")));
        String[] first = new String[1];
        Cassette cassette = recorded(FmPipeline.builder(), pipeline -> first[0] = ask(pipeline, model, "Hi"));

        ScriptedChatModel dead = ScriptedChatModel.of(Script.always(Reply.text("wrong")));
        Replay replay = Replay.of(cassette);
        try (FmRun run = replay.open()) {
            assertThat(ask(FmPipeline.builder().build(), dead, "Hi")).isEqualTo(first[0]);
        }
        System.out.println(replay.report());

        assertThatThrownBy(() -> {
                    try (FmRun run = replay.open()) {
                        ask(FmPipeline.builder().build(), dead, "Hallo");
                    }
                })
                .isInstanceOf(ReplayDivergedException.class)
                .hasMessage("x");
    }
}
