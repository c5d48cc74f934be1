package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import io.fmware.event.EventOrigin;
import io.fmware.event.FmEvent;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedStreamingChatModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Many runs at once over one pool, with calls in every mode and parallel branches: nothing is out of its place. */
class RunStressTest {
    private static final int RUNS = 400;
    private static final int BRANCHES = 3;

    private final Watching watching = new Watching();
    private final Script script =
            Script.always(Reply.builder().chunks("y", "es").build());

    @Test
    void runs_at_once_do_not_mix_and_number_their_events_without_a_gap() throws Exception {
        ExecutorService users = Executors.newFixedThreadPool(6);
        ExecutorService branches = Executors.newFixedThreadPool(6);
        try (FmPipeline pipeline = FmPipeline.builder().watch(watching).build()) {
            FmChatModel chat = pipeline.wrap((ChatModel) ScriptedChatModel.of(script));
            FmStreamingChatModel streaming = pipeline.wrap((StreamingChatModel) ScriptedStreamingChatModel.builder()
                    .script(script)
                    .ownThread()
                    .build());
            List<Future<?>> runs = new ArrayList<>();
            for (int i = 0; i < RUNS; i++) {
                String name = "run" + i;
                runs.add(users.submit(() -> {
                    run(pipeline, name, chat, streaming, FmRun.carrying(branches));
                    return null;
                }));
            }
            for (Future<?> run : runs) {
                run.get(60, TimeUnit.SECONDS);
            }
        } finally {
            users.shutdown();
            branches.shutdown();
        }
        verify();
    }

    private static void run(
            FmPipeline pipeline,
            String name,
            FmChatModel chat,
            FmStreamingChatModel streaming,
            ExecutorService branches)
            throws Exception {
        try (FmRun run = pipeline.run(name).id(name).open()) {
            List<Future<?>> parts = new ArrayList<>();
            for (int b = 0; b < BRANCHES; b++) {
                String agent = "agent" + b;
                parts.add(branches.submit(() -> {
                    try (FmRun.Scope scope = run.agent(agent)) {
                        chat.chat("Hi");
                        chat.chatAsync(Rig.request("Hi")).get(60, TimeUnit.SECONDS);
                        RecordingHandler handler = new RecordingHandler();
                        streaming.chat("Hi", handler);
                        handler.awaitEnd();
                        scope.output("done");
                    }
                    return null;
                }));
            }
            for (Future<?> part : parts) {
                part.get(60, TimeUnit.SECONDS);
            }
        }
    }

    private void verify() {
        Map<String, List<FmEvent>> byRun = new HashMap<>();
        for (FmEvent event : watching.events()) {
            byRun.computeIfAbsent(event.origin().run(), r -> new ArrayList<>()).add(event);
        }
        assertThat(byRun).hasSize(RUNS);
        byRun.forEach((run, events) -> {
            List<EventOrigin> origins = events.stream().map(FmEvent::origin).toList();
            for (int i = 0; i < origins.size(); i++) {
                assertThat(origins.get(i).sequence()).isEqualTo(i + 1);
                assertThat(origins.get(i).path().toString()).matches(run + "(/.*)?");
            }
            List<String> paths = events.stream()
                    .filter(FmEvent.AttemptEnded.class::isInstance)
                    .map(e -> e.origin().path().toString())
                    .sorted()
                    .toList();
            List<String> expected = new ArrayList<>();
            for (int b = 0; b < BRANCHES; b++) {
                String agent = run + "/agent" + b + "#1";
                expected.add(agent + "/call:ScriptedChatModel#1/attempt:ScriptedChatModel#1");
                expected.add(agent + "/call:ScriptedChatModel#2/attempt:ScriptedChatModel#1");
                expected.add(agent + "/call:ScriptedStreamingChatModel#1/attempt:ScriptedStreamingChatModel#1");
            }
            assertThat(paths).isEqualTo(expected);
            assertThat(events.get(events.size() - 1)).isInstanceOf(FmEvent.RunEnded.class);
            assertThat(((FmEvent.RunEnded) events.get(events.size() - 1)).open())
                    .isZero();
        });
    }
}
