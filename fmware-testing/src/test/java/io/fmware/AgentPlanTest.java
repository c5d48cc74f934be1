package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgentPlanTest {

    @Test
    void a_plan_calls_agents_or_waits_or_is_done() {
        assertThat(AgentPlan.call(List.of("one", "two")).agents()).containsExactly("one", "two");
        assertThat(AgentPlan.call(List.of("one")).isWaiting()).isFalse();
        assertThat(AgentPlan.waiting().isWaiting()).isTrue();
        assertThat(AgentPlan.finished().done()).isTrue();
        assertThat(AgentPlan.finished().isWaiting()).isFalse();
        assertThat(AgentPlan.finished().result()).isNull();
        assertThat(AgentPlan.finished("paid").result()).isEqualTo("paid");
    }

    @Test
    void a_plan_keeps_its_agents() {
        List<String> agents = new ArrayList<>(List.of("one"));
        AgentPlan plan = AgentPlan.call(agents);
        agents.add("two");

        assertThat(plan.agents()).containsExactly("one");
    }

    @Test
    void a_plan_that_says_two_things_is_refused() {
        assertThatThrownBy(() -> new AgentPlan(List.of("one"), true, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a plan that is done calls no agents, but this one calls [one]");
        assertThatThrownBy(() -> new AgentPlan(List.of("one"), false, "paid"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a plan has a result when it is done; this one is not");
        assertThatThrownBy(() -> AgentPlan.call(List.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a plan that calls no agents is waiting() or finished()");
    }
}
