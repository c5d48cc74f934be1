package io.fmware.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LatencyWindowTest {

    @Test
    void nothing_is_known_before_there_are_enough() {
        LatencyWindow window = new LatencyWindow(0.95, 3);
        window.add(5);
        window.add(5);
        assertThat(window.value()).isNegative();
        window.add(5);
        assertThat(window.value()).isEqualTo(5);
    }

    @Test
    void the_quantile_is_too_high_by_a_thirty_second_at_most() {
        Random random = new Random(1);
        for (double quantile : new double[] {0.01, 0.5, 0.9, 0.95, 0.99, 0.999}) {
            LatencyWindow window = new LatencyWindow(quantile, LatencyWindow.SIZE);
            long[] all = new long[LatencyWindow.SIZE];
            for (int i = 0; i < all.length; i++) {
                all[i] = (long) Math.exp(random.nextDouble() * 40);
                window.add(all[i]);
            }
            Arrays.sort(all);
            long exact = all[all.length - 1 - (int) Math.floor((1 - quantile) * all.length + 1e-9)];

            assertThat(window.value()).isBetween(exact, exact + exact / 32 + 1);
        }
    }

    @Test
    void what_is_old_is_forgotten() {
        LatencyWindow window = new LatencyWindow(0.95, 1);
        for (int i = 0; i < LatencyWindow.SIZE; i++) {
            window.add(1_000_000);
        }
        for (int i = 0; i < LatencyWindow.SIZE; i++) {
            window.add(7);
        }
        assertThat(window.value()).isEqualTo(7);
    }

    @Test
    void a_clock_that_jumps_does_no_harm() {
        LatencyWindow window = new LatencyWindow(0.5, 1);
        window.add(Long.MIN_VALUE);
        assertThat(window.value()).isZero();
        LatencyWindow other = new LatencyWindow(0.5, 1);
        other.add(Long.MAX_VALUE);
        assertThat(other.value()).isEqualTo(Long.MAX_VALUE);
    }
}
