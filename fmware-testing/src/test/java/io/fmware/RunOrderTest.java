package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fmware.event.FmEvent;
import io.fmware.event.RunPath;
import io.fmware.provider.Turns;
import io.fmware.testing.ManualClock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs whose threads go on in an order. */
@Timeout(30)
class RunOrderTest {
    private static final Duration BLOCKED = Duration.ofMillis(50);

    private final ManualClock clock = ManualClock.create();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void no_thread_is_left() throws InterruptedException {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        assertThat(FmRun.current()).isNull();
    }

    private FmRun open(BoundaryInterceptor... watchers) {
        FmRun.Builder builder = FmRun.builder("job").time(clock);
        List.of(watchers).forEach(builder::watch);
        return builder.open();
    }

    private static RunScope here() {
        RunScope here = FmRun.currentScope();
        assertThat(here).isNotNull();
        return here;
    }

    /** Moves the clock on where a thread waits for it, so that none is taken for one that has been at work for ages. */
    private void advanceWhile(BooleanSupplier going) {
        while (going.getAsBoolean()) {
            if (clock.waiters() > 0) {
                clock.advance(BLOCKED);
            }
        }
    }

    private CompletableFuture<Void> start(Runnable task) {
        return CompletableFuture.runAsync(FmRun.carrying(task), threads);
    }

    private static int ask(BoundaryKind kind, String name) {
        return FmRun.cross(kind, name, () -> 17);
    }

    @Test
    void a_run_without_an_order_has_no_turns() {
        Watching watching = new Watching();
        try (FmRun run = open(watching)) {
            assertThat(here().isOrdered()).isFalse();
            assertThat(here().hasTurn()).isTrue();
            here().takeTurn(RunTurn.JOIN);
            here().endTurn();
            ask(BoundaryKind.CLOCK, "now");
            assertThat(run.dropped()).isZero();
        }
        assertThat(watching.told()).containsExactly("run.started job", "boundary job/clock:now#1", "run.ended job");
    }

    @Test
    void boundaries_take_a_turn_before_and_one_after_and_short_ones_one() {
        Turns turns = Turns.noting();
        try (FmRun run = open(turns)) {
            assertThat(here().isOrdered()).isTrue();
            ask(BoundaryKind.TOOL, "look");
            assertThat(here().hasTurn()).as("outside of agents").isFalse();
            for (BoundaryKind each : List.of(
                    BoundaryKind.MEMORY_READ,
                    BoundaryKind.MEMORY_WRITE,
                    BoundaryKind.CLOCK,
                    BoundaryKind.RANDOM,
                    BoundaryKind.ID,
                    BoundaryKind.FORK,
                    BoundaryKind.JOIN)) {
                FmRun.cross(each, "x", () -> {
                    assertThat(here().hasTurn()).as("in " + each).isTrue();
                    return List.of();
                });
            }
            try (FmRun.Scope step = run.step("check");
                    FmRun.Scope agent = run.agent("fraud")) {
                assertThat(here().hasTurn()).as("in an agent").isTrue();
                FmRun.cross(BoundaryKind.SCORING, "x", () -> {
                    assertThat(here().hasTurn()).as("in a model").isFalse();
                    return List.of();
                });
                assertThat(here().hasTurn()).as("in an agent again").isTrue();
                assertThat(agent.path()).hasToString(step.path() + "/fraud#1");
            }
            assertThat(here().hasTurn()).isFalse();
        }
        assertThat(turns.taken())
                .containsExactly(
                        "open job/tool:look#1",
                        "close job/tool:look#1",
                        "close job/memory-read:x#1",
                        "close job/memory-write:x#1",
                        "close job/clock:x#1",
                        "close job/random:x#1",
                        "close job/id:x#1",
                        "close job/fork:x#1",
                        "close job/join:x#1",
                        "open job/step:check#1",
                        "open job/step:check#1/fraud#1",
                        "open job/step:check#1/fraud#1/scoring:x#1",
                        "close job/step:check#1/fraud#1/scoring:x#1",
                        "close job/step:check#1/fraud#1",
                        "close job/step:check#1");
    }

