package io.fmware.stats;

/**
 * An upper bound on a rate that is put together from strata: each stratum has a weight, and a count of rare events among what
 * was looked at in it.
 *
 * <p>With counts {@code k} and weights {@code w}, the rate is estimated by {@code sum(w k)}, and the variance of that by
 * {@code sum(w w k)}. The bound is the gamma bound of Michael P. Fay and Eric J. Feuer, "Confidence intervals for directly
 * standardized rates: a method based on the gamma distribution", Statistics in Medicine 16 (1997), 791-801. It lies above the
 * true rate with at least the given confidence in every setting that they and others simulated, also where there were few events
 * or none; that it always does is not proved. With one weight it is the exact bound of a Poisson count. The quantile of the chi
 * square distribution is taken from the normal one (E. B. Wilson and M. M. Hilferty, "The distribution of chi-square",
 * Proceedings of the National Academy of Sciences 17 (1931), 684-688), which is within 2 % of the exact bound.
 *
 * <p>The confidence is that of one look. Who looks often and stops when it suits has less; {@link RateAlarm} may be looked at
 * after each observation.
 *
 * <p>Immutable and thread-safe.
 */
public final class RateBound {
    private final double confidence;
    private final double deviations;

    private RateBound(double confidence) {
        this.confidence = confidence;
        this.deviations = NormalQuantile.of(confidence);
    }

    /**
     * A bound with a confidence.
     *
     * @param confidence the probability with which the rate lies below the bound; at least 0.5 and below 1
     * @return the bound
     * @throws IllegalArgumentException if the confidence is below 0.5, or not below 1
     */
    public static RateBound at(double confidence) {
        if (!(confidence >= 0.5 && confidence < 1)) {
            throw new IllegalArgumentException("a confidence of at least 0.5 and below 1 is wanted, not " + confidence);
        }
        return new RateBound(confidence);
    }

    /**
     * The upper bound.
     *
     * @param rate the estimated rate: the sum of weight times count; at least 0
     * @param variance the sum of squared weight times count; at least 0
     * @param largestWeight by how much one more event in any of the strata would raise the estimate at most; at least 0
     * @return a rate above which the true one lies with no more than the remaining probability; 0 if the largest weight is 0
     * @throws IllegalArgumentException if an argument is negative or not a number
     */
    public double upper(double rate, double variance, double largestWeight) {
        if (!(rate >= 0 && variance >= 0 && largestWeight >= 0)) {
            throw new IllegalArgumentException("rate, variance and weight cannot be negative, but are " + rate + ", "
                    + variance + " and " + largestWeight);
        }
        if (largestWeight == 0) {
            return 0;
        }
        double mean = rate + largestWeight;
        double spread = variance + largestWeight * largestWeight;
        double part = spread / (9 * mean * mean);
        double root = 1 - part + deviations * Math.sqrt(part);
        return mean * root * root * root;
    }

    /**
     * The confidence of this bound.
     *
     * @return at least 0.5 and below 1
     */
    public double confidence() {
        return confidence;
    }

    @Override
    public String toString() {
        return "upper bound with confidence " + confidence;
    }
}
