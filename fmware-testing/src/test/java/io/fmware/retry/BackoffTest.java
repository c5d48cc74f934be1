package io.fmware.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final long DAY = Duration.ofDays(1).toNanos();

    private static Backoff drawing(long first, double factor, long longest, RandomGenerator random) {
        return new Backoff(first, factor, longest, random);
    }

    @Property
    void a_wait_is_never_negative_and_never_longer_than_its_bound(
            @ForAll @LongRange(min = 1, max = 86_400_000_000_000L) long first,
            @ForAll @DoubleRange(min = 1, max = 10) double factor,
            @ForAll @IntRange(min = 1, max = 1_000_000) int failed,
            @ForAll long drawn) {
        Duration wait = drawing(first, factor, DAY, () -> drawn).after(failed);

        assertThat(wait).isBetween(Duration.ZERO, Duration.ofNanos(DAY));
        if (failed == 1) {
            assertThat(wait).isLessThanOrEqualTo(Duration.ofNanos(first));
        }
    }

    @Test
    void the_bound_grows_by_the_factor_up_to_the_longest() {
        Backoff backoff = drawing(1_000, 3, 20_000, () -> -1); // the largest remainder, whatever the bound

        assertThat(IntStream.of(1, 2, 3, 4, 5, 100)
                        .mapToObj(backoff::after)
                        .map(Duration::toNanos)
                        .toList())
                .containsExactly(1_000L, 3_000L, 9_000L, 20_000L, 20_000L, 20_000L);
    }

    @Test
    void the_jitter_is_full_so_that_waits_spread_evenly_from_nothing_to_the_bound() {
        Random random = new Random(7);
        Backoff backoff = drawing(1_000_000, 2, DAY, random);

        int[] tenths = new int[10];
        for (int i = 0; i < 10_000; i++) {
            tenths[(int) Math.min(9, backoff.after(1).toNanos() / 100_000)]++;
        }

        assertThat(IntStream.of(tenths).boxed()).allMatch(count -> count > 850 && count < 1_150);
    }

    @Property
    void what_a_server_asks_for_is_waited_and_little_more(
            @ForAll @LongRange(min = 0, max = 86_400_000_000_000L) long told,
            @ForAll @IntRange(min = 1, max = 1_000) int failed,
            @ForAll @LongRange(min = 0, max = 86_400_000_000_000L) long left,
            @ForAll long drawn) {
        Duration wait = drawing(500_000_000, 2, 4_000_000_000L, () -> drawn)
                .onTopOf(Duration.ofNanos(told), failed, Duration.ofNanos(left));

        long bound = Math.min(4_000_000_000L, 500_000_000L << Math.min(failed - 1, 10));
        assertThat(wait.toNanos()).isBetween(told, told + Math.max(told / 10, bound));
        if (told < left) {
            assertThat(wait).isLessThan(Duration.ofNanos(left));
        }
    }

    @Test
    void who_is_told_to_come_back_at_once_backs_off_as_one_who_is_told_nothing() {
        Backoff backoff = drawing(1_000, 3, 20_000, () -> -1);

        for (int failed = 1; failed <= 6; failed++) {
            assertThat(backoff.onTopOf(Duration.ZERO, failed, Duration.ofDays(1)))
                    .isEqualTo(backoff.after(failed));
        }
        assertThat(backoff.onTopOf(Duration.ZERO, 6, Duration.ofNanos(8_000)))
                .as("within half of what the deadline leaves")
                .isEqualTo(Duration.ofNanos(4_000));
    }
}
