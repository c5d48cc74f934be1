package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import io.fmware.retry.AdaptiveThrottle;
import io.fmware.testing.ManualClock;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class AdaptiveThrottleTest {
    /** What is as unlucky as can be: refused as soon as anything may be. */
    private static final RandomGenerator UNLUCKY = () -> 0;

    private final ManualClock clock = ManualClock.create();

    private Rig rig(Caller caller, Script script, AdaptiveThrottle throttle) {
        return Rig.of(caller, script, b -> b.time(clock).with(throttle));
    }

    private static Reply down() {
        return Reply.error(new InternalServerException("down"));
    }

    @ParameterizedTest
    @EnumSource
    void a_call_to_a_model_that_fails_most_is_refused(Caller caller) {
        AdaptiveThrottle throttle = AdaptiveThrottle.builder().random(UNLUCKY).build();
        try (Rig rig = rig(caller, Script.always(down()), throttle)) {
            rig.call().error(InternalServerException.class);

            assertThat(rig.call().error(OverloadedException.class))
                    .hasMessage(
                            rig.modelName() + " fails most calls, so interceptor 'throttle' refuses 50 % of them, and"
                                    + " with them this one; ask again later, or turn to another model with Fallback");
            assertThat(throttle.refusedShare(rig.modelName())).isCloseTo(2 / 3.0, within(1e-9));
            assertThat(rig.requests()).hasSize(1);
            assertThat(rig.metrics().actions()).containsExactly("throttle: throttled");
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothing_is_refused_while_half_of_the_calls_succeed(Caller caller) {
        int[] call = {0};
        Script script = Script.answering(request -> call[0]++ % 2 == 0 ? Reply.text("yes") : down());
        try (Rig rig =
                rig(caller, script, AdaptiveThrottle.builder().random(UNLUCKY).build())) {
            for (int i = 0; i < 50; i++) {
                rig.call();
            }
            assertThat(rig.requests()).hasSize(50);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_wrong_request_that_the_model_answered_was_accepted(Caller caller) {
        AdaptiveThrottle throttle = AdaptiveThrottle.builder().random(UNLUCKY).build();
        int[] call = {0};
        Script script = Script.answering(
                request -> call[0]++ % 2 == 0 ? Reply.error(new InvalidRequestException("bad")) : down());
        try (Rig rig = rig(caller, script, throttle)) {
            for (int i = 0; i < 10; i++) {
                rig.call();
            }
            assertThat(rig.requests()).hasSize(10);
            assertThat(throttle.refusedShare(rig.modelName())).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_fails_before_it_reaches_the_model_counts_neither_way(Caller caller) {
        AdaptiveThrottle throttle = AdaptiveThrottle.builder().random(UNLUCKY).build();
        boolean[] refuses = {true};
        Interceptor refusing = Interceptor.of("refusing", Phase.LIMIT, (call, next) -> {
            if (refuses[0]) {
                throw new InvalidRequestException("never sent");
            }
            return next.proceed(call);
        });
        try (Rig rig = Rig.of(
                caller, Script.always(down()), b -> b.time(clock).with(throttle).with(refusing))) {
            for (int i = 0; i < 10; i++) {
                rig.call().error(InvalidRequestException.class);
            }
            refuses[0] = false;
            rig.call().error(InternalServerException.class);
            assertThat(throttle.refusedShare(rig.modelName())).isEqualTo(0.5);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ASYNC", "STREAM", "STREAM_FROM_A_THREAD_OF_THE_MODEL"})
    void what_is_cancelled_while_the_model_is_asked_counts_neither_way(Caller caller) {
        AdaptiveThrottle throttle = AdaptiveThrottle.builder().random(UNLUCKY).build();
        try (Rig rig = rig(caller, Script.of(Reply.never(), Reply.never(), down()), throttle)) {
            for (int i = 1; i <= 2; i++) {
                Rig.Running running = rig.start();
                rig.awaitRequests(i);
                running.cancel();
                running.await();
                rig.threads().awaitIdle();
            }
            rig.call().error(InternalServerException.class);
            assertThat(throttle.refusedShare(rig.modelName())).isEqualTo(0.5);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_slow_model_that_has_not_answered_yet_is_not_throttled(Caller caller) {
        AdaptiveThrottle throttle = AdaptiveThrottle.builder().random(UNLUCKY).build();
        try (Rig rig = rig(caller, Script.always(Reply.never()), throttle)) {
            Rig.Running[] running = new Rig.Running[5];
            for (int i = 0; i < running.length; i++) {
                running[i] = rig.start();
                rig.awaitRequests(i + 1);
            }
            assertThat(throttle.refusedShare(rig.modelName())).isZero();
            for (Rig.Running each : running) {
                each.cancel();
                each.await();
            }
        }
    }

    @Test
    void some_calls_go_through_however_many_fail() {
        Random random = new Random(5);
        AdaptiveThrottle throttle = AdaptiveThrottle.builder().random(random).build();
        try (Rig rig = rig(Caller.CHAT, Script.always(down()), throttle)) {
            for (int i = 0; i < 2_000; i++) {
                rig.call();
            }
            assertThat(rig.requests()).hasSizeBetween(150, 260);
            assertThat(throttle.refusedShare(rig.modelName())).isEqualTo(0.9);
        }
    }

    @Test
    void a_model_that_works_again_gets_all_calls_back() {
        Random random = new Random(5);
        Reply[] now = {down()};
        AdaptiveThrottle throttle = AdaptiveThrottle.builder().random(random).build();
        try (Rig rig = rig(Caller.CHAT, Script.answering(request -> now[0]), throttle)) {
            for (int i = 0; i < 2_000; i++) {
                clock.advance(Duration.ofMillis(5));
                rig.call();
            }
            now[0] = Reply.text("yes");
            int calls = 0;
            while (throttle.refusedShare(rig.modelName()) > 0) {
                clock.advance(Duration.ofMillis(5));
                rig.call();
                calls++;
            }
            assertThat(Duration.ofMillis(calls * 5L)).isLessThan(Duration.ofSeconds(6));
        }
    }

    @Test
    void what_is_older_than_the_window_is_forgotten_however_far_the_clock_jumps() {
        AdaptiveThrottle throttle = AdaptiveThrottle.builder()
                .random(UNLUCKY)
                .window(Duration.ofSeconds(10))
                .build();
        Reply[] now = {down()};
        try (Rig rig = rig(Caller.CHAT, Script.answering(request -> now[0]), throttle)) {
            rig.call();
            clock.advance(Duration.ofMillis(9_400));
            rig.call().error(OverloadedException.class);
            clock.advance(Duration.ofMillis(700)); // the failure is forgotten, the refusal is not
            rig.call().error(OverloadedException.class);
            clock.advance(Duration.ofDays(20_000));
            now[0] = Reply.text("yes");

            assertThat(rig.call().text()).isEqualTo("yes");
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 0, -2, 10.1, Double.NaN})
    void a_k_that_makes_no_sense_is_refused(double k) {
        assertThatThrownBy(() -> AdaptiveThrottle.builder().k(k))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("K must be from 1.1 to 10, but is " + k
                        + "; at 1 or less a model that works would never get all of its calls back");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, 10, Double.NaN})
    void it_cannot_refuse_all(double share) {
        assertThatThrownBy(() -> AdaptiveThrottle.builder().atLeast(share))
                .hasMessage("the calls that go through in any case, without which nobody notices when the model works"
                        + " again, must be a share from 0.001 to 1, such as 0.5 for a half, but is " + share);
    }

    @Test
    void other_mistakes_are_refused() {
        assertThatThrownBy(() -> AdaptiveThrottle.builder().window(Duration.ofMillis(99)))
                .hasMessage("the window must be from 100 ms to an hour, but is PT0.099S");
        assertThatThrownBy(() -> FmPipeline.builder()
                        .with(AdaptiveThrottle.standard())
                        .with(AdaptiveThrottle.builder().named("again").build())
                        .build())
                .hasMessage(
                        "throttles 'throttle' and 'again' are in one pipeline, and the inner one would see only what"
                                + " the outer one lets through; keep one");
        assertThat(AdaptiveThrottle.standard()).hasToString("AdaptiveThrottle[throttle, k=2.0, on=[TRANSIENT]]");
    }
}
