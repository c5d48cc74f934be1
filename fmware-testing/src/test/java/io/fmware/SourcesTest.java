package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;

import io.fmware.event.FmEvent;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SourcesTest {
    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");

    private final Clock clock = Sources.clock(Clock.fixed(NOON, ZoneOffset.UTC));
    private final RandomGenerator random = Sources.random(() -> 7L);
    private final AtomicInteger made = new AtomicInteger();
    private final Supplier<String> ids = Sources.ids("claim", () -> "c" + made.incrementAndGet());

    @Test
    void their_values_are_told_in_the_run_that_takes_them() {
        Watching watching = new Watching();
        try (FmRun run = FmRun.builder("claim").watch(watching).open()) {
            assertThat(clock.instant()).isEqualTo(NOON);
            assertThat(random.nextLong()).isEqualTo(7);
            assertThat(ids.get()).isEqualTo("c1");
            assertThat(ids.get()).isEqualTo("c2");
        }

        assertThat(watching.events().stream()
                        .filter(FmEvent.Crossed.class::isInstance)
                        .map(FmEvent.Crossed.class::cast)
                        .map(each -> each.origin().path() + " gave " + each.output()))
                .containsExactly(
                        "claim/clock:clock#1 gave 2026-01-02T12:00:00Z",
                        "claim/random:random#1 gave 7",
                        "claim/id:claim#1 gave c1",
                        "claim/id:claim#2 gave c2");
    }

    @Test
    void their_values_can_be_replaced_whatever_is_made_of_them() {
        List<Object> recorded = List.of(Instant.EPOCH, 42L, "c9");
        BoundaryInterceptor replay = new BoundaryInterceptor() {
            @Override
            public @Nullable Object intercept(Boundary boundary, Crossing next) {
                return switch (boundary.kind()) {
                    case CLOCK -> recorded.get(0);
                    case RANDOM -> recorded.get(1);
                    case ID -> recorded.get(2);
                    default -> next.proceed(boundary.input());
                };
            }
        };
        int plain = ((RandomGenerator) () -> 42L).nextInt(1_000);
        try (FmRun run = FmRun.builder("claim").watch(replay).open()) {
            assertThat(clock.withZone(ZoneId.of("Europe/Berlin")).instant()).isEqualTo(Instant.EPOCH);
            assertThat(clock.millis()).isZero();
            assertThat(random.nextInt(1_000)).isEqualTo(plain);
            assertThat(ids.get()).isEqualTo("c9");
            assertThat(made).hasValue(0);
        }
    }

    @Test
    void outside_of_any_run_they_are_what_they_were_made_of() {
        assertThat(clock.instant()).isEqualTo(NOON);
        assertThat(clock.getZone()).isEqualTo(ZoneOffset.UTC);
        assertThat(clock.withZone(ZoneId.of("Europe/Berlin")).getZone()).isEqualTo(ZoneId.of("Europe/Berlin"));
        assertThat(random.nextLong()).isEqualTo(7);
        assertThat(ids.get()).isEqualTo("c1");
    }

    @Test
    void wrapped_twice_they_tell_once_and_a_clock_equals_one_of_the_same_clock() {
        Clock fixed = Clock.fixed(NOON, ZoneOffset.UTC);

        assertThat(Sources.clock(clock)).isSameAs(clock);
        assertThat(Sources.random(random)).isSameAs(random);
        assertThat(Sources.clock(fixed))
                .isEqualTo(clock)
                .hasSameHashCodeAs(clock)
                .isNotEqualTo(fixed);
    }
}
