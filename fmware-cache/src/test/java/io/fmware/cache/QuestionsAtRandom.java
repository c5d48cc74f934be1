package io.fmware.cache;

import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;

/** A stream of requests whose candidates are wrong with a known probability, which is a function of their score. */
final class QuestionsAtRandom {
    private final SplittableRandom random;
    private final RiskGate gate;
    private int requests;
    private int served;
    private int wrong;

    QuestionsAtRandom(double bound, long seed) {
        random = new SplittableRandom(seed);
        gate = new RiskGate(bound, Costs.ofCall(1), random.split());
    }

    QuestionsAtRandom ask(int times, DoubleUnaryOperator errorsByScore) {
        for (int i = 0; i < times; i++) {
            double score = Math.sqrt(random.nextDouble());
            boolean same = random.nextDouble() >= errorsByScore.applyAsDouble(score);
            RiskGate.Decision decision = gate.decide(score);
            requests++;
            if (decision == RiskGate.Decision.SERVE) {
                served++;
                wrong += same ? 0 : 1;
            } else {
                gate.learn(score, decision, same);
            }
        }
        return this;
    }

    SemanticStats state() {
        return gate.stats(0);
    }

    double hitRate() {
        return (double) served / requests;
    }

    double wrongRate() {
        return (double) wrong / requests;
    }
}