    @Test
    void a_step_keeps_no_turn_but_gives_that_of_its_agent_back() {
        try (FmRun run = open(Turns.noting())) {
            try (FmRun.Scope step = run.step("check")) {
                assertThat(here().hasTurn()).isFalse();
                assertThat(step.path()).hasToString("job/step:check#1");
            }
            try (FmRun.Scope agent = run.agent("fraud")) {
                try (FmRun.Scope step = run.step("check")) {
                    assertThat(here().hasTurn()).isTrue();
                    assertThat(step.path()).hasToString(agent.path() + "/step:check#1");
                }
                assertThat(here().hasTurn()).isTrue();
            }
        }
    }

    @Test
    void a_turn_that_is_not_that_of_a_boundary_is_told() {
        Turns turns = Turns.noting();
        try (FmRun run = open(turns)) {
            here().takeTurn(RunTurn.BEGIN);
            assertThat(here().hasTurn()).isTrue();
            here().endTurn();
            assertThat(here().hasTurn()).isFalse();
            assertThatThrownBy(() -> here().takeTurn(RunTurn.OPEN))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("turn OPEN is that of a boundary, which takes it by itself; cross job");
            assertThat(run.dropped()).isZero();
        }
        assertThat(turns.taken()).containsExactly("begin job");
        assertThat(turns.told()).containsExactly("run.started job", "turn job", "run.ended job");
    }

    @Test
    void a_boundary_that_fails_takes_its_last_turn_too() {
        Turns turns = Turns.noting();
        IllegalStateException down = new IllegalStateException("down");
        try (FmRun run = open(turns)) {
            assertThatThrownBy(() -> FmRun.cross(BoundaryKind.TOOL, "look", () -> {
                        throw down;
                    }))
                    .isSameAs(down);
            assertThat(here().hasTurn()).isFalse();
            assertThat(run.dropped()).isZero();
        }
        assertThat(turns.taken()).containsExactly("open job/tool:look#1", "close job/tool:look#1");
    }

    @Test
    void who_cannot_be_next_where_there_is_no_other_thread_is_told_at_once_and_goes_on() {
        Turns turns = Turns.enforcing(List.of("open job/tool:other#1"));
        try (FmRun run = open(turns)) {
            assertThat(ask(BoundaryKind.TOOL, "look")).isEqualTo(17);
            assertThat(run.dropped()).isZero();
        }
        assertThat(turns.stalls())
                .containsExactly("open job/tool:look#1 after PT0S", "close job/tool:look#1 after PT0S");
        assertThat(turns.taken()).containsExactly("open job/tool:look#1", "close job/tool:look#1");
    }

    @Test
    void where_there_may_be_other_threads_it_is_told_after_the_patience() throws Exception {
        Turns turns = Turns.enforcing(List.of("open job/tool:other#1")).patience(Duration.ofSeconds(3));
        try (FmRun run = open(turns)) {
            CompletableFuture<Void> asked = start(() -> ask(BoundaryKind.TOOL, "look"));
            clock.awaitTimers(1);
            clock.advance(Duration.ofMillis(2999));
            assertThat(turns.stalls()).isEmpty();
            clock.awaitTimers(1);
            clock.advance(Duration.ofMillis(1));
            clock.awaitTimers(1); // for its last turn
            clock.advance(Duration.ofSeconds(3));
            asked.get(10, TimeUnit.SECONDS);
            assertThat(run.dropped()).isZero();
        }
        assertThat(turns.stalls())
                .containsExactly("open job/tool:look#1 after PT3S", "close job/tool:look#1 after PT3S");
    }

    @Test
    void who_opened_the_run_is_not_told_at_once_where_branches_are_still_to_come() throws Exception {
        Turns turns = Turns.enforcing(List.of(
                "close job/fork:all#1", "close job/id:claim#1", "close job/clock:now#1", "close job/join:all#1"));
        try (FmRun run = open(turns)) {
            ask(BoundaryKind.FORK, "all");
            RunScope here = here();
            CompletableFuture<Integer> branch = CompletableFuture.supplyAsync(
                    () -> {
                        clock.awaitTimers(1); // who opened the run waits
                        return here.call(() -> ask(BoundaryKind.ID, "claim"));
                    },
                    threads);
            ask(BoundaryKind.CLOCK, "now");
            branch.get(10, TimeUnit.SECONDS);
            ask(BoundaryKind.JOIN, "all");
        }
        assertThat(turns.stalls()).isEmpty();
    }

