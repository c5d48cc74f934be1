package io.fmware.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.fmware.cache.RiskGate.Decision;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;

/** Whatever the scores and labels, and in whatever order. */
class RiskGatePropertyTest {

    /** Some requests of one score and label. */
    record Batch(double score, boolean same, int times) {}

    @Provide
    Arbitrary<List<Batch>> batches() {
        Arbitrary<Double> scores = Arbitraries.oneOf(
                Arbitraries.doubles().between(0, 1),
                Arbitraries.of(0.0, 1.0, Double.NaN, -1.0, 2.0, Double.MIN_VALUE, Math.nextDown(1.0)));
        return Combinators.combine(
                        scores,
                        Arbitraries.of(true, false),
                        Arbitraries.integers().between(1, 400))
                .as(Batch::new)
                .list()
                .ofMaxSize(12);
    }

    @Property(tries = 300)
    void the_estimate_of_the_risk_is_never_negative_and_its_bound_never_more_than_is_allowed(
            @ForAll("batches") List<Batch> batches, @ForAll @DoubleRange(min = 0.01, max = 0.6) double bound) {
        RiskGate gate = new RiskGate(bound, Costs.ofCall(1), new SplittableRandom(3));
        for (Batch batch : batches) {
            for (int i = 0; i < batch.times(); i++) {
                Decision decision = gate.decide(batch.score());
                if (decision != Decision.SERVE) {
                    gate.learn(batch.score(), decision, batch.same());
                }
            }
            SemanticStats state = gate.stats(0);
            assertThat(state.risk()).isGreaterThanOrEqualTo(0);
            assertThat(state.upper()).isBetween(state.risk(), bound);
            assertThat(state.threshold()).isNotNaN().isGreaterThanOrEqualTo(0);
            assertThat(state.requests()).isEqualTo(state.served() + state.labels());
        }
    }

    @Property(tries = 300)
    void a_higher_score_is_served_where_a_lower_one_is(
            @ForAll("batches") List<Batch> batches,
            @ForAll @DoubleRange(min = 0, max = 1) double one,
            @ForAll @DoubleRange(min = 0, max = 1) double other) {
        RiskGate gate = new RiskGate(0.1, Costs.ofCall(1), new SplittableRandom(3));
        for (Batch batch : batches) {
            for (int i = 0; i < batch.times(); i++) {
                Decision decision = gate.decide(batch.score());
                if (decision != Decision.SERVE) {
                    gate.learn(batch.score(), decision, batch.same());
                }
            }
        }

        if (gate.decide(Math.min(one, other)) != Decision.ASK) {
            assertThat(gate.decide(Math.max(one, other))).isNotEqualTo(Decision.ASK);
        }
    }

    @Property(tries = 100)
    void wrong_labels_alone_never_open_the_gate(
            @ForAll @DoubleRange(min = 0, max = 1) double score,
            @ForAll @DoubleRange(min = 0.01, max = 0.9) double bound) {
        RiskGate gate = new RiskGate(bound, Costs.ofCall(1), new SplittableRandom(3));
        for (int i = 0; i < 500; i++) {
            assertThat(gate.decide(score)).isEqualTo(Decision.ASK);
            gate.learn(score, Decision.ASK, false);
        }
    }
}
