package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;

import io.fmware.observability.recorder.ContentRule;
import io.fmware.observability.recorder.FlightRecorder;
import io.fmware.observability.recorder.Recording;
import io.fmware.observability.replay.Cassette;
import io.fmware.testing.ManualClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Recordings at exact depth that are not exact. */
class LostOrderTest {
    @TempDir
    Path directory;

    @Test
    void a_recording_whose_order_was_lost_says_where() throws Exception {
        ManualClock clock = ManualClock.create();
        CompletableFuture<String> late = new CompletableFuture<>();
        CountDownLatch asked = new CountDownLatch(1);
        String id;
        try (FlightRecorder recorder = FlightRecorder.builder(directory)
                .segmentBytes(1 << 18)
                .content(ContentRule.all())
                .exact()
                .open()) {
            try (FmRun run = FmRun.builder("claim").watch(recorder).time(clock).open()) {
                id = run.id();
                try (FmRun.Scope agent = run.agent("desk")) {
                    CompletableFuture<Integer> other =
                            CompletableFuture.supplyAsync(carrying(() -> FmRun.cross(BoundaryKind.CLOCK, "now", () -> {
                                asked.countDown();
                                late.complete("done");
                                clock.awaitTimers(1); // the agent has gone on
                                return 17;
                            })));
                    CompletableFuture<Void> ticking = CompletableFuture.runAsync(() -> {
                        while (asked.getCount() > 0) {
                            if (clock.waiters() > 0) {
                                clock.advance(Duration.ofMillis(50));
                            }
                        }
                    });
                    agent.output(late.join());
                    agent.close();
                    CompletableFuture.allOf(other, ticking).get(10, TimeUnit.SECONDS);
                }
            }
        }

        assertThat(Cassette.of(Recording.in(directory), id).problems())
                .containsExactly(
                        "claim/desk#1: a thread was blocked here by something that is no boundary, such as a lock or a"
                                + " result of another thread, and went on beside others; what they read of each other may differ");
    }

    private static <T> Supplier<T> carrying(Supplier<T> task) {
        RunScope here = Objects.requireNonNull(FmRun.currentScope());
        return () -> here.call(task);
    }
}
