package io.fmware.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fmware.cache.RiskGate.Decision;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RiskGateTest {
    private static final int STREAMS = 100;

    private static RiskGate gate(double bound) {
        return new RiskGate(bound, Costs.ofCall(1), new SplittableRandom(7));
    }

    private static long held(double bound, int requests, DoubleUnaryOperator errors) {
        return LongStream.range(0, STREAMS)
                .filter(seed ->
                        new QuestionsAtRandom(bound, seed).ask(requests, errors).wrongRate() <= bound)
                .count();
    }

    @Test
    void without_a_label_nothing_is_served_however_high_the_score() {
        RiskGate gate = gate(0.5);

        for (int i = 0; i < 10_000; i++) {
            assertThat(gate.decide(1)).isEqualTo(Decision.ASK);
        }
        assertThat(gate.stats(0).threshold()).isInfinite();
        assertThat(gate.stats(0).served()).isZero();
    }

    @Test
    void a_few_right_answers_are_not_yet_evidence() {
        RiskGate gate = gate(0.01);

        for (int i = 0; i < 250; i++) {
            assertThat(gate.decide(0.99)).isEqualTo(Decision.ASK);
            gate.learn(0.99, Decision.ASK, true);
        }
    }

    @Test
    void after_many_right_answers_their_score_is_served_and_a_twentieth_of_it_verified() {
        RiskGate gate = gate(0.01);
        for (int i = 0; i < 400; i++) {
            gate.decide(0.9);
            gate.learn(0.9, Decision.ASK, true);
        }

        for (int i = 0; i < 10_000; i++) {
            if (gate.decide(0.9) == Decision.VERIFY) {
                gate.learn(0.9, Decision.VERIFY, true);
            }
        }

        SemanticStats state = gate.stats(0);
        assertThat(state.threshold()).isBetween(0.88, 0.9);
        assertThat(state.risk()).isZero();
        assertThat(state.upper()).isBetween(0.0, 0.01);
        assertThat(state.verified()).isBetween(400L, 600L);
        assertThat(state.served() + state.verified()).isGreaterThan(9_900);
        assertThat(gate.decide(0.5)).isEqualTo(Decision.ASK);
    }

    @Test
    void the_costlier_a_wrong_answer_the_higher_the_threshold_until_nothing_is_served() {
        SemanticStats without = stream(0);
        SemanticStats costly = stream(50); // pays while less than a fiftieth of what is served is wrong
        SemanticStats ruinous = stream(1e9);

        assertThat(without.threshold()).isLessThan(0.7);
        assertThat(costly.threshold()).isBetween(0.75, 0.9);
        assertThat(costly.served()).isPositive().isLessThan(without.served());
        assertThat(ruinous.threshold()).isInfinite();
        assertThat(ruinous.served()).isZero();
        assertThat(ruinous.verified()).isZero();
    }

    /** Half of the requests have a good candidate, and half one of a poor score that is wrong in 4 of 100. */
    private static SemanticStats stream(double wrongAnswer) {
        RiskGate gate = new RiskGate(0.05, Costs.ofCall(1).wrongAnswer(wrongAnswer), new SplittableRandom(7));
        for (int i = 0; i < 10_000; i++) {
            double score = i % 2 == 0 ? 0.9 : 0.6;
            Decision decision = gate.decide(score);
            if (decision != Decision.SERVE) {
                gate.learn(score, decision, score > 0.8 || i / 2 % 25 != 0);
            }
        }
        return gate.stats(0);
    }

    @Test
    void a_request_without_a_candidate_counts_as_one_that_is_not_wrong() {
        RiskGate gate = gate(0.01);
        for (int i = 0; i < 50; i++) {
            gate.decide(0.9);
            gate.learn(0.9, Decision.ASK, true);
        }
        for (int i = 0; i < 1_000; i++) {
            gate.noCandidate();
        }
        gate.decide(0.9);
        gate.learn(0.9, Decision.ASK, true);

        assertThat(gate.stats(0).requests()).isEqualTo(1_051);
        assertThat(gate.decide(0.9)).isNotEqualTo(Decision.ASK);
    }

    @Test
    void the_bound_holds_where_errors_fall_quickly_with_the_score() {
        assertThat(held(0.01, 6_000, score -> (1 - score) * (1 - score))).isGreaterThanOrEqualTo(95);
        assertThat(held(0.05, 6_000, score -> (1 - score) * (1 - score))).isGreaterThanOrEqualTo(95);
        assertThat(new QuestionsAtRandom(0.01, 1)
                        .ask(6_000, score -> (1 - score) * (1 - score))
                        .hitRate())
                .isGreaterThan(0.2);
    }

    @Test
    void the_bound_holds_where_errors_fall_slowly_with_the_score() {
        assertThat(held(0.01, 6_000, score -> (1 - score) / 2)).isGreaterThanOrEqualTo(95);
    }

    @Test
    void the_bound_holds_where_the_score_says_nothing() {
        assertThat(held(0.01, 6_000, score -> 0.3)).isGreaterThanOrEqualTo(95);
        assertThat(held(0.01, 6_000, score -> 0.012)).isGreaterThanOrEqualTo(93);
    }

    @Test
    void the_bound_holds_where_the_score_misleads() {
        assertThat(held(0.01, 6_000, score -> 0.3 * score * score)).isGreaterThanOrEqualTo(95);
    }

    @Test
    void where_all_is_right_nearly_all_is_served() {
        assertThat(new QuestionsAtRandom(0.01, 1).ask(20_000, score -> 0).hitRate())
                .isGreaterThan(0.9);
    }

    @Test
    void what_gets_worse_is_noticed_and_the_bound_holds_again() {
        long held = LongStream.range(0, STREAMS)
                .filter(seed -> {
                    QuestionsAtRandom stream = new QuestionsAtRandom(0.02, seed);
                    stream.ask(6_000, score -> score > 0.8 ? 0.002 : 0.5);
                    double before = stream.hitRate();
                    stream.ask(9_000, score -> 0.5);
                    return before > 0.2 && stream.state().alarms() > 0 && stream.wrongRate() <= 0.02;
                })
                .count();

        assertThat(held).isGreaterThanOrEqualTo(90);
    }

    @Test
    void what_stays_the_same_raises_few_alarms() {
        long raised = LongStream.range(0, STREAMS)
                .filter(seed -> new QuestionsAtRandom(0.02, seed)
                                .ask(6_000, score -> (1 - score) * (1 - score))
                                .state()
                                .alarms()
                        > 0)
                .count();

        assertThat(raised).isLessThanOrEqualTo(5);
    }

    @Test
    void requests_of_a_long_time_do_not_overflow() {
        RiskGate gate = gate(0.01);
        for (int i = 0; i < 1_200_000; i++) {
            double score = i % 2 == 0 ? 0.95 : 0.2;
            Decision decision = gate.decide(score);
            if (decision != Decision.SERVE) {
                gate.learn(score, decision, i % 2 == 0);
            }
        }

        assertThat(gate.stats(0).threshold()).isBetween(0.2, 0.95);
        assertThat(gate.stats(0).upper()).isBetween(0.0, 0.01);
        assertThat(gate.stats(0).served()).isGreaterThan(500_000);
    }

    @Test
    void labels_without_requests_open_nothing() {
        RiskGate gate = gate(0.01);
        for (int i = 0; i < 1_000; i++) {
            gate.learn(0.9, Decision.ASK, true);
        }

        assertThat(gate.stats(0).threshold()).isInfinite();
        assertThat(gate.stats(0).labels()).isEqualTo(1_000);
    }

    @Test
    void a_served_request_has_no_label() {
        assertThatThrownBy(() -> gate(0.01).learn(0.9, Decision.SERVE, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a served request has no fresh answer to learn from");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, -0.1, Double.NaN})
    void a_bound_that_is_none_is_refused(double bound) {
        assertThatThrownBy(() -> gate(bound))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a bound on errors is above 0 and below 1, and not " + bound);
    }
}