    @Test
    void who_opened_the_run_is_not_told_at_once_where_another_thread_is_in_a_boundary() throws Exception {
        Turns turns =
                Turns.enforcing(List.of("open job/tool:look#1", "close job/tool:look#1", "close job/clock:now#1"));
        CountDownLatch looking = new CountDownLatch(1);
        try (FmRun run = open(turns)) {
            RunScope here = here();
            CompletableFuture<Integer> tool = CompletableFuture.supplyAsync(
                    () -> here.call(() -> FmRun.cross(BoundaryKind.TOOL, "look", () -> {
                        looking.countDown();
                        clock.awaitTimers(1); // who opened the run waits
                        return 17;
                    })),
                    threads);
            assertThat(looking.await(10, TimeUnit.SECONDS)).isTrue();
            ask(BoundaryKind.CLOCK, "now");
            tool.get(10, TimeUnit.SECONDS);
        }
        assertThat(turns.stalls()).isEmpty();
    }

    /** Lets the clock be asked once something has happened that no thread of the run tells of. */
    private static final class Later implements BoundaryInterceptor, RunOrder {
        private final AtomicBoolean happened = new AtomicBoolean();
        private final AtomicBoolean asked = new AtomicBoolean();
        private final AtomicBoolean stalled = new AtomicBoolean();

        @Override
        public RunOrder order(FmRun run) {
            return this;
        }

        @Override
        public boolean isNext(RunPath path, RunTurn turn) {
            return path.toString().contains("clock") ? happened.get() : asked.get();
        }

        @Override
        public void taken(RunPath path, RunTurn turn) {
            asked.set(true);
        }

        @Override
        public void stalled(RunPath path, RunTurn turn, Duration waited) {
            stalled.set(true);
        }
    }

    @Test
    void a_thread_that_begins_to_wait_lets_the_others_look_whether_it_is_their_turn_now() throws Exception {
        Later order = new Later();
        try (FmRun run = open(order)) {
            CompletableFuture<Void> first = start(() -> ask(BoundaryKind.CLOCK, "now"));
            clock.awaitTimers(1);
            order.happened.set(true);
            CompletableFuture<Void> second = start(() -> ask(BoundaryKind.ID, "claim"));
            first.get(10, TimeUnit.SECONDS); // nobody moves the clock
            second.get(10, TimeUnit.SECONDS);
        }
        assertThat(order.stalled).isFalse();
    }

    /** Throws what it is given where a turn does not come. */
    private record Refusing(String wanted, RuntimeException thrown) implements BoundaryInterceptor, RunOrder {
        @Override
        public RunOrder order(FmRun run) {
            return this;
        }

        @Override
        public boolean isNext(RunPath path, RunTurn turn) {
            return wanted.equals(turn.word());
        }

        @Override
        public void taken(RunPath path, RunTurn turn) {}

        @Override
        public void stalled(RunPath path, RunTurn turn, Duration waited) {
            throw thrown;
        }
    }

    @Test
    void what_is_thrown_when_a_turn_does_not_come_reaches_the_thread_which_then_has_none() {
        IllegalStateException diverged = new IllegalStateException("diverged");
        AtomicBoolean asked = new AtomicBoolean();
        try (FmRun run = open(new Refusing("close", diverged))) {
            assertThatThrownBy(() -> FmRun.cross(BoundaryKind.TOOL, "look", () -> {
                        asked.set(true);
                        return 17;
                    }))
                    .isSameAs(diverged);
            assertThatThrownBy(() -> run.agent("fraud")).isSameAs(diverged);
            assertThat(asked).isFalse();
            assertThat(here().path()).hasToString("job");
            assertThat(here().hasTurn()).isFalse();
        }
    }

    @Test
    void what_is_thrown_at_the_last_turn_of_a_boundary_closes_it_all_the_same() {
        IllegalStateException diverged = new IllegalStateException("diverged");
        IllegalArgumentException why = new IllegalArgumentException("why");
        Watching watching = new Watching();
        try (FmRun run = open(watching, new Refusing("open", diverged))) {
            assertThatThrownBy(() -> ask(BoundaryKind.TOOL, "look")).isSameAs(diverged);
            assertThatThrownBy(() -> FmRun.cross(BoundaryKind.TOOL, "look", () -> {
                        throw why;
                    }))
                    .isSameAs(diverged)
                    .hasSuppressedException(why);
            assertThatThrownBy(run.agent("fraud")::close).isSameAs(diverged);
            assertThat(here().path()).hasToString("job");
            assertThat(here().hasTurn()).isFalse();
        }
        assertThat(watching.crossed())
                .containsExactly(
                        "> job",
                        "> job/tool:look#1",
                        "< job/tool:look#1 IllegalStateException",
                        "> job/tool:look#2",
                        "< job/tool:look#2 IllegalArgumentException",
                        "> job/fraud#1",
                        "< job/fraud#1 IllegalStateException",
                        "< job");
        assertThat(watching.events())
                .filteredOn(FmEvent.RunEnded.class::isInstance)
                .extracting("open")
                .containsExactly(0L);
    }

