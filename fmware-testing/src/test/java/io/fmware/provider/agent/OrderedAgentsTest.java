package io.fmware.provider.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agentic.AgenticServices;
import dev.langchain4j.agentic.UntypedAgent;
import dev.langchain4j.agentic.agent.ErrorRecoveryResult;
import dev.langchain4j.agentic.agent.MissingArgumentException;
import dev.langchain4j.agentic.workflow.impl.WorkflowAgentsBuilderImpl;
import dev.langchain4j.model.chat.ChatModel;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.TimeSource;
import io.fmware.agent.Agents;
import io.fmware.event.FmEvent;
import io.fmware.provider.Told;
import io.fmware.provider.Turns;
import io.fmware.testing.ManualClock;
import io.fmware.testing.Reply;
import io.fmware.testing.Script;
import io.fmware.testing.ScriptedChatModel;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real agents in runs whose threads go on in an order. */
@Timeout(120)
class OrderedAgentsTest {
    private final FmPipeline pipeline = FmPipeline.builder().build();
    private final FmPipeline hurried = FmPipeline.builder().time(new Hurried()).build();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /** Time that goes by a hundred times as fast. */
    private static final class Hurried implements TimeSource {
        private static final int TIMES = 100;
        private final long began = System.nanoTime();

        @Override
        public long nanoTime() {
            return (System.nanoTime() - began) * TIMES;
        }

        @Override
        public Instant instant() {
            return Instant.now();
        }

        @Override
        @SuppressWarnings("WaitNotInLoop") // callers loop
        public void await(Condition condition, Lock lock, long untilNanos) throws InterruptedException {
            if (untilNanos == Long.MAX_VALUE) {
                condition.await();
            } else {
                condition.awaitNanos((untilNanos - nanoTime()) / TIMES);
            }
        }
    }

    @BeforeEach
    void watchWorkflows() {
        AgenticServices.setWorkflowAgentsBuilder(Agents.workflows());
    }

    @AfterEach
    void close() {
        AgenticServices.setWorkflowAgentsBuilder(WorkflowAgentsBuilderImpl.INSTANCE);
        pipeline.close();
        hurried.close();
        threads.shutdownNow();
    }

    private RandomAgents run(long seed, boolean async, Turns turns) {
        RandomAgents agents = new RandomAgents(pipeline, threads, seed, async);
        try (FmRun run = (async ? hurried : pipeline).run("job").watch(turns).open()) {
            agents.root().invoke(Map.of());
            assertThat(run.dropped()).isZero();
        }
        return agents;
    }

    @Test
    void work_between_boundaries_is_done_by_one_thread_of_a_run_at_a_time_whatever_its_agents_are() {
        for (int seed = 0; seed < 300; seed++) {
            Turns turns = Turns.noting();
            RandomAgents agents = run(seed, false, turns);

            assertThat(agents.most()).as("seed " + seed).isLessThanOrEqualTo(1);
            assertThat(turns.stalls()).as("seed " + seed).isEmpty();
            assertThat(turns.unordered()).as("seed " + seed).isEmpty();
        }
    }

    @Test
    void the_order_of_a_run_can_be_enforced_and_gives_the_same_events() {
        for (int seed = 0; seed < 100; seed++) {
            Turns noted = Turns.noting();
            run(seed, false, noted);
            Turns enforced = Turns.enforcing(noted.taken());
            run(seed, false, enforced);

            assertThat(enforced.stalls()).as("seed " + seed).isEmpty();
            assertThat(enforced.taken()).as("seed " + seed).isEqualTo(noted.taken());
            assertThat(enforced.told()).as("seed " + seed).isEqualTo(noted.told());
        }
    }

    private static Object worker(String name, ChatModel model) {
        return AgenticServices.agentBuilder(RandomAgents.Worker.class)
                .name(name)
                .outputKey(name)
                .defaultKeyValue("last", "nothing")
                .chatModel(model)
                .build();
    }

    private ChatModel model(Reply... replies) {
        return pipeline.wrap(ScriptedChatModel.of(replies));
    }

    /** Runs an agent twice, the second time in the order of the first one. */
    private Turns twice(Supplier<UntypedAgent> agent) {
        Turns noted = Turns.noting();
        run(agent.get(), noted);
        for (int i = 0; i < 20; i++) {
            Turns enforced = Turns.enforcing(noted.taken());
            run(agent.get(), enforced);
            assertThat(enforced.stalls()).isEmpty();
            assertThat(enforced.told()).isEqualTo(noted.told());
            assertThat(enforced.unordered()).isEmpty();
        }
        assertThat(noted.stalls()).isEmpty();
        assertThat(noted.unordered()).isEmpty();
        return noted;
    }

