package io.fmware.agent;

import dev.langchain4j.agentic.internal.AgentExecutor;
import dev.langchain4j.agentic.planner.Action;
import dev.langchain4j.agentic.planner.AgentInstance;
import dev.langchain4j.agentic.planner.AgenticSystemTopology;
import dev.langchain4j.agentic.planner.ChatMemoryAccessProvider;
import dev.langchain4j.agentic.planner.InitPlanningContext;
import dev.langchain4j.agentic.planner.Planner;
import dev.langchain4j.agentic.planner.PlanningContext;
import dev.langchain4j.agentic.scope.AgenticScope;
import dev.langchain4j.agentic.workflow.impl.ConditionalPlanner;
import dev.langchain4j.agentic.workflow.impl.LoopPlanner;
import dev.langchain4j.agentic.workflow.impl.ParallelMapperPlanner;
import dev.langchain4j.agentic.workflow.impl.ParallelPlanner;
import dev.langchain4j.agentic.workflow.impl.SequentialPlanner;
import dev.langchain4j.service.memory.ChatMemoryAccess;
import io.fmware.FmRun;
import io.fmware.RunScope;
import io.fmware.event.FmEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The planner of one call of a workflow in a run. Agents get their places here, in the order in which they are planned: later, on
 * their threads, the run could not be found and the order would be that of chance.
 */
final class WatchedPlanner implements Planner, ChatMemoryAccessProvider {
    private final Planner delegate;
    private final RunScope here;
    private String name = "planner";
    private List<String> options = List.of();

    private WatchedPlanner(Planner delegate, RunScope here) {
        this.delegate = delegate;
        this.here = here;
    }

    /** Makes planners that are watched where there is a run when they are made, and plain ones elsewhere. */
    static @Nullable Supplier<Planner> around(@Nullable Supplier<Planner> planners) {
        return planners == null
                ? null
                : () -> {
                    Planner planner = planners.get();
                    RunScope here = FmRun.currentScope();
                    if (here == null) {
                        return planner;
                    }
                    return new WatchedPlanner(planner, here);
                };
    }

    @Override
    public void init(InitPlanningContext context) {
        name = context.plannerAgent().name();
        options = context.subagents().stream().map(AgentInstance::name).toList();
        delegate.init(context);
    }

    @Override
    public Action firstAction(PlanningContext context) {
        return placed(here.call(() -> delegate.firstAction(context)), true);
    }

    /** Called on the thread of the agent that has ended, which may be that of a branch. */
    @Override
    public Action nextAction(PlanningContext context) {
        return placed(here.call(() -> delegate.nextAction(context)), false);
    }

    private Action placed(Action action, boolean first) {
        List<AgentExecutor> agents = action instanceof Action.AgentCallAction call ? call.agentsToCall() : List.of();
        List<String> names = agents.stream().map(AgentExecutor::name).toList();
        if (decides(first) && (action.isDone() || !agents.isEmpty())) {
            String choice = action.isDone() ? "done" : String.join(", ", names);
            here.note(at -> new FmEvent.Decided(at, "which agent is next in " + name, options, choice, null));
        }
        if (agents.isEmpty()) {
            return action;
        }
        Fork fork = agents.size() == 1 ? null : new Fork(here, name, names);
        List<AgentExecutor> placed = new ArrayList<>(agents.size());
        for (AgentExecutor each : agents) {
            placed.add(new AgentExecutor(new PlacedInvoker(each.agentInvoker(), here, fork), each.agent()));
        }
        return new Action.AgentCallAction(placed);
    }

    /** Whether there is more to it than the order in which the agents stand. Conditions are tested once, at the beginning. */
    private boolean decides(boolean first) {
        return delegate instanceof ConditionalPlanner
                ? first
                : !(delegate instanceof SequentialPlanner
                        || delegate instanceof ParallelPlanner
                        || delegate instanceof ParallelMapperPlanner
                        || delegate instanceof LoopPlanner);
    }

    @Override
    public Map<String, Object> executionState() {
        return delegate.executionState();
    }

    @Override
    public void restoreExecutionState(Map<String, Object> state) {
        delegate.restoreExecutionState(state);
    }

    @Override
    public AgenticSystemTopology topology() {
        return delegate.topology();
    }

    @Override
    public boolean terminated() {
        return delegate.terminated();
    }

    @Override
    public <T extends AgentInstance> T as(Class<T> type, AgentInstance agent) {
        return delegate.as(type, agent);
    }

    @Override
    public ChatMemoryAccess chatMemoryAccess(AgenticScope scope) {
        return ((ChatMemoryAccessProvider) delegate).chatMemoryAccess(scope);
    }
}
