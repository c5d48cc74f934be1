package io.fmware.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CostsTest {

    @Test
    void answers_are_served_where_what_is_expected_of_wrong_ones_costs_less_than_a_call() {
        Costs costs = Costs.ofCall(0.01).wrongAnswer(1);

        assertThat(costs.paysToServe(0.009)).isTrue();
        assertThat(costs.paysToServe(0.011)).isFalse();
        assertThat(Costs.ofCall(0.01).paysToServe(1)).isTrue();
    }

    @Test
    void questions_are_looked_up_where_the_calls_that_are_saved_cost_more_than_the_lookups() {
        Costs costs = Costs.ofCall(1).lookup(0.1);

        assertThat(costs.paysToLookUp(0.11)).isTrue();
        assertThat(costs.paysToLookUp(0.09)).isFalse();
        assertThat(Costs.ofCall(1).paysToLookUp(0)).isTrue();
    }

    @Test
    void each_cost_changes_nothing_but_itself() {
        Costs call = Costs.ofCall(1);

        assertThat(call.lookup(0.1).wrongAnswer(20)).hasToString("Costs[call=1.0, lookup=0.1, wrongAnswer=20.0]");
        assertThat(call.wrongAnswer(20).lookup(0.1)).hasToString("Costs[call=1.0, lookup=0.1, wrongAnswer=20.0]");
        assertThat(call).hasToString("Costs[call=1.0, lookup=0.0, wrongAnswer=0.0]");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
    void what_is_no_cost_is_refused(double cost) {
        Costs costs = Costs.ofCall(1);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Costs.ofCall(cost))
                .withMessage("the cost of a call must be above 0 and finite, but is " + cost);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> costs.lookup(cost))
                .withMessage("the cost of a lookup must be 0 or more and finite, but is " + cost);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> costs.wrongAnswer(cost))
                .withMessage("the cost of a wrong answer must be 0 or more and finite, but is " + cost);
    }

    @Test
    void a_call_that_costs_nothing_is_refused_since_nothing_would_ever_pay() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Costs.ofCall(0))
                .withMessage("the cost of a call must be above 0 and finite, but is 0.0");
    }
}
