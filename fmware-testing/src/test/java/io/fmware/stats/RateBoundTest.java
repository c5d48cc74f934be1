package io.fmware.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RateBoundTest {

    /** Half the quantiles of the chi square distribution with 2 (k + 1) degrees of freedom, from tables. */
    @ParameterizedTest
    @CsvSource({
        "0, 0.95, 2.996",
        "1, 0.95, 4.744",
        "5, 0.95, 10.513",
        "10, 0.95, 16.962",
        "0, 0.99, 4.605",
        "1, 0.99, 6.638",
        "5, 0.99, 13.108",
        "0, 0.9, 2.303",
        "10, 0.9, 15.407"
    })
    void with_one_weight_it_is_the_bound_of_a_poisson_count(int count, double confidence, double exact) {
        assertThat(RateBound.at(confidence).upper(count, count, 1)).isCloseTo(exact, withinPercentage(2));
    }

    @Test
    void it_lies_above_the_true_rate_as_often_as_it_says() {
        Random random = new Random(5);
        double[] weights = {0.00005, 0.0001, 0.0004};
        double[] means = {20, 5, 1};
        double truth = 0.00005 * 20 + 0.0001 * 5 + 0.0004;
        int below = 0;
        for (int round = 0; round < 10_000; round++) {
            double rate = 0;
            double variance = 0;
            for (int i = 0; i < weights.length; i++) {
                int count = poisson(means[i], random);
                rate += weights[i] * count;
                variance += weights[i] * weights[i] * count;
            }
            below += RateBound.at(0.95).upper(rate, variance, 0.0004) < truth ? 1 : 0;
        }

        assertThat(below).isBetween(1, 500);
    }

    private static int poisson(double mean, Random random) {
        double limit = Math.exp(-mean);
        double product = random.nextDouble();
        int count = 0;
        while (product > limit) {
            product *= random.nextDouble();
            count++;
        }
        return count;
    }

    @Property
    void it_is_not_below_the_estimate_and_scales_with_it(
            @ForAll @DoubleRange(max = 100) double count,
            @ForAll @DoubleRange(min = 0.01, max = 10) double weight,
            @ForAll @DoubleRange(min = 0.7, max = 0.99) double confidence) {
        RateBound bound = RateBound.at(confidence);
        double upper = bound.upper(weight * count, weight * weight * count, weight);

        assertThat(upper).isGreaterThan(weight * count);
        assertThat(upper).isCloseTo(weight * bound.upper(count, count, 1), withinPercentage(1e-6));
    }

    @Test
    void where_nothing_has_a_weight_the_rate_is_0() {
        assertThat(RateBound.at(0.95).upper(0, 0, 0)).isZero();
    }

    @Test
    void it_says_its_confidence() {
        assertThat(RateBound.at(0.95)).hasToString("upper bound with confidence 0.95");
        assertThat(RateBound.at(0.95).confidence()).isEqualTo(0.95);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.49, 1, Double.NaN})
    void a_confidence_that_is_none_is_refused(double confidence) {
        assertThatThrownBy(() -> RateBound.at(confidence))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a confidence of at least 0.5 and below 1 is wanted, not " + confidence);
    }

    @Test
    void what_is_negative_is_refused() {
        assertThatThrownBy(() -> RateBound.at(0.95).upper(-1, 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("rate, variance and weight cannot be negative, but are -1.0, 0.0 and 1.0");
    }

    @ParameterizedTest
    @CsvSource({"0.5, 0", "0.95, 1.6448536269514722", "0.999, 3.090232306167814", "1e-9, -5.997807015007687"})
    void quantiles_of_the_normal_distribution_are_those_of_tables(double probability, double quantile) {
        assertThat(NormalQuantile.of(probability)).isCloseTo(quantile, within(1e-7));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, Double.NaN})
    void what_is_certain_has_no_quantile(double probability) {
        assertThatThrownBy(() -> NormalQuantile.of(probability))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a probability above 0 and below 1 is wanted, not " + probability);
    }
}
