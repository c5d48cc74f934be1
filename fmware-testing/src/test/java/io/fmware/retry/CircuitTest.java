package io.fmware.retry;

import static org.assertj.core.api.Assertions.assertThat;

import io.fmware.FmCall;
import io.fmware.FmPipeline;
import io.fmware.Interceptor;
import io.fmware.OverloadedException;
import io.fmware.Phase;
import io.fmware.TimeSource;
import io.fmware.testing.ManualClock;
import io.fmware.testing.ScriptedChatModel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a breaker finds out and what it does about that are one step: others come in where the time is read in between. */
@Timeout(60)
class CircuitTest {
    /** Opens at the second failure of two calls, for ten seconds, and gives one probe two seconds. */
    private final Circuit circuit = new Circuit(
            "model",
            new BreakerSettings(
                    1, 1, BreakerSettings.NEVER_SLOW, 2, false, 2, Duration.ofSeconds(10), 1, Duration.ofSeconds(2)));

    private final ManualClock clock = ManualClock.create();
    private final Reading time = new Reading(clock);
    private final FmCall call = callAt(time);

    private static FmCall callAt(TimeSource time) {
        AtomicReference<FmCall> seen = new AtomicReference<>();
        Interceptor seeing = Interceptor.of("seeing", Phase.BREAKER, (call, next) -> {
            seen.set(call);
            return next.proceed(call);
        });
        try (FmPipeline pipeline = FmPipeline.builder().time(time).with(seeing).build()) {
            pipeline.wrap(ScriptedChatModel.replying("yes")).chat("Hi");
        }
        return seen.get();
    }

    /** Lets another thread go as far as it can at the next reading of the time, after it was read. */
    private static final class Reading implements TimeSource {
        private final ManualClock clock;
        private final AtomicReference<@Nullable Runnable> other = new AtomicReference<>();
        private final AtomicReference<@Nullable Thread> running = new AtomicReference<>();

        Reading(ManualClock clock) {
            this.clock = clock;
        }

        void letIn(Runnable next) {
            other.set(next);
        }

        @Override
        public long nanoTime() {
            long now = clock.nanoTime();
            Runnable next = other.getAndSet(null);
            if (next != null) {
                Thread thread = new Thread(next, "other");
                running.set(thread);
                thread.start();
                Awaitility.await("the other thread is done, or waits for this one")
                        .pollInterval(Duration.ofMillis(1))
                        .until(() -> !thread.isAlive() || thread.getState() == Thread.State.WAITING);
            }
            return now;
        }

        void awaitOther() throws InterruptedException {
            Thread thread = running.get();
            assertThat(thread).as("the time was read").isNotNull();
            thread.join(10_000);
            assertThat(thread.isAlive()).isFalse();
        }

        @Override
        public Instant instant() {
            return clock.instant();
        }

        @Override
        public void await(Condition condition, Lock lock, long untilNanos) throws InterruptedException {
            clock.await(condition, lock, untilNanos);
        }
    }

    private Circuit.Passage enter() {
        Circuit.Passage passage = circuit.enter(call);
        assertThat(passage).as("the call is let through").isNotNull();
        return passage;
    }

    private void open() {
        Circuit.Passage one = enter();
        Circuit.Passage other = enter();
        one.failed(new RuntimeException("down"));
        other.failed(new RuntimeException("down"));
        assertThat(circuit.state()).isEqualTo(Breaker.State.OPEN);
    }

    private List<String> actions() {
        List<String> actions = new ArrayList<>();
        for (String action = circuit.nextAction(); action != null; action = circuit.nextAction()) {
            actions.add(action);
        }
        return actions;
    }

    @Test
    void a_probe_that_succeeds_closes_it_though_another_call_is_about_to_give_the_probe_up() throws Exception {
        open();
        clock.advance(Duration.ofMillis(10_001));
        Circuit.Passage probe = enter();
        clock.advance(Duration.ofSeconds(3));
        time.letIn(() -> circuit.enter(call));
        probe.succeeded();
        time.awaitOther();

        assertThat(circuit.state()).isEqualTo(Breaker.State.CLOSED);
        assertThat(actions()).containsExactly(Breaker.OPENED, Breaker.PROBING, Breaker.CLOSED);
    }

    @Test
    void a_probe_that_was_given_up_does_not_close_it_in_the_same_moment() throws Exception {
        open();
        clock.advance(Duration.ofMillis(10_001));
        Circuit.Passage probe = enter();
        clock.advance(Duration.ofSeconds(3));
        time.letIn(probe::succeeded);
        assertThat(circuit.enter(call)).isNull();
        time.awaitOther();

        assertThat(circuit.state()).isEqualTo(Breaker.State.OPEN);
        assertThat(actions()).containsExactly(Breaker.OPENED, Breaker.PROBING, Breaker.OPENED);
    }

    @Test
    void a_call_from_before_the_outage_that_ends_while_probing_begins_is_no_probe() throws Exception {
        Circuit.Passage old = enter();
        time.letIn(() -> {
            open();
            clock.advance(Duration.ofMillis(10_001));
            enter();
        });
        old.succeeded();
        time.awaitOther();

        assertThat(circuit.state()).isEqualTo(Breaker.State.PROBING);
    }

    @Test
    void a_refusal_tells_the_wait_of_the_state_that_it_is_for() throws Exception {
        open();
        clock.advance(Duration.ofSeconds(9));
        time.letIn(() -> {
            clock.advance(Duration.ofMillis(1_001));
            enter();
        });
        OverloadedException refusal = circuit.refusal(call, "breaker");
        time.awaitOther();

        assertThat(refusal.retryAfter()).contains(Duration.ofSeconds(1));
        assertThat(circuit.state()).isEqualTo(Breaker.State.PROBING);
    }
}
