package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.chat.ChatRequestOptions;
import io.fmware.retry.Deadlines;
import io.fmware.testing.ManualClock;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DeadlineTest {
    private final ManualClock clock = ManualClock.create();
    private final AtomicReference<Duration> pausingNow = new AtomicReference<>();

    @ParameterizedTest
    @EnumSource
    void all_attempts_and_the_pauses_between_them_share_one_deadline(Caller caller) {
        Script script = Script.builder()
                .reply(Reply.error(new RateLimitException("slow down")))
                .reply(Reply.never())
                .build();
        try (Rig rig = Rig.of(
                caller,
                script,
                b -> b.time(clock).with(Deadlines.of(Duration.ofSeconds(10))).with(pausing(Duration.ofSeconds(6))))) {
            Rig.Running running = rig.start();
            rig.awaitRequests(1);
            awaitPause();
            clock.advance(Duration.ofSeconds(6));
            rig.awaitRequests(2);
            clock.awaitTimers(1);
            clock.advance(Duration.ofSeconds(4));

            assertThat(running.await().error(DeadlineExceededException.class))
                    .hasMessage("the deadline of 10 s passed while waiting for " + rig.modelName()
                            + ", attempt 2; allow more time with Deadlines, or ask for less");
        }
    }

    /** The exchange with the model is over then, so that the only timer is that of the pause. */
    private void awaitPause() {
        Awaitility.await("the pause of the interceptor")
                .pollInterval(Duration.ofMillis(1))
                .atMost(Duration.ofSeconds(Rig.BOUND_SECONDS))
                .until(() -> pausingNow.get() != null && clock.waiters() == 1);
    }

    private Interceptor pausing(Duration pause) {
        return Interceptor.of("pausing", Phase.RETRY, (call, next) -> {
            try {
                return next.proceed(call);
            } catch (RateLimitException e) {
                pausingNow.set(pause);
                call.pause(pause);
                return next.proceed(call.nextAttempt());
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_pause_that_would_pass_the_deadline_fails_at_once(Caller caller) {
        Script script = Script.of(Reply.error(new RateLimitException("slow down")));
        try (Rig rig = Rig.of(
                caller,
                script,
                b -> b.time(clock).with(Deadlines.of(Duration.ofSeconds(10))).with(pausing(Duration.ofSeconds(10))))) {
            assertThat(rig.call().error(DeadlineExceededException.class))
                    .hasMessage("the deadline of 10 s passed while a pause of 10 s was due; allow more time with"
                            + " Deadlines, or ask for less");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_pause_without_a_deadline_takes_as_long_as_it_is(Caller caller) {
        Script script = Script.of(Reply.error(new RateLimitException("slow down")), Reply.text("yes"));
        try (Rig rig = Rig.of(caller, script, b -> b.time(clock).with(pausing(Duration.ofMinutes(1))))) {
            Rig.Running running = rig.start();
            awaitPause();
            clock.advance(Duration.ofMinutes(1));

            assertThat(running.await().text()).isEqualTo("yes");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_deadline_that_passed_in_an_interceptor_keeps_the_model_from_being_asked(Caller caller) {
        Interceptor slow = Interceptor.of("slow", Phase.ADMIT, (call, next) -> {
            clock.advance(Duration.ofSeconds(3));
            return next.proceed(call);
        });
        try (Rig rig = Rig.of(
                caller,
                Script.of(),
                b -> b.time(clock).with(Deadlines.of(Duration.ofSeconds(3))).with(slow))) {
            assertThat(rig.call().error(DeadlineExceededException.class))
                    .hasMessage("the deadline of 3 s passed while the model was about to be asked; allow more time with"
                            + " Deadlines, or ask for less");
            assertThat(rig.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_deadline_in_the_options_bounds_the_call(Caller caller) {
        try (Rig rig = Rig.of(caller, Script.of(Reply.never()), b -> b.time(clock))) {
            Rig.Running running = rig.start(
                    Rig.request("hello"), CallOptions.deadline(Duration.ofSeconds(7)), new RecordingHandler());
            rig.awaitRequests(1);
            clock.awaitTimers(1);
            clock.advance(Duration.ofSeconds(7));

            assertThat(running.await().error(DeadlineExceededException.class))
                    .hasMessage("the deadline of 7 s passed while waiting for " + rig.modelName()
                            + ", attempt 1; allow more time with Deadlines, or ask for less");
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_shorter_of_two_deadlines_holds_wherever_it_was_set(Caller caller) {
        AtomicReference<Deadline> seen = new AtomicReference<>();
        Interceptor looking = Interceptor.of("looking", Phase.LIMIT, (call, next) -> {
            seen.set(call.withDeadline(Duration.ofHours(2)).deadline());
            return next.proceed(call);
        });
        try (Rig rig = Rig.of(
                caller,
                Script.replying("yes"),
                b -> b.time(clock).with(Deadlines.of(Duration.ofMinutes(30))).with(looking))) {
            rig.call(Rig.request("hello"), CallOptions.deadline(Duration.ofHours(1)));

            assertThat(seen.get().remaining()).isEqualTo(Duration.ofMinutes(30));
            assertThat(seen.get().allowed()).isEqualTo(Duration.ofMinutes(30));
            assertThat(seen.get()).hasToString("in 1800 s");
        }
    }

    @Property(tries = 500)
    void a_deadline_is_only_ever_shortened(
            @ForAll @LongRange(min = 1) long first, @ForAll @LongRange(min = 1) long second) {
        Deadline one = Deadline.after(clock, Duration.ofNanos(first));
        Deadline two = Deadline.after(clock, Duration.ofNanos(second));
        Deadline both = one.earlier(two);

        assertThat(both.remaining()).isLessThanOrEqualTo(one.remaining()).isLessThanOrEqualTo(two.remaining());
        assertThat(two.earlier(one).remaining()).isEqualTo(both.remaining());
        assertThat(one.earlier(Deadline.none())).isSameAs(one);
        assertThat(Deadline.none().earlier(one)).isSameAs(one);
    }

    @Test
    void deadlines_by_different_clocks_are_compared_by_the_time_left() {
        ManualClock other = ManualClock.create();
        other.advance(Duration.ofDays(1));
        Deadline soon = Deadline.after(other, Duration.ofSeconds(1));
        Deadline later = Deadline.after(clock, Duration.ofSeconds(2));

        assertThat(soon.earlier(later)).isSameAs(soon);
        assertThat(later.earlier(soon)).isSameAs(soon);
    }

    @Test
    void no_deadline_never_comes() {
        assertThat(Deadline.none().isSet()).isFalse();
        assertThat(Deadline.none().isExpired()).isFalse();
        assertThat(Deadline.none().remaining()).isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
        assertThat(Deadline.none()).hasToString("none");
        assertThat(Deadline.after(clock, Duration.ofSeconds(Long.MAX_VALUE))).isSameAs(Deadline.none());
    }

    @Test
    void a_deadline_without_time_is_refused() {
        assertThatThrownBy(() -> Deadlines.of(Duration.ZERO))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("the time allowed for a call must be positive, but is PT0S");
        assertThatThrownBy(() -> CallOptions.deadline(Duration.ofSeconds(-1)))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("the time allowed must be positive, but is PT-1S");
        assertThatThrownBy(() -> CallOptions.deadline(ChatRequestOptions.EMPTY, Duration.ZERO))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("the time allowed must be positive, but is PT0S");
        assertThatThrownBy(() -> Deadline.after(clock, Duration.ZERO))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("a deadline of PT0S leaves no time; give a positive duration");
    }
}
