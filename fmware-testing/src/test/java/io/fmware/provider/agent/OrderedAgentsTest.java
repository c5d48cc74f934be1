package io.fmware.provider.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agentic.AgenticServices;
import dev.langchain4j.agentic.workflow.impl.WorkflowAgentsBuilderImpl;
import io.fmware.FmPipeline;
import io.fmware.FmRun;
import io.fmware.agent.Agents;
import io.fmware.provider.Turns;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real agents in runs whose threads go on in an order. */
@Timeout(120)
class OrderedAgentsTest {
    private final FmPipeline pipeline = FmPipeline.builder().build();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @BeforeEach
    void watchWorkflows() {
        AgenticServices.setWorkflowAgentsBuilder(Agents.workflows());
    }

    @AfterEach
    void close() {
        AgenticServices.setWorkflowAgentsBuilder(WorkflowAgentsBuilderImpl.INSTANCE);
        pipeline.close();
        threads.shutdownNow();
    }

    private RandomAgents run(long seed, boolean async, Turns turns) {
        RandomAgents agents = new RandomAgents(pipeline, threads, seed, async);
        try (FmRun run = FmRun.builder("job").watch(turns).open()) {
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

    @Test
    void runs_with_asynchronous_agents_come_to_their_end_too() {
        for (int seed = 0; seed < 100; seed++) {
            Turns turns = Turns.noting();
            run(seed, true, turns);

            assertThat(turns.stalls()).as("seed " + seed).isEmpty();
        }
    }
}
