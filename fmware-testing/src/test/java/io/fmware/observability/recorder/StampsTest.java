package io.fmware.observability.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StampsTest {
    private static final long YEAR_10_000 = 253_402_300_800L;

    private final Stamps stamps = new Stamps();

    @Test
    void a_stamp_is_read_as_the_time_that_was_written() {
        Random random = new Random(5);
        for (int i = 0; i < 10_000; i++) {
            Instant at = Instant.ofEpochSecond(random.nextLong(YEAR_10_000), random.nextInt(1_000_000_000));

            assertThat(Instant.parse(stamps.of(at))).isEqualTo(at);
            assertThat(Instant.parse(stamps.of(at.plusNanos(1)))).isEqualTo(at.plusNanos(1));
        }
    }

    @Test
    void a_stamp_has_all_nanoseconds() {
        assertThat(stamps.of(Instant.parse("2026-11-22T10:06:38.000000007Z")))
                .isEqualTo("2026-11-22T10:06:38.000000007Z");
        assertThat(stamps.of(Instant.parse("2026-11-22T10:06:38Z"))).isEqualTo("2026-11-22T10:06:38.000000000Z");
    }
}
