package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.exception.ContentFilteredException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.model.chat.ChatModel;
import io.fmware.retry.Breaker;
import io.fmware.retry.Breaker.State;
import io.fmware.retry.Retrying;
import io.fmware.route.Fallback;
import io.fmware.testing.ManualClock;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import io.fmware.testing.ScriptedEmbeddingModel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class BreakerTest {
    private final ManualClock clock = ManualClock.create();
    private final AtomicInteger chosen = new AtomicInteger();

    /** Opens at the second failure of two calls, for ten seconds, and then lets two through. */
    private static Breaker.Builder small() {
        return Breaker.builder()
                .window(2)
                .minimumCalls(2)
                .failureRate(1)
                .openFor(Duration.ofSeconds(10))
                .probes(2);
    }

    private static Reply down() {
        return Reply.error(new InternalServerException("down"));
    }

    /** Answers by what it says at the moment. */
    private Script by(Supplier<Reply> now) {
        return Script.answering(request -> {
            Reply reply = now.get();
            chosen.incrementAndGet();
            return reply;
        });
    }

    /** A request is there before its answer is chosen. */
    private void awaitChosen(int count) {
        Awaitility.await("answer " + count)
                .pollInterval(Duration.ofMillis(1))
                .atMost(Duration.ofSeconds(Rig.BOUND_SECONDS))
                .until(() -> chosen.get() >= count);
    }

    private Rig rig(Caller caller, Script script, Breaker breaker) {
        return Rig.of(caller, script, b -> b.time(clock).with(breaker));
    }

    private void open(Rig rig) {
        rig.call();
        rig.call();
    }

    @ParameterizedTest
    @EnumSource
    void a_model_that_failed_too_often_is_not_asked_for_a_time_and_then_probed(Caller caller) {
        Reply[] now = {down()};
        Breaker breaker = small().build();
        try (Rig rig = rig(caller, by(() -> now[0]), breaker)) {
            String model = rig.modelName();
            assertThat(breaker.state(model)).isEqualTo(State.CLOSED);
            open(rig);
            assertThat(breaker.state(model)).isEqualTo(State.OPEN);
            clock.advance(Duration.ofSeconds(4));

            OverloadedException refused = rig.call().error(OverloadedException.class);
            assertThat(refused)
                    .hasMessage(model + " failed too often (2 of 2 calls failed, 0 were slow), so interceptor 'breaker'"
                            + " lets no call through for another 6 s; ask again later, or turn to another model with"
                            + " Fallback");
            assertThat(refused.retryAfter()).contains(Duration.ofSeconds(6));
            assertThat(rig.requests()).hasSize(2);

            now[0] = Reply.text("yes");
            clock.advance(Duration.ofMillis(6_001));
            assertThat(rig.call().text()).isEqualTo("yes");
            assertThat(breaker.states()).containsExactly(Map.entry(model, State.PROBING));
            assertThat(rig.call().text()).isEqualTo("yes");
            assertThat(breaker.state(model)).isEqualTo(State.CLOSED);
            assertThat(rig.metrics().actions())
                    .containsExactly("breaker: opened", "breaker: refused", "breaker: probing", "breaker: closed");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_model_that_fails_its_probes_is_not_asked_for_another_time(Caller caller) {
        Breaker breaker = small().build();
        try (Rig rig = rig(caller, Script.always(down()), breaker)) {
            open(rig);
            clock.advance(Duration.ofMillis(10_001));
            rig.call().error(InternalServerException.class);
            rig.call().error(InternalServerException.class);
            assertThat(breaker.state(rig.modelName())).isEqualTo(State.OPEN);

            assertThat(rig.call().error(OverloadedException.class).retryAfter()).contains(Duration.ofSeconds(10));
            assertThat(rig.requests()).hasSize(4);
        }
    }

    @ParameterizedTest
    @EnumSource
    void wrong_requests_and_filtered_content_neither_open_it_nor_keep_a_permission(Caller caller) {
        Reply[] now = {down()};
        Breaker breaker = small().build();
        try (Rig rig = rig(caller, by(() -> now[0]), breaker)) {
            now[0] = Reply.error(new InvalidRequestException("too long"));
            for (int i = 0; i < 5; i++) {
                rig.call().error(InvalidRequestException.class);
            }
            now[0] = down();
            open(rig);
            clock.advance(Duration.ofMillis(10_001));
            now[0] = Reply.error(new ContentFilteredException("no"));
            for (int i = 0; i < 5; i++) {
                rig.call().error(ContentFilteredException.class);
            }
            assertThat(breaker.state(rig.modelName())).isEqualTo(State.PROBING);
            now[0] = Reply.text("yes");
            rig.call();
            rig.call();

            assertThat(breaker.state(rig.modelName())).isEqualTo(State.CLOSED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_probe_that_is_cancelled_gives_its_permission_back(Caller caller) {
        Reply[] now = {down()};
        Breaker breaker = small().build();
        try (Rig rig = rig(caller, by(() -> now[0]), breaker)) {
            open(rig);
            clock.advance(Duration.ofMillis(10_001));
            for (int i = 1; i <= 5; i++) {
                now[0] = Reply.never();
                Rig.Running running = rig.start();
                awaitChosen(2 + i);
                running.cancel();
                running.await();
                awaitDrained(rig);
            }
            now[0] = Reply.text("yes");

            assertThat(rig.call().text()).isEqualTo("yes");
            assertThat(rig.call().text()).isEqualTo("yes");
            assertThat(breaker.state(rig.modelName())).isEqualTo(State.CLOSED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_error_of_a_predicate_reaches_the_caller_and_the_probe_gives_its_permission_back(Caller caller) {
        Reply[] now = {down()};
        Error[] thrown = {null};
        FailureClass asking = FailureClass.of("asking", failure -> {
            if (thrown[0] != null) {
                throw thrown[0];
            }
            return true;
        });
        Breaker breaker = small().on(asking).build();
        try (Rig rig = rig(caller, by(() -> now[0]), breaker)) {
            open(rig);
            clock.advance(Duration.ofMillis(10_001));
            for (Error each : List.of(new AssertionError("no"), new StackOverflowError(), new NoSuchMethodError("f"))) {
                thrown[0] = each;
                assertThat(rig.call().error()).isSameAs(each);
                assertThat(each.getSuppressed()).hasAtLeastOneElementOfType(InternalServerException.class);
            }
            assertThat(breaker.state(rig.modelName())).isEqualTo(State.PROBING);
            now[0] = Reply.text("yes");
            rig.call();
            rig.call();

            assertThat(breaker.state(rig.modelName())).isEqualTo(State.CLOSED);
        }
    }

    /** A future is cancelled before its chain has unwound. */
    private static void awaitDrained(Rig rig) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(1))
                .atMost(Duration.ofSeconds(Rig.BOUND_SECONDS))
                .until(() -> rig.metrics().calls().size() == rig.requests().size());
    }

    @ParameterizedTest
    @EnumSource
    void a_call_from_before_the_outage_that_ends_much_later_is_no_probe(Caller caller) {
        Reply[] now = {Reply.never()};
        Breaker breaker = small().probes(1).build();
        try (Rig rig = rig(caller, by(() -> now[0]), breaker)) {
            Rig.Running old = rig.start();
            awaitChosen(1);
            now[0] = down();
            open(rig);
            clock.advance(Duration.ofMillis(10_001));
            now[0] = Reply.never();
            Rig.Running probe = rig.start();
            awaitChosen(4);
            assertThat(breaker.state(rig.modelName())).isEqualTo(State.PROBING);

            old.cancel();
            old.await();
            assertThat(rig.call().error(OverloadedException.class))
                    .hasMessage(
                            rig.modelName() + " failed too often, and interceptor 'breaker' lets no more calls through"
                                    + " than its probes (1) until those have ended; ask again later, or turn to"
                                    + " another model with Fallback");
            probe.cancel();
            probe.await();
        }
    }

    @ParameterizedTest
    @EnumSource
    void probes_that_do_not_end_are_replaced_by_others(Caller caller) {
        Reply[] now = {down()};
        Breaker breaker = small().probesWithin(Duration.ofSeconds(30)).build();
        try (Rig rig = rig(caller, by(() -> now[0]), breaker)) {
            open(rig);
            clock.advance(Duration.ofMillis(10_001));
            now[0] = Reply.never();
            Rig.Running one = rig.start();
            Rig.Running other = rig.start();
            awaitChosen(4);
            clock.advance(Duration.ofSeconds(30));
            assertThat(rig.call().error(OverloadedException.class).retryAfter()).isEmpty();
            clock.advance(Duration.ofMillis(1));
            assertThat(rig.call().error(OverloadedException.class).retryAfter()).contains(Duration.ofSeconds(10));
            clock.advance(Duration.ofMillis(10_001));
            now[0] = Reply.text("yes");

            assertThat(rig.call().text()).isEqualTo("yes");
            assertThat(rig.call().text()).isEqualTo("yes");
            assertThat(breaker.state(rig.modelName())).isEqualTo(State.CLOSED);
            one.cancel();
            other.cancel();
            one.await();
            other.await();
            assertThat(breaker.state(rig.modelName())).isEqualTo(State.CLOSED);
        }
    }

    /** Lets another call come in at the moment in which the breaker has a new state but has not yet noted since when. */
    private static final class Meanwhile implements TimeSource {
        private final ManualClock clock;
        private final AtomicReference<@Nullable Supplier<Boolean>> now = new AtomicReference<>();
        private final AtomicReference<Runnable> other = new AtomicReference<>(() -> {});
        private final AtomicReference<@Nullable Thread> running = new AtomicReference<>();

        Meanwhile(ManualClock clock) {
            this.clock = clock;
        }

        void when(Supplier<Boolean> moment, Runnable what) {
            other.set(what);
            now.set(moment);
        }

        @Override
        public long nanoTime() {
            Supplier<Boolean> moment = now.get();
            if (moment != null && moment.get() && now.compareAndSet(moment, null)) {
                Thread thread = new Thread(other.get(), "meanwhile");
                running.set(thread);
                thread.start();
                Awaitility.await("it is done, or waits for us")
                        .pollInterval(Duration.ofMillis(1))
                        .until(() -> !thread.isAlive() || thread.getState() == Thread.State.WAITING);
            }
            return clock.nanoTime();
        }

        void join(long millis) {
            try {
                Thread thread = running.get();
                assertThat(thread).as("the moment has come").isNotNull();
                thread.join(millis);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
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

    @Test
    void a_call_that_comes_while_it_opens_for_the_first_time_is_told_the_whole_wait() {
        clock.advance(Duration.ofHours(1));
        Meanwhile time = new Meanwhile(clock);
        Breaker breaker = small().build();
        AtomicReference<@Nullable OverloadedException> refused = new AtomicReference<>();
        try (FmPipeline pipeline = FmPipeline.builder().time(time).with(breaker).build()) {
            ChatModel model = pipeline.wrap(ScriptedChatModel.of(Script.always(down())));
            assertThatThrownBy(() -> model.chat("1")).hasMessage("down");
            time.when(() -> breaker.state("ScriptedChatModel") == State.OPEN, () -> {
                try {
                    model.chat("meanwhile");
                } catch (OverloadedException e) {
                    refused.set(e);
                }
            });
            assertThatThrownBy(() -> model.chat("2")).hasMessage("down");
            time.join(10_000);
        }
        assertThat(refused.get()).extracting(e -> e.retryAfter().orElseThrow()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void a_call_that_comes_while_probing_begins_does_not_take_the_time_of_being_open_for_that_of_the_probes() {
        Meanwhile time = new Meanwhile(clock);
        Breaker breaker = small().probes(1).probesWithin(Duration.ofSeconds(2)).build();
        RecordingMetrics metrics = new RecordingMetrics();
        Reply[] now = {down()};
        try (FmPipeline pipeline =
                FmPipeline.builder().time(time).metrics(metrics).with(breaker).build()) {
            ChatModel model = pipeline.wrap(ScriptedChatModel.of(by(() -> now[0])));
            assertThatThrownBy(() -> model.chat("1")).hasMessage("down");
            assertThatThrownBy(() -> model.chat("2")).hasMessage("down");
            clock.advance(Duration.ofMinutes(5));
            now[0] = Reply.text("yes");
            time.when(() -> breaker.state("ScriptedChatModel") == State.PROBING, () -> {
                try {
                    model.chat("meanwhile");
                } catch (OverloadedException e) {
                    chosen.set(-1);
                }
            });
            assertThat(model.chat("3")).isEqualTo("yes");
            time.join(10_000);
            assertThat(breaker.state("ScriptedChatModel")).isEqualTo(State.CLOSED);
        }
        assertThat(metrics.actions()).containsOnlyOnce("breaker: opened");
    }

    @ParameterizedTest
    @EnumSource
    void slow_calls_open_it_where_that_was_asked_for(Caller caller) {
        Interceptor slow = Interceptor.of("slow", Phase.LIMIT, (call, next) -> {
            clock.advance(Duration.ofSeconds(5));
            return next.proceed(call);
        });
        Breaker breaker = small().slowCallRate(1, Duration.ofMillis(4_999)).build();
        try (Rig rig = Rig.of(
                caller,
                Script.always(Reply.text("yes")),
                b -> b.time(clock).with(breaker).with(slow))) {
            open(rig);

            assertThat(rig.call().error(OverloadedException.class))
                    .hasMessageContaining("(0 of 2 calls failed, 2 were slow)");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_clock_that_jumps_far_ahead_does_no_harm(Caller caller) {
        Reply[] now = {down()};
        Breaker breaker = small().window(Duration.ofSeconds(60)).minimumCalls(2).build();
        try (Rig rig = rig(caller, by(() -> now[0]), breaker)) {
            rig.call();
            clock.advance(Duration.ofDays(20_000));
            rig.call();
            assertThat(breaker.state(rig.modelName())).isEqualTo(State.CLOSED);
            rig.call();
            assertThat(breaker.state(rig.modelName())).isEqualTo(State.OPEN);
            clock.advance(Duration.ofDays(20_000));
            now[0] = Reply.text("yes");

            assertThat(rig.call().text()).isEqualTo("yes");
            assertThat(rig.call().text()).isEqualTo("yes");
            assertThat(breaker.state(rig.modelName())).isEqualTo(State.CLOSED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_open_breaker_is_not_retried_but_replaced_by_another_model(Caller caller) {
        ScriptedChatModel other = ScriptedChatModel.of(Script.always(Reply.text("from B")));
        try (Rig rig = Rig.of(
                caller,
                Script.always(down()),
                b -> b.time(clock)
                        .with(Fallback.to(other))
                        .with(Retrying.upTo(3).random(() -> 0).build())
                        .with(small().build()))) {
            assertThat(rig.call().text()).isEqualTo("from B");
            assertThat(rig.call().text()).isEqualTo("from B");

            assertThat(rig.requests()).hasSize(2); // the third attempt found it open
        }
    }

    @Test
    void each_model_has_its_own() {
        ScriptedChatModel one = ScriptedChatModel.of(Script.always(down()));
        Breaker breaker = small().build();
        ScriptedEmbeddingModel embeddings = ScriptedEmbeddingModel.ofWords();
        try (FmPipeline pipeline = FmPipeline.builder().with(breaker).build()) {
            ChatModel first = pipeline.wrap((ChatModel) one);
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> first.chat("Hi")).isInstanceOf(RuntimeException.class);
            }

            pipeline.wrap(embeddings).embed("Hi");
        }

        assertThat(breaker.state("ScriptedChatModel")).isEqualTo(State.OPEN);
        assertThat(breaker.states()).hasSize(2).containsValue(State.CLOSED);
        assertThat(breaker.state("never asked")).isEqualTo(State.CLOSED);
    }

    @Test
    void a_fork_that_is_cancelled_gives_its_permission_back() {
        Reply[] now = {down()};
        Breaker breaker = small().build();
        Interceptor hedging = Interceptor.of("hedging", Phase.HEDGE, (call, next) -> {
            ForkedCall fork = call.proceedAside(next, TokenSink.none());
            call.await(CompletableFuture.completedFuture(1), "nothing");
            fork.cancel("not needed");
            fork.reply().handle((reply, error) -> 1).join();
            return next.proceed(call);
        });
        boolean[] hedged = {false};
        Interceptor sometimes = Interceptor.of(
                "sometimes",
                Phase.HEDGE,
                (call, next) -> hedged[0] ? hedging.intercept(call, next) : next.proceed(call));
        try (Rig rig = Rig.of(
                Caller.CHAT,
                by(() -> now[0]),
                b -> b.time(clock).with(sometimes).with(breaker))) {
            open(rig);
            clock.advance(Duration.ofMillis(10_001));
            now[0] =
                    Reply.builder().text("yes").firstDelay(Duration.ofMillis(5)).build();
            hedged[0] = true;
            assertThat(rig.call().text()).isEqualTo("yes");
            assertThat(rig.call().text()).isEqualTo("yes");

            assertThat(breaker.state(rig.modelName())).isEqualTo(State.CLOSED);
        }
    }

    @Test
    void no_permission_leaks_whatever_becomes_of_the_calls_of_many_threads() throws Exception {
        Breaker breaker = Breaker.builder()
                .window(10)
                .minimumCalls(5)
                .openFor(Duration.ofMillis(1))
                .probes(3)
                .build();
        AtomicInteger healthy = new AtomicInteger();
        Random random = new Random(11);
        ChatModel model = ScriptedChatModel.of(Script.answering(request -> {
            int dice;
            synchronized (random) {
                dice = random.nextInt(10);
            }
            if (healthy.get() == 1) {
                return Reply.text("yes");
            }
            if (dice < 6) {
                return down();
            }
            return dice < 8 ? Reply.error(new InvalidRequestException("bad")) : Reply.text("yes");
        }));
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (FmPipeline pipeline = FmPipeline.builder().with(breaker).build()) {
            FmChatModel wrapped = pipeline.wrap(model);
            for (int round = 0; round < 30; round++) {
                healthy.set(0);
                CountDownLatch done = new CountDownLatch(8);
                for (int t = 0; t < 8; t++) {
                    boolean cancels = t % 2 == 0;
                    threads.execute(() -> {
                        for (int i = 0; i < 100; i++) {
                            CompletableFuture<?> call = wrapped.chatAsync(Rig.request("Hi"));
                            if (cancels) {
                                call.cancel(true);
                            }
                            call.handle((reply, error) -> 1).join();
                        }
                        done.countDown();
                    });
                }
                assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();

                healthy.set(1);
                Awaitility.await("the breaker closes again")
                        .pollInterval(Duration.ofMillis(2))
                        .atMost(Duration.ofSeconds(5))
                        .until(() -> {
                            List<Throwable> ignored = new ArrayList<>();
                            try {
                                wrapped.chat("Hi");
                            } catch (OverloadedException e) {
                                ignored.add(e);
                            }
                            return breaker.state("ScriptedChatModel") == State.CLOSED;
                        });
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, 0.000_9, 50, Double.NaN})
    void a_share_that_makes_no_sense_is_refused(double share) {
        String rule = " must be a share from 0.001 to 1, such as 0.5 for a half, but is " + share;
        assertThatThrownBy(() -> Breaker.builder().failureRate(share))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the failure rate of a breaker, which at 0 would always be open," + rule);
        assertThatThrownBy(() -> Breaker.builder().slowCallRate(share, Duration.ofSeconds(1)))
                .hasMessage("the rate of slow calls of a breaker, which at 0 would always be open," + rule);
    }

    @Test
    void other_settings_out_of_range_are_refused() {
        Breaker.Builder builder = Breaker.builder();
        assertThatThrownBy(() -> builder.window(0))
                .hasMessage("the calls in the window must be from 1 to 10000, but is 0");
        assertThatThrownBy(() -> builder.window(10_001))
                .hasMessage("the calls in the window must be from 1 to 10000, but is 10001");
        assertThatThrownBy(() -> builder.minimumCalls(-1))
                .hasMessage("the minimum of calls must be from 1 to 100000, but is -1");
        assertThatThrownBy(() -> builder.probes(0))
                .hasMessage("the number of probes must be from 1 to 10000, but is 0");
        assertThatThrownBy(() -> builder.openFor(Duration.ZERO))
                .hasMessage("the time of being open must be positive and at most a day, but is PT0S");
        assertThatThrownBy(() -> builder.openFor(Duration.ofNanos(1)))
                .hasMessage("the time of being open must be at least 1 ms, but is PT0.000000001S");
        assertThatThrownBy(() -> builder.probesWithin(Duration.ofDays(2)))
                .hasMessage("the time for probes must be positive and at most a day, but is PT48H");
        assertThatThrownBy(() -> builder.window(Duration.ofMillis(1_500)))
                .hasMessage("the window must be of whole seconds, from 1 s to an hour, but is PT1.5S");
        assertThatThrownBy(() -> builder.window(10).minimumCalls(11).build())
                .hasMessage("a breaker that looks at the last 10 calls can never see its minimum of 11; make the window"
                        + " larger or the minimum smaller");
        assertThatThrownBy(() -> builder.on()).hasMessage("at least one class of failures is needed to act on");
    }

    @Test
    void two_in_one_pipeline_are_refused() {
        assertThatThrownBy(() -> FmPipeline.builder()
                        .with(Breaker.standard())
                        .with(small().named("again").build())
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "breakers 'breaker' and 'again' are in one pipeline, and only the one that opens first would"
                                + " ever act; keep one");
    }

    @Test
    void what_is_a_failure_can_be_chosen() {
        Breaker breaker = small().on(FailureClass.RATE_LIMITED).build();
        assertThat(breaker).hasToString("Breaker[breaker, on=[RATE_LIMITED], {}]");
        try (Rig rig = rig(Caller.CHAT, Script.always(down()), breaker)) {
            open(rig);
            assertThat(breaker.state(rig.modelName())).isEqualTo(State.CLOSED);
        }
    }
}
