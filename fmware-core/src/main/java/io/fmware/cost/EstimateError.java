package io.fmware.cost;

import java.util.Locale;

/** How far off the last estimates of the input were, before they were learned from. Immutable and thread-safe. */
public final class EstimateError {
    /** Where nothing was learned. */
    public static final EstimateError UNKNOWN = new EstimateError(0, Double.NaN, Double.NaN);

    private static final double PERCENT = 100;

    private final int samples;
    private final double median;
    private final double upper;

    EstimateError(int samples, double median, double upper) {
        this.samples = samples;
        this.median = median;
        this.upper = upper;
    }

    /**
     * How many estimates this is of, the last ones.
     *
     * @return a number from 0 to 128
     */
    public int samples() {
        return samples;
    }

    /**
     * By how much half of them were off at most.
     *
     * @return percent of what was reported, NaN where there are none
     */
    public double medianPercent() {
        return median * PERCENT;
    }

    /**
     * By how much they were exceeded at most, but for the hundredth that was exceeded most.
     *
     * @return percent of the estimate, negative where all were too high, NaN where there are none
     */
    public double upperPercent() {
        return upper * PERCENT;
    }

    @Override
    public String toString() {
        return samples == 0
                ? "EstimateError[unknown]"
                : String.format(
                        Locale.ROOT,
                        "EstimateError[%.1f %% in the median, exceeded by %.1f %%, of %d calls]",
                        medianPercent(),
                        upperPercent(),
                        samples);
    }
}