    @Test
    void all_who_give_an_order_have_to_agree_and_those_that_throw_are_passed_over() {
        Turns one = Turns.enforcing(List.of("open job/tool:look#1", "close job/tool:look#1"));
        Turns other = Turns.enforcing(List.of("open job/tool:look#1"));
        BoundaryInterceptor broken = new BoundaryInterceptor() {
            @Override
            public RunOrder order(FmRun run) {
                throw new IllegalStateException("no order");
            }
        };
        try (FmRun run = open(one, broken, other)) {
            ask(BoundaryKind.TOOL, "look");
            assertThat(run.dropped()).isOne();
        }
        assertThat(one.stalls()).isEqualTo(other.stalls()).containsExactly("close job/tool:look#1 after PT0S");
    }

    @Test
    void a_thread_waits_until_another_one_has_given_its_turn_up() throws Exception {
        Turns turns = Turns.noting();
        AtomicReference<Thread> busy = new AtomicReference<>();
        AtomicBoolean enough = new AtomicBoolean();
        try (FmRun run = open(turns)) {
            CompletableFuture<Void> holding = start(() -> {
                try (FmRun.Scope agent = run.agent("busy")) {
                    busy.set(Thread.currentThread());
                    while (!enough.get()) {
                        Thread.onSpinWait();
                    }
                    agent.output("done");
                }
            });
            while (busy.get() == null) {
                Thread.onSpinWait();
            }
            CompletableFuture<Void> asking = start(() -> ask(BoundaryKind.CLOCK, "now"));
            for (int i = 0; i < 10; i++) { // a thread that runs is not blocked, however long it takes
                clock.awaitTimers(1);
                clock.advance(BLOCKED);
            }
            assertThat(asking).isNotDone();
            enough.set(true);
            holding.get(10, TimeUnit.SECONDS);
            asking.get(10, TimeUnit.SECONDS);
        }
        assertThat(turns.taken()).containsExactly("open job/busy#1", "close job/busy#1", "close job/clock:now#1");
        assertThat(turns.unordered()).isEmpty();
        assertThat(turns.stalls()).isEmpty();
    }

