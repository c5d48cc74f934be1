package io.fmware.observability.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.observability.recorder.ContentRule;
import io.fmware.observability.recorder.FlightRecorder;
import io.fmware.observability.recorder.Recording;
import io.fmware.testing.ScriptedChatModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/replay.md shows. */
class ReplayDocsTest {
    @TempDir
    private Path flights;

    private final String letter = "My car was hit.";
    private String run = "";

    /** An application of two steps. */
    private record Desk(ChatModel reader, ChatModel writer) {
        String decide(String letter) {
            FmRun open = FmRun.current();
            assertThat(open).isNotNull();
            try (FmRun.Scope desk = open.agent("desk")) {
                String read = reader.chat(letter);
                try (FmRun.Scope writing = open.agent("letter")) {
                    return writer.chat("Answer " + read);
                }
            }
        }
    }

    private static Desk desk(String read, String written) {
        Function<String, ChatModel> says = text -> FmPipeline.builder().build().wrap(ScriptedChatModel.replying(text));
        return new Desk(says.apply(read), says.apply(written));
    }

    @BeforeEach
    void record() throws IOException {
        try (FlightRecorder recorder = FlightRecorder.builder(flights)
                        .content(ContentRule.all())
                        .exact()
                        .open();
                FmRun open = FmRun.builder("claim").watch(recorder).open()) {
            run = open.id();
            desk("a hit car", "We pay.").decide(letter);
        }
    }

    @Test
    void a_run_is_repeated() throws Exception {
        Desk desk = desk("wrong", "wrong");
        // docs:start replay-run
        Replay replay = Replay.of(Recording.in(flights), run);
        try (FmRun again = replay.open()) {
            desk.decide(letter); // throws ReplayDivergedException where it leaves its path, at the latest at the end
        }
        // docs:end replay-run
        assertThat(replay.report().isIdentical()).isTrue();
    }

    @Test
    void a_run_goes_on_for_real_from_a_step() throws Exception {
        Desk fixedDesk = desk("wrong", "We pay 900 euros.");
        // docs:start replay-fork
        Replay replay = Replay.builder(Cassette.of(Recording.in(flights), run))
                .forkAt("claim/desk#1/letter#1")
                .build();
        try (FmRun again = replay.open()) {
            fixedDesk.decide(letter); // up to the letter all is answered; the letter is written by the model
        }
        // docs:end replay-fork
        assertThat(replay.report().live()).isEqualTo(1);
    }

    @Test
    void the_page_shows_a_divergence_as_it_is_told() throws Exception {
        Cassette cassette =
                new Flights(flights).recorded(() -> asking("It is 2026-11-22T15:04:05Z. Is claim 17 late?"));

        String told = Flights.stopped(
                        Replay.of(cassette), () -> asking("It is 2026-11-23T08:00:00Z. Is claim 17 late?"))
                .getMessage()
                .replaceAll("asked from \\S+", "asked from com.acme.Desk.ask(Desk.java:41)");

        assertThat(Files.readString(page())).contains("```\n" + told + "\n```");
    }

    private static String asking(String question) {
        return FmPipeline.builder()
                .build()
                .wrap(ScriptedChatModel.replying("No."))
                .chat(question);
    }

    private static Path page() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.exists(here.resolve("docs/replay.md"))) {
            here = here.getParent();
        }
        return here.resolve("docs/replay.md");
    }
}
