package io.fmware.stats;

import java.util.Arrays;

/**
 * Tells, after any observation, that an event has become more frequent than allowed.
 *
 * <p>It bets against the claim that the event happens with no more than the allowed probability: a bet at fair odds that wins
 * with each event and loses with each non-event. While the claim holds, no bet gains on average; so much capital is evidence
 * that it does not hold. Several bets of different size run side by side, and capital that is lost is given back, so that a
 * long quiet time does not hide a change.
 *
 * <p>This is the CUSUM e-detector of Jaehyeok Shin, Aaditya Ramdas and Alessandro Rinaldo, "E-detectors: a nonparametric
 * framework for sequential change detection", New England Journal of Statistics in Data Science 2 (2024): while each
 * observation is an event with no more than the probability allowed for it, given all before, the expected number of
 * observations until a false alarm is at least the patience. The allowed probability may differ from one observation to the
 * next if it was fixed before.
 *
 * <p>Not thread-safe.
 */
public final class RateAlarm {
    /** Parts of the capital that are at stake: the small one finds small changes, the large one large changes early. */
    private static final double[] STAKES = {0.1, 0.3, 0.7};

    private final double patience;
    private final double[] capital = new double[STAKES.length];

    private RateAlarm(double patience) {
        this.patience = patience;
        reset();
    }

    /**
     * An alarm.
     *
     * @param patience how many observations there are at least between two false alarms, on average; above 1
     * @return the alarm, which has seen nothing
     * @throws IllegalArgumentException if the patience is not above 1, or not finite
     */
    public static RateAlarm of(double patience) {
        if (!(patience > 1 && patience < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("a finite patience above 1 is wanted, not " + patience);
        }
        return new RateAlarm(patience);
    }

    /**
     * Takes an observation.
     *
     * @param allowed the probability that was allowed for the event; above 0, and from 1 on nothing is learnt
     * @param event whether it happened
     * @return whether there is an alarm, which lasts until {@link #reset}
     * @throws IllegalArgumentException if the allowed probability is not above 0
     */
    public boolean observe(double allowed, boolean event) {
        if (!(allowed > 0)) {
            throw new IllegalArgumentException("the allowed probability must be above 0, but is " + allowed);
        }
        if (allowed < 1 && !raised()) {
            for (int i = 0; i < STAKES.length; i++) {
                double factor = event ? 1 - STAKES[i] + STAKES[i] / allowed : 1 - STAKES[i];
                capital[i] = Math.max(1, capital[i]) * factor;
            }
        }
        return raised();
    }

    /**
     * The evidence so far.
     *
     * @return at least 0; an alarm is raised where it reaches the patience
     */
    public double evidence() {
        return Arrays.stream(capital).average().orElseThrow();
    }

    /**
     * Whether there is an alarm.
     *
     * @return whether the evidence has reached the patience since the last reset
     */
    public boolean raised() {
        return evidence() >= patience;
    }

    /** Forgets all observations. */
    public void reset() {
        Arrays.fill(capital, 1);
    }

    @Override
    public String toString() {
        return "evidence " + evidence() + " of " + patience;
    }
}
