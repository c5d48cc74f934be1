package io.fmware.retry;

import io.fmware.stats.NormalQuantile;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Which {@linkplain RepromptStrategy strategy} brought a valid answer after which {@linkplain Validator validator} had rejected
 * one. Immutable.
 *
 * @param lines the counts, by the names of validator and strategy
 */
public record RepromptReport(List<Line> lines) {

    /**
     * Keeps a copy.
     *
     * @param lines the counts
     */
    public RepromptReport {
        lines = List.copyOf(lines);
    }

    /**
     * What became of one strategy after one validator.
     *
     * @param validator the name of the validator that had rejected the answer before
     * @param strategy the name of the strategy
     * @param tried how many answers came of it
     * @param worked how many of these were valid
     * @param tokens what these took on average, requests included; 0 where no model reports it
     */
    public record Line(String validator, String strategy, long tried, long worked, double tokens) {
        private static final double CONFIDENCE = 0.95;

        /**
         * The part of the answers that were valid.
         *
         * @return from 0 to 1
         */
        public double share() {
            return tried == 0 ? 0 : (double) worked / tried;
        }

        /**
         * A share that the true one lies above with a confidence of 95 %: the lower end of Edwin B. Wilson's interval,
         * "Probable Inference, the Law of Succession, and Statistical Inference", Journal of the American Statistical
         * Association 22 (1927), one-sided. That of one look at the report.
         *
         * @return from 0 to 1
         */
        public double atLeast() {
            return bound(-1);
        }

        /**
         * A share that the true one lies below with a confidence of 95 %, as {@link #atLeast()}.
         *
         * @return from 0 to 1
         */
        public double atMost() {
            return bound(1);
        }

        private double bound(int side) {
            if (tried == 0) {
                return side < 0 ? 0 : 1;
            }
            double z = NormalQuantile.of(CONFIDENCE);
            double square = z * z / tried;
            double centre = share() + square / 2;
            double spread = z * Math.sqrt(share() * (1 - share()) / tried + square / (4 * tried));
            return Math.min(1, Math.max(0, (centre + side * spread) / (1 + square)));
        }

        @Override
        public String toString() {
            String took = tokens == 0 ? "" : String.format(Locale.ROOT, ", %.0f tokens each", tokens);
            return String.format(
                    Locale.ROOT,
                    "%s, %s: %d of %d worked (%.0f %%; %.0f to %.0f %%)%s",
                    validator,
                    strategy,
                    worked,
                    tried,
                    100 * share(),
                    100 * atLeast(),
                    100 * atMost(),
                    took);
        }
    }

    /** A line for each, such as {@code areJson, feedback: 9 of 10 worked (90 %; 65 to 98 %), 412 tokens each}. */
    @Override
    public String toString() {
        return lines.isEmpty()
                ? "nothing was asked again"
                : lines.stream().map(Line::toString).collect(Collectors.joining("\n"));
    }
}
