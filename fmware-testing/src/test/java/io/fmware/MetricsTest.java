package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.output.TokenUsage;
import io.fmware.retry.Deadlines;
import io.fmware.testing.ManualClock;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedStreamingChatModel;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That each call is reported exactly once is proved by every test that closes a {@link Rig}. */
class MetricsTest {
    private final ManualClock clock = ManualClock.create();

    @ParameterizedTest
    @EnumSource
    void an_answer_is_reported_with_its_duration_source_attempts_and_usage(Caller caller) {
        Reply reply = Reply.builder()
                .text("a b")
                .usage(3, 5)
                .firstDelay(Duration.ofSeconds(2))
                .chunkDelay(Duration.ofSeconds(1))
                .build();
        try (Rig rig = timed(caller, Script.of(reply))) {
            Rig.Running running = rig.start();
            awaitModel(caller);
            clock.advance(Duration.ofSeconds(2));
            awaitModel(caller);
            clock.advance(Duration.ofSeconds(1));
            running.await();
            rig.threads().awaitIdle();

            CallOutcome outcome = rig.metrics().calls().get(0);
            assertThat(outcome.operation()).isEqualTo(Operation.CHAT);
            assertThat(outcome.mode()).isEqualTo(mode(caller));
            assertThat(outcome.duration()).isEqualTo(Duration.ofSeconds(3));
            assertThat(outcome.timeToFirstOutput()).isEqualTo(caller.isStream() ? Duration.ofSeconds(2) : null);
            assertThat(outcome.source()).isEqualTo(FmReply.Source.MODEL);
            assertThat(outcome.attempts()).isEqualTo(1);
            assertThat(outcome.usage()).isEqualTo(new TokenUsage(3, 5));
            assertThat(outcome.error()).isNull();
        }
    }

    /** The chain waits for its model, unless it is asked on the chain's own thread; the model waits for the clock. */
    private void awaitModel(Caller caller) {
        clock.awaitWaiters(caller == Caller.CHAT ? 1 : 2);
        clock.awaitTimers(caller == Caller.CHAT_WITH_A_DEADLINE ? 2 : 1);
    }

    private Rig timed(Caller caller, Script script) {
        return Rig.of(
                caller,
                ScriptedChatModel.builder().script(script).timeSource(clock),
                ScriptedStreamingChatModel.builder().script(script).timeSource(clock),
                b -> b.time(clock));
    }

    private static Mode mode(Caller caller) {
        return switch (caller) {
            case CHAT, CHAT_WITH_A_DEADLINE -> Mode.BLOCKING;
            case ASYNC -> Mode.ASYNC;
            case STREAM, STREAM_FROM_A_THREAD_OF_THE_MODEL -> Mode.STREAMING;
        };
    }

    @ParameterizedTest
    @EnumSource
    void an_answer_from_a_cache_took_no_attempt_and_its_first_piece_no_time(Caller caller) {
        Interceptor known = Interceptor.of(
                "known",
                Phase.CACHE,
                (call, next) -> FmReply.of(Reply.text("known").response(), FmReply.Source.CACHE));
        try (Rig rig = Rig.of(caller, Script.of(), b -> b.time(clock).with(known))) {
            rig.call();
            rig.threads().awaitIdle();

            assertThat(rig.metrics().calls())
                    .usingRecursiveFieldByFieldElementComparator()
                    .containsExactly(CallOutcome.answered(
                            Operation.CHAT,
                            mode(caller),
                            Duration.ZERO,
                            caller.isStream() ? Duration.ZERO : null,
                            FmReply.of(Reply.text("known").response(), FmReply.Source.CACHE)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_failure_is_reported_with_its_error_and_nothing_of_an_answer(Caller caller) {
        RateLimitException error = new RateLimitException("slow down");
        try (Rig rig = Rig.of(caller, Script.of(Reply.error(error)), b -> b.time(clock))) {
            rig.call();
            rig.threads().awaitIdle();

            assertThat(rig.metrics().calls())
                    .usingRecursiveFieldByFieldElementComparator()
                    .containsExactly(CallOutcome.failed(Operation.CHAT, mode(caller), Duration.ZERO, null, 1, error));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_deadline_is_reported_as_the_error_that_the_caller_got(Caller caller) {
        try (Rig rig = Rig.of(
                caller, Script.of(Reply.never()), b -> b.time(clock).with(Deadlines.of(Duration.ofSeconds(2))))) {
            Rig.Running running = rig.start();
            rig.awaitRequests(1);
            clock.awaitTimers(1);
            clock.advance(Duration.ofSeconds(2));
            Throwable error = running.await().error();
            rig.threads().awaitIdle();

            CallOutcome outcome = rig.metrics().calls().get(0);
            assertThat(outcome.error()).isSameAs(error).isExactlyInstanceOf(DeadlineExceededException.class);
            assertThat(outcome.duration()).isEqualTo(Duration.ofSeconds(2));
        }
    }

    @ParameterizedTest
    @EnumSource
    void metrics_that_throw_break_no_call(Caller caller) {
        FmMetrics throwing = new FmMetrics() {
            @Override
            public void callEnded(CallOutcome outcome) {
                throw new NoSuchMethodError("of a metrics library of another version");
            }

            @Override
            public void interceptorActed(String interceptor, String action) {
                throw new IllegalStateException("no more counters");
            }
        };
        Interceptor acting = Interceptor.of("acting", Phase.ADMIT, (call, next) -> {
            call.metrics().interceptorActed("acting", "acted");
            return next.proceed(call);
        });
        try (Rig rig = Rig.of(
                caller,
                Script.always(Reply.text("yes")),
                b -> b.metrics(throwing).with(acting))) {
            assertThat(rig.call().text()).isEqualTo("yes");
            rig.expectRefusal(); // the metrics of the rig were replaced
        }
    }

    /** An exception of which nothing but the class can be had. */
    private static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw this;
        }
    }

    @ParameterizedTest
    @EnumSource
    void metrics_that_throw_what_cannot_be_logged_break_no_call(Caller caller) {
        FmMetrics throwing = new FmMetrics() {
            @Override
            public void callEnded(CallOutcome outcome) {
                throw new Unreadable();
            }

            @Override
            public void interceptorActed(String interceptor, String action) {
                throw new Unreadable();
            }
        };
        Interceptor acting = Interceptor.of("acting", Phase.ADMIT, (call, next) -> {
            call.metrics().interceptorActed("acting", "acted");
            return next.proceed(call);
        });
        String said = Logged.during(() -> {
            try (Rig rig = Rig.of(
                    caller,
                    Script.always(Reply.text("yes")),
                    b -> b.metrics(throwing).with(acting))) {
                assertThat(rig.call().error() == null).isTrue(); // it could not be shown either
                rig.expectRefusal(); // the metrics of the rig were replaced
            }
        });

        assertThat(said)
                .contains(throwing.getClass().getName()
                        + " threw; calls go on without it being told, and this is logged once: "
                        + Unreadable.class.getName());
    }

    @ParameterizedTest
    @EnumSource
    void what_an_interceptor_does_is_counted_under_its_name(Caller caller) {
        Interceptor acting = Interceptor.of("acting", Phase.ADMIT, (call, next) -> {
            call.metrics().interceptorActed("acting", "acted");
            return next.proceed(call);
        });
        try (Rig rig = Rig.of(caller, Script.replying("yes"), acting)) {
            rig.call();
            assertThat(rig.metrics().actions()).containsExactly("acting: acted");
        }
    }
}
