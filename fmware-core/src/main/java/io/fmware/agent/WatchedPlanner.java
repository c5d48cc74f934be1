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
import io.fmware.AgentPlan;
import io.fmware.BoundaryKind;
import io.fmware.FmRun;
import io.fmware.RunScope;
import io.fmware.RunTurn;
import io.fmware.event.FmEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The planner of one call of a workflow in a run. Agents get their places here, in the order in which they are planned: later, on
 * their threads, the run could not be found and the order would be that of chance.
 */
final class WatchedPlanner implements Planner, ChatMemoryAccessProvider {
    /** langchain4j's own that call agents as they stand. One that the application made of them may do anything. */
    private static final Set<Class<?>> OF_ONE_ORDER =
            Set.of(SequentialPlanner.class, ParallelPlanner.class, ParallelMapperPlanner.class, LoopPlanner.class);

    private final Planner delegate;
    private @Nullable RunScope here;
    private Thread loop = Thread.currentThread();
    private volatile boolean forked;
    private String name = "planner";
    private List<AgentInstance> agents = List.of();

    /**
     * What the planner did when it was asked.
     *
     * @param action its action, {@code null} where it says nothing because others are at work
     */
    private record Real(@Nullable Action action) {}

    private WatchedPlanner(Planner delegate) {
        this.delegate = delegate;
    }

    /** Makes planners that are watched where there is a run when they are made, and plain ones elsewhere. */
    static @Nullable Supplier<Planner> around(@Nullable Supplier<Planner> planners) {
        return planners == null
                ? null
                : () -> {
                    Planner planner = planners.get();
                    return FmRun.currentScope() == null ? planner : new WatchedPlanner(planner);
                };
    }

    /** Finds its run now: one that was made while an agent was built may serve other runs, or none. */
    @Override
    public void init(InitPlanningContext context) {
        here = FmRun.currentScope();
        loop = Thread.currentThread();
        name = context.plannerAgent().name();
        agents = context.subagents();
        delegate.init(context);
    }

    @Override
    public @Nullable Action firstAction(PlanningContext context) {
        return next(true, () -> delegate.firstAction(context));
    }

    /** Called on the thread of the agent that has ended, which may be that of a branch. */
    @Override
    public @Nullable Action nextAction(PlanningContext context) {
        RunScope place = here;
        if (place == null || Thread.currentThread() == loop) {
            return next(false, () -> delegate.nextAction(context));
        }
        forked = true;
        if (!place.hasTurn()) {
            place.takeTurn(RunTurn.NEXT); // after an error, of which an agent has recovered
        }
        try {
            return next(false, () -> delegate.nextAction(context));
        } finally {
            place.endTurn(); // the last that langchain4j does for a branch
        }
    }

    private @Nullable Action next(boolean first, Supplier<@Nullable Action> planned) {
        RunScope place = here;
        if (place == null) {
            return planned.get();
        }
        Action action = placed(place, decides(first) ? decided(place, planned) : place.call(planned));
        return forked && place.isOrdered() ? JoinedAction.of(action, place, loop) : action;
    }

    /** What the planner decides, or what is decided in its place. */
    private @Nullable Action decided(RunScope place, Supplier<@Nullable Action> planned) {
        List<String> options = agents.stream().map(AgentInstance::name).toList();
        AtomicReference<@Nullable Real> asked = new AtomicReference<>();
        Object given = place.reserve(BoundaryKind.PLAN, name)
                .<List<String>, @Nullable Object>cross(BoundaryKind.PLAN, name, options, known -> {
                    Action action = planned.get();
                    asked.set(new Real(action));
                    return planOf(action);
                });
        if (!(given instanceof AgentPlan plan)) {
            throw new IllegalStateException("the plan of " + name + " was replaced by "
                    + (given == null ? "null" : "a " + given.getClass().getName())
                    + ", where an io.fmware.AgentPlan is wanted");
        }
        if (!plan.isWaiting()) {
            String choice = plan.done() ? "done" : String.join(", ", plan.agents());
            place.note(at -> new FmEvent.Decided(at, "which agent is next in " + name, options, choice, null));
        }
        Real real = asked.get();
        return real != null && plan.equals(planOf(real.action())) ? real.action() : actionOf(plan);
    }

    private static AgentPlan planOf(@Nullable Action action) {
        if (action == null) {
            return AgentPlan.waiting();
        }
        return action.isDone()
                ? new AgentPlan(List.of(), true, action.result())
                : new AgentPlan(next(action).stream().map(AgentExecutor::name).toList(), false, null);
    }

    private static List<AgentExecutor> next(@Nullable Action action) {
        return action instanceof Action.AgentCallAction call ? call.agentsToCall() : List.of();
    }

    private Action actionOf(AgentPlan plan) {
        if (plan.isWaiting()) {
            return delegate.noOp();
        }
        if (plan.done()) {
            return plan.result() == null ? delegate.done() : delegate.done(plan.result());
        }
        List<AgentInstance> called = new ArrayList<>();
        Map<String, Integer> times = new HashMap<>();
        for (String each : plan.agents()) {
            called.add(agentNamed(each, times.merge(each, 1, Integer::sum)));
        }
        return delegate.call(called);
    }

    /** The agent that is the one of its name by a number, from 1; the last one where there are fewer, which is called again. */
    private AgentInstance agentNamed(String agent, int number) {
        List<AgentInstance> namesakes =
                agents.stream().filter(each -> each.name().equals(agent)).toList();
        if (namesakes.isEmpty()) {
            throw new IllegalStateException("the plan of " + name + " was replaced by one that calls " + agent
                    + ", which is none of its agents "
                    + agents.stream().map(AgentInstance::name).toList());
        }
        return namesakes.get(Math.min(number, namesakes.size()) - 1);
    }

    private @Nullable Action placed(RunScope place, @Nullable Action action) {
        List<AgentExecutor> next = next(action);
        if (next.isEmpty()) {
            return action;
        }
        Fork fork = next.size() == 1
                ? null
                : new Fork(place, name, next.stream().map(AgentExecutor::name).toList());
        forked |= fork != null;
        List<AgentExecutor> placed = new ArrayList<>(next.size());
        for (AgentExecutor each : next) {
            placed.add(new AgentExecutor(new PlacedInvoker(each.agentInvoker(), place, loop, fork), each.agent()));
        }
        return new Action.AgentCallAction(placed);
    }

    /** Whether there is more to it than the order in which the agents stand. Conditions are tested once, at the beginning. */
    private boolean decides(boolean first) {
        return delegate.getClass() == ConditionalPlanner.class ? first : !OF_ONE_ORDER.contains(delegate.getClass());
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
