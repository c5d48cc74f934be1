package io.fmware.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateAlarmTest {

    /** How many observations it takes, up to a limit. */
    private static int until(RateAlarm alarm, double allowed, double rate, long seed, int limit) {
        SplittableRandom random = new SplittableRandom(seed);
        int observations = 1;
        while (observations < limit && !alarm.observe(allowed, random.nextDouble() < rate)) {
            observations++;
        }
        return observations;
    }

    private static double average(double patience, double allowed, double rate) {
        double sum = 0;
        for (int seed = 0; seed < 200; seed++) {
            sum += until(RateAlarm.of(patience), allowed, rate, seed, 100_000);
        }
        return sum / 200;
    }

    @Test
    void while_no_more_happens_than_is_allowed_false_alarms_are_as_rare_as_promised() {
        assertThat(average(100, 0.02, 0.02)).isGreaterThan(100);
        assertThat(average(100, 0.3, 0.3)).isGreaterThan(100);
        assertThat(average(1000, 0.02, 0.02)).isGreaterThan(1000);
    }

    @Test
    void what_happens_much_more_often_than_allowed_is_noticed_soon() {
        assertThat(average(1000, 0.02, 0.2)).isLessThan(40);
        assertThat(average(1000, 0.02, 0.06)).isLessThan(600);
    }

    @Test
    void a_long_quiet_time_does_not_hide_a_change() {
        RateAlarm alarm = RateAlarm.of(1000);
        for (int i = 0; i < 100_000; i++) {
            alarm.observe(0.02, false);
        }

        assertThat(until(alarm, 0.02, 0.2, 1, 1000)).isLessThan(100);
    }

    @Test
    void an_alarm_lasts_until_it_is_reset() {
        RateAlarm alarm = RateAlarm.of(10);

        assertThat(alarm.observe(0.01, true)).isTrue();
        assertThat(alarm.observe(0.01, false)).isTrue();
        assertThat(alarm.raised()).isTrue();
        alarm.reset();
        assertThat(alarm.raised()).isFalse();
        assertThat(alarm.evidence()).isEqualTo(1);
        assertThat(alarm).hasToString("evidence 1.0 of 10.0");
    }

    @Test
    void where_everything_is_allowed_nothing_is_learnt() {
        RateAlarm alarm = RateAlarm.of(10);

        assertThat(alarm.observe(1, true)).isFalse();
        assertThat(alarm.observe(3, true)).isFalse();
        assertThat(alarm.evidence()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 0, Double.NaN, Double.POSITIVE_INFINITY})
    void a_patience_that_is_none_is_refused(double patience) {
        assertThatThrownBy(() -> RateAlarm.of(patience))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a finite patience above 1 is wanted, not " + patience);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN})
    void what_is_never_allowed_cannot_be_bet_on(double allowed) {
        assertThatThrownBy(() -> RateAlarm.of(10).observe(allowed, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the allowed probability must be above 0, but is " + allowed);
    }
}
