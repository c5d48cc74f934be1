package io.fmware.cache;

import io.fmware.benchmarks.ServingPolicy;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** The gate of the cache, which is not public: hence in this package. */
public final class GatedServing implements ServingPolicy {
    private final RiskGate gate;
    private NeighbourVote vote = new NeighbourVote(-1, 0);
    private RiskGate.Decision decision = RiskGate.Decision.ASK;

    /**
     * A gate that knows nothing.
     *
     * @param bound the part of all requests that may be answered wrongly
     * @param random draws what is verified
     */
    public GatedServing(double bound, RandomGenerator random) {
        gate = new RiskGate(bound, Costs.ofCall(1), random);
    }

    @Override
    public int serve(float[] similarities, int[] entries, int[] answers, int count) {
        vote = NeighbourVote.of(Arrays.copyOf(similarities, count), Arrays.copyOf(answers, count));
        if (vote.chosen() < 0) {
            gate.noCandidate();
            return -1;
        }
        decision = gate.decide(vote.score());
        return decision == RiskGate.Decision.SERVE ? vote.chosen() : -1;
    }

    @Override
    public boolean learn(float[] similarities, int[] entries, boolean[] same, int count) {
        if (vote.chosen() >= 0) {
            gate.learn(vote.score(), decision, same[vote.chosen()]);
        }
        return true;
    }

    @Override
    public String toString() {
        return gate.stats(0).toString();
    }
}
