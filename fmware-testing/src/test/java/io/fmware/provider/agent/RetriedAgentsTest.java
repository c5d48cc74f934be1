package io.fmware.provider.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agentic.AgenticServices;
import dev.langchain4j.agentic.UntypedAgent;
import dev.langchain4j.agentic.agent.ErrorRecoveryResult;
import dev.langchain4j.model.chat.ChatModel;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.agent.Agents;
import io.fmware.observability.recorder.ContentRule;
import io.fmware.observability.recorder.FlightRecorder;
import io.fmware.observability.recorder.Recording;
import io.fmware.observability.replay.Cassette;
import io.fmware.observability.replay.Replay;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agents of one name that work at once, fail, and are asked again. */
class RetriedAgentsTest {
    private static final int ROUNDS = 25;
    private static final int AGENTS = 4;

    @TempDir
    Path directory;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final FmPipeline pipeline = FmPipeline.builder().build();

    @AfterEach
    void no_thread_is_left() throws InterruptedException {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    private UntypedAgent all(boolean live) {
        AgenticServices.setWorkflowAgentsBuilder(Agents.workflows());
        List<Object> workers = new ArrayList<>();
        for (int i = 0; i < AGENTS; i++) {
            workers.add(AgenticServices.agentBuilder(RandomAgents.Worker.class)
                    .name("worker")
                    .outputKey("worker" + i)
                    .defaultKeyValue("last", "letter " + i)
                    .chatModel(pipeline.wrap(model(live)))
                    .build());
        }
        return AgenticServices.parallelBuilder()
                .name("all")
                .subAgents(workers.toArray())
                .executor(threads)
                .errorHandler(context -> ErrorRecoveryResult.retry())
                .output(scope -> scope.state().toString())
                .build();
    }

    /** Fails when it is asked first. */
    private static ChatModel model(boolean live) {
        return live
                ? ScriptedChatModel.of(Script.of(Reply.error(new IllegalStateException("down")), Reply.text("done")))
                : ScriptedChatModel.of(
                        Script.answering(request -> Reply.error(new AssertionError("asked in a replay"))));
    }

    @Test
    void each_replays_as_it_was_recorded_whoever_is_asked_again_first() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            Path flights = directory.resolve("flights" + i);
            String id;
            Object recorded;
            try (FlightRecorder recorder = FlightRecorder.builder(flights)
                            .segmentBytes(1 << 18)
                            .content(ContentRule.all())
                            .exact()
                            .open();
                    FmRun run = FmRun.builder("claim").watch(recorder).open()) {
                id = run.id();
                recorded = all(true).invoke(Map.of());
            }
            Replay replay = Replay.of(Cassette.of(Recording.in(flights), id));
            Object replayed;
            try (FmRun run = replay.open()) {
                replayed = all(false).invoke(Map.of());
                assertThat(run.dropped()).isZero();
            }
            assertThat(replayed).isEqualTo(recorded);
            assertThat(replay.report().isIdentical()).isTrue();
        }
    }
}
