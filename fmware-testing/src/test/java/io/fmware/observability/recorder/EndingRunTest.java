package io.fmware.observability.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.TimeSource;
import io.fmware.event.FmEvent;
import io.fmware.testing.ScriptedStreamingChatModel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run that ends while a piece of a stream in it is being recorded. */
class EndingRunTest {
    @TempDir
    Path flights;

    private final AtomicBoolean pieceComes = new AtomicBoolean();
    private final AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});

    /** Looked at when a piece has found the chain of its run, and is not linked yet. */
    private final TimeSource clock = new TimeSource() {
        @Override
        public long nanoTime() {
            if (pieceComes.compareAndSet(true, false)) {
                meanwhile.getAndSet(() -> {}).run();
            }
            return TimeSource.system().nanoTime();
        }

        @Override
        public Instant instant() {
            return Ticks.NOON;
        }

        @Override
        public void await(Condition condition, Lock lock, long untilNanos) {
            throw new AssertionError("nothing waits here");
        }
    };

    @Test
    void nothing_stands_behind_the_end_of_a_run_that_ends_while_a_piece_comes() throws Exception {
        Map<String, String> heads = new HashMap<>();
        try (FlightRecorder recorder = FlightRecorder.builder(flights)
                        .pieces()
                        .content(event -> {
                            pieceComes.set(event instanceof FmEvent.ChunkArrived);
                            return false;
                        })
                        .anchor(heads::put)
                        .time(clock)
                        .open();
                FmPipeline pipeline = FmPipeline.builder().watch(recorder).build()) {
            StreamingChatModel model =
                    pipeline.wrap((StreamingChatModel) ScriptedStreamingChatModel.replying("yes, it is"));
            try (FmRun run = pipeline.run("claim").open()) {
                meanwhile.set(run::close);
                ask(model);
            }
        }

        List<String> types = new ArrayList<>();
        Recording.in(flights).events(event -> types.add(event.type()), fault -> {});
        assertThat(types).containsExactly("run.started", "call.started", "attempt.started", "run.ended");
        Verification verified = Recording.in(flights).verify(heads);
        assertThat(verified.problems()).isEmpty();
        assertThat(verified.runs()).isEqualTo(1);
        assertThat(heads).hasSize(1);
    }

    private static void ask(StreamingChatModel model) throws Exception {
        CompletableFuture<ChatResponse> done = new CompletableFuture<>();
        model.chat("how?", new StreamingChatResponseHandler() {
            @Override
            public void onCompleteResponse(ChatResponse response) {
                done.complete(response);
            }

            @Override
            public void onError(Throwable error) {
                done.completeExceptionally(error);
            }
        });
        done.get();
    }
}