    private static @Nullable Object run(UntypedAgent agent, Turns turns) {
        try (FmRun run = FmRun.builder("job").watch(turns).open()) {
            Object result = agent.invoke(Map.of());
            assertThat(FmRun.currentScope()).isNotNull();
            assertThat(FmRun.currentScope().hasTurn()).as("a turn is left").isFalse();
            assertThat(run.dropped()).isZero();
            return result;
        }
    }

    @Test
    void agents_that_are_called_at_once_begin_and_join() {
        Turns turns = twice(() -> AgenticServices.parallelBuilder()
                .name("all")
                .subAgents(worker("one", model(Reply.text("1"))), worker("two", model(Reply.text("2"))))
                .executor(threads)
                .output(scope -> scope.readState("one", "") + scope.readState("two", ""))
                .build());

        assertThat(turns.taken())
                .startsWith("open job/all#1", "close job/all#1/fork:all#1")
                .contains("begin job/all#1/one#1", "open job/all#1/one#1", "begin job/all#1/two#1")
                .endsWith("join job/all#1", "close job/all#1");
        assertThat(turns.told()).contains("turn job/all#1/one#1", "turn job/all#1/two#1", "turn job/all#1");
    }

    @Test
    void an_agent_that_fails_at_once_with_others_and_is_asked_again_leaves_no_turn_behind() {
        Turns turns = twice(() -> AgenticServices.parallelBuilder()
                .name("all")
                .subAgents(
                        worker("one", model(Reply.error(new IllegalStateException("down")), Reply.text("1"))),
                        worker("two", model(Reply.text("2"))))
                .executor(threads)
                .errorHandler(context -> ErrorRecoveryResult.retry())
                .build());

        assertThat(turns.taken())
                .contains("begin job/all#1/one#1", "close job/all#1/one#1", "begin job/all#1/one#2")
                .endsWith("join job/all#1", "close job/all#1");
    }

    @Test
    void an_agent_that_fails_at_once_with_others_and_has_a_result_all_the_same_leaves_no_turn_behind() {
        Turns turns = twice(() -> AgenticServices.parallelBuilder()
                .name("all")
                .subAgents(
                        worker("one", model(Reply.error(new IllegalStateException("down")))),
                        worker("two", model(Reply.text("2"))))
                .executor(threads)
                .errorHandler(context -> ErrorRecoveryResult.result("0"))
                .build());

        assertThat(turns.taken()).contains("close job/all#1/one#1").endsWith("join job/all#1", "close job/all#1");
    }

    @Test
    void an_agent_that_fails_at_once_with_others_leaves_no_turn_behind() {
        Turns turns = Turns.noting();
        UntypedAgent all = AgenticServices.parallelBuilder()
                .name("all")
                .subAgents(
                        worker("one", model(Reply.error(new IllegalStateException("down")))),
                        worker("two", model(Reply.text("2"))))
                .executor(threads)
                .build();
        try (FmRun run = FmRun.builder("job").watch(turns).open()) {
            assertThatThrownBy(() -> all.invoke(Map.of())).rootCause().hasMessage("down");
            assertThat(FmRun.currentScope()).isNotNull();
            assertThat(FmRun.currentScope().hasTurn()).isFalse();
            assertThat(run.dropped()).isZero();
        }
        assertThat(turns.taken()).endsWith("close job/all#1");
        assertThat(turns.unordered()).isEmpty();
    }

    @Test
    void arguments_that_are_missing_leave_no_turn_behind_whether_the_agent_is_optional_or_not() {
        for (boolean optional : List.of(true, false)) {
            Turns turns = Turns.noting();
            UntypedAgent all = AgenticServices.parallelBuilder()
                    .name("all")
                    .subAgents(
                            AgenticServices.agentBuilder(RandomAgents.Worker.class)
                                    .name("one")
                                    .outputKey("one")
                                    .optional(optional)
                                    .chatModel(model(Reply.text("1")))
                                    .build(),
                            worker("two", model(Reply.text("2"))))
                    .executor(threads)
                    .output(scope -> scope.readState("two", ""))
                    .build();
            if (optional) {
                assertThat(run(all, turns)).isEqualTo("2");
                assertThat(turns.taken()).endsWith("join job/all#1", "close job/all#1");
            } else {
                assertThatThrownBy(() -> run(all, turns)).rootCause().isInstanceOf(MissingArgumentException.class);
                assertThat(turns.taken()).endsWith("close job/all#1");
            }
            assertThat(turns.taken()).contains("begin job/all#1/one#1").doesNotContain("open job/all#1/one#1");
            assertThat(turns.unordered()).isEmpty();
        }
    }

