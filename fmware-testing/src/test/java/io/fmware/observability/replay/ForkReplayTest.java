package io.fmware.observability.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.langchain4j.model.chat.ChatModel;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is real in a run that goes on for real from a step, and what is not. */
class ForkReplayTest {
    @TempDir
    private Path directory;

    private final FmPipeline pipeline = FmPipeline.builder().build();
    private final List<String> asked = new ArrayList<>();

    private ChatModel says(String... texts) {
        return pipeline.wrap((ChatModel) ScriptedChatModel.of(Script.replying(texts)));
    }

    private ChatModel live() {
        return pipeline.wrap((ChatModel) ScriptedChatModel.of(Script.answering(request -> {
            synchronized (asked) {
                asked.add(Flights.question(request));
            }
            return Reply.text("new");
        })));
    }

    /** Asks on a thread that is told of no run. */
    private static String lost(ChatModel model, String question) {
        try {
            return CompletableFuture.supplyAsync(() -> model.chat(question), task -> new Thread(task, "lost").start())
                    .join();
        } catch (CompletionException e) {
            return String.valueOf(e.getCause());
        }
    }

    private static Supplier<String> lostBetween(ChatModel model, boolean within) {
        return () -> {
            String first = model.chat("a") + " " + (within ? lost(model, "lost before") : "");
            return first + " " + model.chat("b") + " " + (within ? lost(model, "lost behind") : "");
        };
    }

    @Test
    void what_a_thread_without_a_run_asks_is_refused_up_to_the_fork_and_real_from_there_on() {
        Cassette cassette = new Flights(directory).recorded(lostBetween(says("one", "two"), false));
        Replay replay = Replay.builder(cassette)
                .forkAt("claim/call:ScriptedChatModel#2")
                .build();

        assertThat(Flights.replayed(replay, lostBetween(live(), true)))
                .asString()
                .startsWith("one java.lang.IllegalStateException: call ScriptedChatModel came on thread lost outside of"
                        + " any run while run claim is open, in which all is to be seen, and would really be asked.")
                .endsWith(" new new");
        assertThat(asked).containsExactly("b", "lost behind");
    }

    @Test
    void what_comes_after_the_end_of_a_run_is_refused_where_the_fork_was_never_come_to() throws Exception {
        Cassette cassette = new Flights(directory).recorded(lostBetween(says("one", "two"), false));
        Replay replay = Replay.builder(cassette)
                .forkAt("claim/call:ScriptedChatModel#2")
                .build();
        List<Callable<String>> late = new ArrayList<>();

        Flights.stopped(replay, () -> {
            late.add(FmRun.carrying(() -> live().chat("late")));
            return live().chat("a");
        });
        assertThat(catchThrowable(() -> late.get(0).call()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("after the end of run claim");
        Flights.replayed(replay, () -> {
            late.add(FmRun.carrying(() -> live().chat("late")));
            return live().chat("a") + live().chat("b");
        });
        assertThat(late.get(1).call()).isEqualTo("new");
        assertThat(asked).containsExactly("b", "late");
    }

    private Supplier<String> letters(ChatModel model) {
        return () -> {
            StringBuilder all = new StringBuilder();
            for (int i = 1; i <= 2; i++) {
                try (FmRun letter = pipeline.run("letter").open()) {
                    all.append(model.chat("a" + i)).append(' ');
                    try (FmRun inner = pipeline.run("check").open()) {
                        all.append(model.chat("b" + i)).append(' ');
                    }
                    all.append(model.chat("c" + i)).append(' ');
                }
            }
            return all.append(model.chat("end")).toString();
        };
    }

    private Cassette letters() {
        return new Flights(directory).recorded(letters(says("a1", "b1", "c1", "a2", "b2", "c2", "end")));
    }

    @Test
    void the_paths_of_runs_that_have_the_name_of_an_earlier_one_have_the_runs_around_them() {
        assertThat(letters().paths())
                .filteredOn(path -> !path.contains("attempt"))
                .containsExactly(
                        "claim/call:ScriptedChatModel#1",
                        "letter/call:ScriptedChatModel#1",
                        "letter/call:ScriptedChatModel#2",
                        "check/call:ScriptedChatModel#1",
                        "claim/run:letter#2/call:ScriptedChatModel#1",
                        "claim/run:letter#2/call:ScriptedChatModel#2",
                        "claim/run:letter#2/run:check#1/call:ScriptedChatModel#1");
    }

    @Test
    void a_fork_can_be_in_each_of_several_runs_of_one_name() {
        Cassette cassette = letters();

        assertThat(forked(cassette, "letter/call:ScriptedChatModel#2")).isEqualTo("a1 b1 new new new new new");
        assertThat(forked(cassette, "claim/run:letter#1/call:ScriptedChatModel#2"))
                .isEqualTo("a1 b1 new new new new new");
        assertThat(forked(cassette, "claim/run:letter#2/call:ScriptedChatModel#2"))
                .isEqualTo("a1 b1 c1 a2 b2 new new");
        assertThat(forked(cassette, "claim/run:letter#2/run:check#1/call:ScriptedChatModel#1"))
                .isEqualTo("a1 b1 c1 a2 new new new");
        assertThat(forked(cassette, "claim/run:letter#2/call:ScriptedChatModel#1"))
                .isEqualTo("a1 b1 c1 new new new new");
        assertThat(forked(cassette, "claim/call:ScriptedChatModel#1")).isEqualTo("a1 b1 c1 a2 b2 c2 new");
    }

    private Object forked(Cassette cassette, String path) {
        Replay replay = Replay.builder(cassette).forkAt(path).build();
        Object given = String.valueOf(Flights.replayed(replay, letters(live())));
        assertThat(replay.report().divergences()).isEmpty();
        return given;
    }

    @Test
    void every_path_of_a_cassette_can_be_forked_at() {
        Cassette cassette = letters();

        assertThat(cassette.paths()).doesNotHaveDuplicates().allSatisfy(path -> forked(cassette, path));
        assertThat(catchThrowable(() -> Replay.builder(cassette).forkAt("claim/run:letter#3/call:ScriptedChatModel#1")))
                .hasMessageEndingWith("The nearest is claim/run:letter#2/call:ScriptedChatModel#1");
    }
}
