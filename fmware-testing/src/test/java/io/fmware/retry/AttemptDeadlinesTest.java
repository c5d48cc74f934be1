package io.fmware.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fmware.DeadlineExceededException;
import io.fmware.FmPipeline;
import io.fmware.route.Fallback;
import io.fmware.testing.ManualClock;
import io.fmware.testing.Reply;
import io.fmware.testing.ScriptedChatModel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Deadlines of single attempts. */
class AttemptDeadlinesTest {
    private final ManualClock clock = ManualClock.create();
    private final ScriptedChatModel stalled = ScriptedChatModel.of(Reply.never());

    @Test
    void an_attempt_that_stalls_leaves_time_for_another_model() {
        ScriptedChatModel other = ScriptedChatModel.replying("from the other");
        try (FmPipeline pipeline = FmPipeline.builder()
                .time(clock)
                .with(Deadlines.of(Duration.ofSeconds(20)))
                .with(Fallback.to(other))
                .with(Deadlines.ofEachAttempt(Duration.ofSeconds(3)))
                .build()) {
            assertThat(pipeline).hasToString("deadlines(fallback(attemptDeadlines(model)))");
            CompletableFuture<String> answer =
                    CompletableFuture.supplyAsync(() -> pipeline.wrap(stalled).chat("Hi"));
            stalled.awaitRequests(1);
            clock.awaitTimers(1);

            clock.advance(Duration.ofSeconds(3));

            assertThat(answer.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo("from the other");
        }
    }

    @Test
    void the_end_of_the_calls_own_time_is_the_end_of_it() {
        ScriptedChatModel other = ScriptedChatModel.replying("never asked");
        try (FmPipeline pipeline = FmPipeline.builder()
                .time(clock)
                .with(Deadlines.of(Duration.ofSeconds(2)))
                .with(Fallback.to(other))
                .with(Deadlines.ofEachAttempt(Duration.ofSeconds(3)))
                .build()) {
            CompletableFuture<String> answer =
                    CompletableFuture.supplyAsync(() -> pipeline.wrap(stalled).chat("Hi"));
            stalled.awaitRequests(1);
            clock.awaitTimers(1);

            clock.advance(Duration.ofSeconds(2));

            assertThatThrownBy(() -> answer.orTimeout(10, TimeUnit.SECONDS).join())
                    .isInstanceOf(CompletionException.class)
                    .cause()
                    .isInstanceOf(DeadlineExceededException.class)
                    .hasMessage(
                            "the deadline of 2 s passed while waiting for ScriptedChatModel, attempt 1; allow more time"
                                    + " with Deadlines, or ask for less");
            assertThat(other.requests()).isEmpty();
        }
    }

    @Test
    void two_of_one_kind_are_refused() {
        FmPipeline.Builder builder = FmPipeline.builder()
                .with(Deadlines.ofEachAttempt(Duration.ofSeconds(3)))
                .with(Deadlines.ofEachAttempt(Duration.ofSeconds(4)));

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "deadlines of PT3S and of PT4S are in one pipeline, and only the shorter one would ever hold;"
                                + " keep that");
    }
}