    @Test
    void a_thread_that_is_blocked_by_something_else_loses_its_turn_after_50_ms() throws Exception {
        Turns turns = Turns.noting();
        CountDownLatch holds = new CountDownLatch(1);
        CompletableFuture<Integer> answer = new CompletableFuture<>();
        try (FmRun run = open(turns)) {
            CompletableFuture<Void> parent = start(() -> {
                try (FmRun.Scope agent = run.agent("parent")) {
                    holds.countDown();
                    agent.output(answer.join()); // of a thread that it knows nothing of
                }
            });
            assertThat(holds.await(10, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<Void> child = start(() -> answer.complete(ask(BoundaryKind.CLOCK, "now")));
            clock.awaitTimers(1);
            clock.advance(BLOCKED.minusMillis(1));
            clock.awaitTimers(1);
            assertThat(child).isNotDone();
            advanceWhile(() -> !child.isDone()); // it may have been seen waiting a little later
            parent.get(10, TimeUnit.SECONDS);
        }
        assertThat(turns.unordered()).containsExactly("job/parent#1");
        assertThat(turns.taken()).containsExactly("open job/parent#1", "close job/clock:now#1", "close job/parent#1");
    }

    @Test
    void who_waits_for_several_things_on_another_thread_has_its_turn_again_when_the_last_has_ended() throws Exception {
        Turns turns = Turns.noting();
        CompletableFuture<Integer> told = new CompletableFuture<>();
        AtomicReference<CompletableFuture<Void>> telling = new AtomicReference<>();
        AtomicReference<Boolean> hasTurn = new AtomicReference<>();
        CountDownLatch first = new CountDownLatch(1);
        try (FmRun run = open(turns)) {
            CompletableFuture<Void> waiting = start(() -> {
                try (FmRun.Scope agent = run.agent("teller")) {
                    telling.set(start(() -> {
                        ask(BoundaryKind.SCORING, "first");
                        first.countDown();
                        ask(BoundaryKind.TOOL, "look"); // takes the turn that was given back after the first
                        ask(BoundaryKind.SCORING, "last");
                        told.complete(17);
                    }));
                    agent.output(told.join());
                    hasTurn.set(here().hasTurn());
                }
            });
            advanceWhile(() -> first.getCount() > 0);
            told.get(10, TimeUnit.SECONDS); // nobody moves the clock
            telling.get().get(10, TimeUnit.SECONDS);
            waiting.get(10, TimeUnit.SECONDS);
        }
        assertThat(hasTurn).hasValue(true);
        assertThat(turns.unordered()).isEmpty();
        assertThat(turns.stalls()).isEmpty();
    }

    @Test
    void a_thread_that_has_died_loses_its_turn() throws Exception {
        Turns turns = Turns.noting();
        try (FmRun run = open(turns)) {
            Thread dying = new Thread(() -> run.agent("lost"));
            dying.start();
            dying.join();
            ask(BoundaryKind.CLOCK, "now");
        }
        assertThat(turns.unordered()).containsExactly("job/lost#1");
    }

    @Test
    void tools_and_retrievals_on_other_threads_take_the_turn_of_who_waits_for_them() throws Exception {
        Turns turns = Turns.noting();
        try (FmRun run = open(turns);
                FmRun.Scope agent = run.agent("desk")) {
            for (BoundaryKind kind : List.of(BoundaryKind.TOOL, BoundaryKind.RETRIEVAL)) {
                CompletableFuture<Void> one = start(() -> ask(kind, "one"));
                CompletableFuture<Void> two = start(() -> ask(kind, "two"));
                one.get(10, TimeUnit.SECONDS); // nobody moves the clock
                two.get(10, TimeUnit.SECONDS);
                ask(BoundaryKind.CLOCK, "now");
                assertThat(here().hasTurn()).isTrue();
            }
            agent.output("done");
        }
        assertThat(turns.taken()).hasSize(12);
        assertThat(turns.unordered()).isEmpty();
        assertThat(turns.stalls()).isEmpty();
    }

    @Test
    void a_thread_that_waits_for_agents_that_have_not_begun_is_in_the_order() throws Exception {
        Turns turns = Turns.noting();
        CompletableFuture<Integer> branches = new CompletableFuture<>();
        CountDownLatch forked = new CountDownLatch(1);
        try (FmRun run = open(turns)) {
            CompletableFuture<Void> planner = start(() -> {
                try (FmRun.Scope agent = run.agent("planner")) {
                    FmRun.cross(BoundaryKind.FORK, "all", List::of);
                    forked.countDown();
                    agent.output(branches.join());
                }
            });
            assertThat(forked.await(10, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<Void> other = start(() -> ask(BoundaryKind.CLOCK, "now"));
            advanceWhile(() -> !other.isDone());
            branches.complete(17);
            planner.get(10, TimeUnit.SECONDS);
        }
        assertThat(turns.taken()).contains("close job/clock:now#1");
        assertThat(turns.unordered()).isEmpty();
    }

    @Test
    void a_moderation_waits_for_the_agent_until_that_waits_for_it() throws Exception {
        Turns turns = Turns.noting();
        try (FmRun run = open(turns);
                FmRun.Scope agent = run.agent("desk")) {
            CompletableFuture<Void> moderated = start(() -> ask(BoundaryKind.MODERATION, "mine"));
            clock.awaitTimers(1);
            assertThat(moderated).isNotDone();
            Thread mover = new Thread(() -> {
                advanceWhile(() -> !moderated.isDone());
            });
            mover.start();
            moderated.get(10, TimeUnit.SECONDS);
            mover.join();
            agent.output("done");
        }
        assertThat(turns.unordered()).isEmpty();
    }

    @Test
    void who_still_waits_when_the_run_ends_goes_on() throws Exception {
        Turns turns = Turns.enforcing(List.of("open job/tool:other#1"));
        CompletableFuture<Void> late;
        try (FmRun run = open(turns)) {
            late = start(() -> ask(BoundaryKind.TOOL, "look"));
            clock.awaitTimers(1);
            assertThat(run.dropped()).isZero();
        }
        late.get(10, TimeUnit.SECONDS);
        assertThat(turns.taken()).isEmpty();
        assertThat(turns.stalls()).isEmpty();
    }

    @Test
    void an_interrupt_does_not_change_the_order_and_is_kept() throws Exception {
        Turns turns = Turns.enforcing(List.of("close job/clock:now#1", "close job/id:claim#1"));
        AtomicReference<Boolean> interrupted = new AtomicReference<>();
        AtomicReference<Thread> waiting = new AtomicReference<>();
        try (FmRun run = open(turns)) {
            CompletableFuture<Void> other = start(() -> {
                waiting.set(Thread.currentThread());
                ask(BoundaryKind.ID, "claim");
                interrupted.set(Thread.interrupted());
            });
            clock.awaitTimers(1);
            Thread thread = waiting.get();
            assertThat(thread).isNotNull();
            thread.interrupt();
            clock.awaitTimers(1);
            ask(BoundaryKind.CLOCK, "now");
            other.get(10, TimeUnit.SECONDS);
            assertThat(run.dropped()).isZero();
        }
        assertThat(interrupted).hasValue(true);
        assertThat(turns.taken()).containsExactly("close job/clock:now#1", "close job/id:claim#1");
        assertThat(turns.stalls()).isEmpty();
    }

    @Test
    void a_thread_that_seems_to_be_at_work_for_twenty_times_the_patience_loses_its_turn_and_that_is_told()
            throws Exception {
        Turns turns = Turns.noting();
        CountDownLatch busy = new CountDownLatch(1);
        AtomicBoolean enough = new AtomicBoolean();
        try (FmRun run = open(turns)) {
            CompletableFuture<Void> holding = start(() -> {
                try (FmRun.Scope agent = run.agent("busy")) {
                    busy.countDown();
                    while (!enough.get()) {
                        Thread.onSpinWait();
                    }
                    agent.output("done");
                }
            });
            assertThat(busy.await(10, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<Void> asking = start(() -> ask(BoundaryKind.CLOCK, "now"));
            clock.awaitTimers(1);
            clock.advance(Duration.ofMillis(19_980));
            clock.awaitTimers(1);
            assertThat(asking).isNotDone();
            clock.advance(Duration.ofMillis(20));
            asking.get(10, TimeUnit.SECONDS);
            enough.set(true);
            holding.get(10, TimeUnit.SECONDS);
        }
        assertThat(turns.unordered()).containsExactly("job/busy#1");
        assertThat(turns.told()).contains("turn job/busy#1");
        assertThat(turns.stalls()).isEmpty();
    }

    @Test
    void a_patience_that_is_none_is_passed_over_and_one_without_end_is_a_long_one() {
        Turns none = Turns.enforcing(List.of()).patience(Duration.ZERO);
        Turns endless = Turns.noting().patience(ChronoUnit.FOREVER.getDuration());
        try (FmRun run = open(none)) {
            assertThat(run.dropped()).isOne();
        }
        try (FmRun run = open(endless)) {
            assertThat(ask(BoundaryKind.CLOCK, "now")).isEqualTo(17);
            assertThat(run.dropped()).isZero();
        }
    }

    @Test
    void who_makes_an_event_may_ask_the_time_while_another_thread_has_its_turn() throws Exception {
        Turns turns = Turns.noting();
        try (FmRun run = open(turns);
                FmRun.Scope agent = run.agent("desk")) {
            start(() -> FmRun.note(at -> new FmEvent.Thought(at, "it is " + ask(BoundaryKind.CLOCK, "now"))))
                    .get(10, TimeUnit.SECONDS);
            agent.output("done");
            assertThat(run.dropped()).isZero();
        }
        assertThat(turns.taken()).containsExactly("open job/desk#1", "close job/desk#1");
    }

    @Test
    void a_run_inside_of_another_one_has_an_order_of_its_own() {
        Turns turns = Turns.noting();
        try (FmRun outer = open(turns);
                FmRun.Scope agent = outer.agent("desk")) {
            try (FmRun inner = FmRun.builder("inner").open()) {
                ask(BoundaryKind.CLOCK, "now");
                assertThat(here().run()).isSameAs(inner);
                assertThat(here().hasTurn()).isFalse();
            }
            assertThat(here().hasTurn()).isTrue();
            agent.output("done");
        }
        assertThat(turns.taken()).containsExactly("open job/desk#1", "close inner/clock:now#1", "close job/desk#1");
    }
}
