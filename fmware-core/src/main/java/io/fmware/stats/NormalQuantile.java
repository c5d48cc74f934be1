package io.fmware.stats;

/**
 * Quantiles of the standard normal distribution.
 *
 * <p>The rational approximation of Peter J. Acklam, "An algorithm for computing the inverse normal cumulative distribution
 * function" (2003), whose relative error is below 1.15e-9 everywhere. It has no state.
 */
public final class NormalQuantile {
    /** Below this probability, and above its counterpart, the tails have an approximation of their own. */
    private static final double TAIL = 0.02425;

    private static final double[] A = {
        -3.969683028665376e+01,
        2.209460984245205e+02,
        -2.759285104469687e+02,
        1.383577518672690e+02,
        -3.066479806614716e+01,
        2.506628277459239e+00
    };
    private static final double[] B = {
        -5.447609879822406e+01,
        1.615858368580409e+02,
        -1.556989798598866e+02,
        6.680131188771972e+01,
        -1.328068155288572e+01,
        1
    };
    private static final double[] C = {
        -7.784894002430293e-03,
        -3.223964580411365e-01,
        -2.400758277161838e+00,
        -2.549732539343734e+00,
        4.374664141464968e+00,
        2.938163982698783e+00
    };
    private static final double[] D = {
        7.784695709041462e-03, 3.224671290700398e-01, 2.445134137142996e+00, 3.754408661907416e+00, 1
    };

    private NormalQuantile() {}

    /**
     * The value below which a standard normal variable stays with a given probability.
     *
     * @param probability above 0 and below 1
     * @return the value, for instance 1.645 for 0.95
     * @throws IllegalArgumentException if the probability is not above 0 and below 1
     */
    public static double of(double probability) {
        if (!(probability > 0 && probability < 1)) {
            throw new IllegalArgumentException("a probability above 0 and below 1 is wanted, not " + probability);
        }
        if (probability < TAIL) {
            return tail(probability);
        }
        if (probability > 1 - TAIL) {
            return -tail(1 - probability);
        }
        double distance = probability - 0.5;
        double square = distance * distance;
        return distance * polynomial(A, square) / polynomial(B, square);
    }

    private static double tail(double probability) {
        double root = Math.sqrt(-2 * Math.log(probability));
        return polynomial(C, root) / polynomial(D, root);
    }

    private static double polynomial(double[] coefficients, double at) {
        double sum = 0;
        for (double coefficient : coefficients) {
            sum = sum * at + coefficient;
        }
        return sum;
    }
}
