package io.fmware.agent;

import dev.langchain4j.agentic.AgenticServices;
import dev.langchain4j.agentic.UntypedAgent;
import dev.langchain4j.agentic.planner.PlannerBasedService;
import dev.langchain4j.agentic.supervisor.SupervisorAgent;
import dev.langchain4j.agentic.supervisor.SupervisorAgentService;
import dev.langchain4j.agentic.workflow.WorkflowAgentsBuilder;
import io.fmware.BoundaryKind;

/**
 * Makes langchain4j's agents boundaries: each gets its place in the run, an interceptor may replace its result, and the calls,
 * tools and memories in it have its path, also in parallel, asynchronous and streaming agents.
 *
 * <pre>{@code
 * AgenticServices.setWorkflowAgentsBuilder(Agents.workflows());   // once, before agents are built
 * }</pre>
 *
 * <p>After that sequences, loops, conditions, parallel agents and mappers, declarative ones too, are seen with all agents in them:
 * those that ask a model, plain objects, humans. Supervisors and planners have builders of their own here. Agents that were
 * built otherwise are boundaries where they stand in one of these, but what is in them is not told apart.
 *
 * <p>Outside of a run agents are as langchain4j makes them. The result of an agent is replaced as a whole: what it would have
 * written to the {@code AgenticScope} by itself is then not written. Thread-safe.
 */
public final class Agents {

    private Agents() {}

    /**
     * Makes the builders of workflows: for {@link AgenticServices#setWorkflowAgentsBuilder}, once in a JVM. An agent is a
     * {@link BoundaryKind#AGENT}; where several are called at once there are a {@link BoundaryKind#FORK} and a
     * {@link BoundaryKind#JOIN} too.
     *
     * @return makes the builders
     */
    public static WorkflowAgentsBuilder workflows() {
        return WatchedWorkflows.INSTANCE;
    }

    /**
     * Starts a supervisor, in the place of {@link AgenticServices#supervisorBuilder()}. What it decides is told as an event.
     *
     * @return langchain4j's builder
     */
    public static SupervisorAgentService<SupervisorAgent> supervisorBuilder() {
        return supervisorBuilder(SupervisorAgent.class);
    }

    /**
     * Starts a supervisor with an interface of the application's own, in the place of
     * {@link AgenticServices#supervisorBuilder(Class)}.
     *
     * @param <T> the type of the agent
     * @param agent the interface of the agent
     * @return langchain4j's builder
     */
    public static <T> SupervisorAgentService<T> supervisorBuilder(Class<T> agent) {
        return new WatchedWorkflows.Supervisor<>(agent);
    }

    /**
     * Starts an agent with a planner of the application's own, in the place of {@link AgenticServices#plannerBuilder()}. What
     * it decides is told as an event.
     *
     * @return langchain4j's builder
     */
    public static PlannerBasedService<UntypedAgent> plannerBuilder() {
        return plannerBuilder(UntypedAgent.class);
    }

    /**
     * Starts an agent with a planner and an interface of the application's own, in the place of
     * {@link AgenticServices#plannerBuilder(Class)}.
     *
     * @param <T> the type of the agent
     * @param agent the interface of the agent
     * @return langchain4j's builder
     */
    public static <T> PlannerBasedService<T> plannerBuilder(Class<T> agent) {
        return new WatchedWorkflows.Planned<>(agent);
    }
}
