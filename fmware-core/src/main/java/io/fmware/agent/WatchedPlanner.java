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
import io.fmware.BoundaryKind;
import io.fmware.FmRun;
import io.fmware.RunScope;
import io.fmware.event.FmEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
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
    private List<AgentInstance> agents = List.of();

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
        agents = context.subagents();
        delegate.init(context);
    }

    @Override
    public Action firstAction(PlanningContext context) {
        return decides(true)
                ? placed(decided(() -> delegate.firstAction(context)))
                : placed(here.call(() -> delegate.firstAction(context)));
    }

    /** Called on the thread of the agent that has ended, which may be that of a branch. */
    @Override
    public Action nextAction(PlanningContext context) {
        return decides(false)
                ? placed(decided(() -> delegate.nextAction(context)))
                : placed(here.call(() -> delegate.nextAction(context)));
    }

    /** What the planner decides, or what is decided in its place. */
    private Action decided(Supplier<Action> planned) {
        List<String> options = agents.stream().map(AgentInstance::name).toList();
        AtomicReference<@Nullable Action> real = new AtomicReference<>();
        @Nullable
        List<String> names = here.reserve(BoundaryKind.PLAN, name)
                .<List<String>, @Nullable List<String>>cross(BoundaryKind.PLAN, name, options, known -> {
                    Action action = planned.get();
                    real.set(action);
                    return namesIn(action);
                });
        if (names != null) {
            String choice = names.isEmpty() ? "done" : String.join(", ", names);
            here.note(at -> new FmEvent.Decided(at, "which agent is next in " + name, options, choice, null));
        }
        Action action = real.get();
        return action != null && Objects.equals(names, namesIn(action)) ? action : actionOf(names);
    }

    /** The agents that are next; empty where it is done, {@code null} where others have to end first. */
    private static @Nullable List<String> namesIn(Action action) {
        if (action.isDone()) {
            return List.of();
        }
        List<AgentExecutor> next = next(action);
        return next.isEmpty() ? null : next.stream().map(AgentExecutor::name).toList();
    }

    private static List<AgentExecutor> next(Action action) {
        return action instanceof Action.AgentCallAction call ? call.agentsToCall() : List.of();
    }

    private Action actionOf(@Nullable List<String> names) {
        if (names == null) {
            return delegate.noOp();
        }
        return names.isEmpty()
                ? delegate.done()
                : delegate.call(names.stream().map(this::agentNamed).toList());
    }

    private AgentInstance agentNamed(String agent) {
        return agents.stream()
                .filter(each -> each.name().equals(agent))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the plan of " + name + " was replaced by one that calls "
                        + agent + ", which is none of its agents "
                        + agents.stream().map(AgentInstance::name).toList()));
    }

    private Action placed(Action action) {
        List<AgentExecutor> next = next(action);
        if (next.isEmpty()) {
            return action;
        }
        Fork fork = next.size() == 1
                ? null
                : new Fork(here, name, next.stream().map(AgentExecutor::name).toList());
        List<AgentExecutor> placed = new ArrayList<>(next.size());
        for (AgentExecutor each : next) {
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
