package io.fmware.benchmarks;

import dev.langchain4j.agentic.workflow.impl.WorkflowAgentsBuilderImpl;
import io.fmware.agent.Agents;
import java.util.List;
import java.util.Set;

/** Whether what happens in a run is noted where it happens. */
final class RunFigures implements FigureGroup {
    private static final String CONTEXT = "run.context";
    private static final String PLAIN = "run.context.base.plain";
    private static final int RUNS = 10_000;
    private static final int RUNS_OF_BASE = 300;

    @Override
    public List<String> names() {
        return List.of(CONTEXT, PLAIN);
    }

    @Override
    public void measure(Set<String> wanted, Output output) throws InterruptedException {
        long seed = Long.getLong("fmware.seed", 1);
        if (wanted.contains(CONTEXT)) {
            output.print(RunContext.of(seed, RUNS, Agents.workflows(), output).figure(CONTEXT));
        }
        if (wanted.contains(
                PLAIN)) { // shows that the count counts: without the line most events have no agent in their path
            output.print(RunContext.of(seed, RUNS_OF_BASE, WorkflowAgentsBuilderImpl.INSTANCE, output)
                    .figure(PLAIN));
        }
    }
}
