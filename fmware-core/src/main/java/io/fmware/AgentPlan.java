package io.fmware;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What comes out of a {@link BoundaryKind#PLAN} of agents: who is called next, or that the plan is done, or that agents which are
 * still at work have to end first.
 *
 * @param agents the names of the agents that are called next, at once where there are several. Where agents share a name, the
 *     first one of the name here is the first that has it, and so on
 * @param done whether nothing is left to do
 * @param result what the planner gave as the result of all when it was done, {@code null} where it gave none
 */
public record AgentPlan(
        List<String> agents, boolean done, @Nullable Object result) {

    /**
     * Checks that it says one thing.
     *
     * @param agents the names of the agents that are called next
     * @param done whether nothing is left to do
     * @param result the result of all, or {@code null}
     */
    public AgentPlan {
        agents = Collections.unmodifiableList(new ArrayList<>(agents));
        if (done && !agents.isEmpty()) {
            throw new IllegalArgumentException("a plan that is done calls no agents, but this one calls " + agents);
        }
        if (!done && result != null) {
            throw new IllegalArgumentException("a plan has a result when it is done; this one is not");
        }
    }

    /**
     * A plan that calls agents.
     *
     * @param agents their names, at least one
     * @return the plan
     */
    public static AgentPlan call(List<String> agents) {
        if (agents.isEmpty()) {
            throw new IllegalArgumentException("a plan that calls no agents is waiting() or finished()");
        }
        return new AgentPlan(agents, false, null);
    }

    /**
     * A plan in which others have to end first.
     *
     * @return the plan
     */
    public static AgentPlan waiting() {
        return new AgentPlan(List.of(), false, null);
    }

    /**
     * A plan that is done.
     *
     * @return the plan
     */
    public static AgentPlan finished() {
        return new AgentPlan(List.of(), true, null);
    }

    /**
     * A plan that is done, with the result of all.
     *
     * @param result the result
     * @return the plan
     */
    public static AgentPlan finished(Object result) {
        return new AgentPlan(List.of(), true, result);
    }

    /**
     * Whether agents that are still at work have to end first.
     *
     * @return whether it neither calls anybody nor is done
     */
    public boolean isWaiting() {
        return !done && agents.isEmpty();
    }
}