    @Test
    void agents_that_are_called_at_once_on_one_thread_wait_for_nobody() {
        Turns turns = twice(() -> AgenticServices.parallelBuilder()
                .name("all")
                .subAgents(worker("one", model(Reply.text("1"))), worker("two", model(Reply.text("2"))))
                .executor(Runnable::run)
                .build());

        assertThat(turns.taken()).contains("begin job/all#1/two#1").doesNotContain("join job/all#1");
    }

    private Object team(String name, Object... agents) {
        return AgenticServices.parallelBuilder(RandomAgents.Team.class)
                .name(name)
                .subAgents(agents)
                .executor(threads)
                .build();
    }

    private Object again(String name, Object... agents) {
        return AgenticServices.loopBuilder(RandomAgents.Team.class)
                .name(name)
                .maxIterations(3)
                .subAgents(agents)
                .build();
    }

    @Test
    void loops_in_parallel_agents_in_parallel_agents_go_on_in_their_order() {
        ChatModel model = pipeline.wrap(ScriptedChatModel.of(Script.always(Reply.text("words"))));
        Turns turns = twice(() -> AgenticServices.parallelBuilder()
                .name("all")
                .subAgents(
                        team("left", again("a", worker("one", model)), again("b", worker("two", model))),
                        team("right", again("c", team("d", worker("three", model), worker("four", model)))))
                .executor(threads)
                .build());

        assertThat(turns.taken()).contains("join job/all#1/right#1/c#1/d#3", "join job/all#1/left#1");
    }

    @Test
    void who_reads_the_result_of_an_asynchronous_agent_goes_on_when_that_has_ended() {
        ManualClock clock = ManualClock.create();
        Turns turns = Turns.noting().patience(Duration.ofDays(1)); // of a clock that hurries
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answers = new CountDownLatch(1);
        ChatModel slow = pipeline.wrap(ScriptedChatModel.of(Script.answering(request -> {
            asked.countDown();
            await(answers);
            return Reply.text("late");
        })));
        try (FmPipeline timed = FmPipeline.builder().time(clock).build()) {
            UntypedAgent desk = AgenticServices.sequenceBuilder()
                    .name("desk")
                    .subAgents(
                            AgenticServices.agentBuilder(RandomAgents.Worker.class)
                                    .name("late")
                                    .outputKey("late")
                                    .async(true)
                                    .defaultKeyValue("last", "nothing")
                                    .chatModel(slow)
                                    .build(),
                            worker("one", pipeline.wrap(ScriptedChatModel.of(Script.answering(request -> {
                                await(asked); // the other one has its turn while a model is asked
                                return Reply.text("1");
                            })))))
                    .output(scope -> {
                        answers.countDown();
                        return scope.readState("late", "");
                    })
                    .build();
            AtomicBoolean done = new AtomicBoolean();
            Thread mover = new Thread(() -> {
                while (!done.get()) {
                    clock.advance(Duration.ofMillis(10));
                }
            });
            mover.start();
            try (FmRun run = timed.run("job").watch(turns).open()) {
                assertThat(desk.invoke(Map.of())).isEqualTo("late");
                assertThat(run.dropped()).isZero();
            } finally {
                done.set(true);
            }
        }
        assertThat(turns.unordered()).isEmpty();
        assertThat(turns.stalls()).isEmpty();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    @Test
    void a_run_without_an_order_tells_no_turns() {
        Told told = new Told();
        UntypedAgent all = AgenticServices.parallelBuilder()
                .name("all")
                .subAgents(worker("one", model(Reply.text("1"))), worker("two", model(Reply.text("2"))))
                .executor(threads)
                .build();
        try (FmRun run = FmRun.builder("job").watch(told).open()) {
            all.invoke(Map.of());
            assertThat(run.dropped()).isZero();
        }
        assertThat(told.events(FmEvent.TurnTaken.class)).isEmpty();
    }

    @Test
    void runs_with_asynchronous_agents_and_streams_come_to_their_end_too() {
        for (int seed = 0; seed < 300; seed++) {
            Turns turns = Turns.noting();
            run(seed, true, turns);

            assertThat(turns.stalls()).as("seed " + seed).isEmpty();
        }
    }
}
