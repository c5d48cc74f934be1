package io.fmware;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Clocks, random numbers and identifiers behind boundaries: an application that takes them from here can be run again with the
 * values that it had. Outside of any run they hand on and do nothing else.
 *
 * <pre>{@code
 * Clock clock = Sources.clock(Clock.systemUTC());
 * RandomGenerator random = Sources.random(RandomGenerator.getDefault());
 * Supplier<UUID> ids = Sources.ids("claim", UUID::randomUUID);
 * }</pre>
 *
 * <p>Thread-safe as far as what is given is; each asks for the run of the thread at each use, and serves all runs.
 */
public final class Sources {

    private Sources() {}

    /**
     * Puts a clock behind the boundary {@link BoundaryKind#CLOCK}, under the name {@code clock}; what comes out is an
     * {@link Instant}.
     *
     * @param clock the clock
     * @return the clock behind the boundary, in the same zone; one that is there already as it is
     */
    public static Clock clock(Clock clock) {
        return clock instanceof CrossedClock ? clock : new CrossedClock(Objects.requireNonNull(clock, "clock"));
    }

    /**
     * Puts a generator of random numbers behind the boundary {@link BoundaryKind#RANDOM}, under the name {@code random}; what
     * comes out is a {@code Long}. Other numbers are made from such, as {@link RandomGenerator} does by default, so they are not
     * those that the given generator would make by itself.
     *
     * @param random the generator
     * @return the generator behind the boundary; one that is there already as it is
     */
    public static RandomGenerator random(RandomGenerator random) {
        return random instanceof CrossedRandom ? random : new CrossedRandom(Objects.requireNonNull(random, "random"));
    }

    /**
     * Puts a source of identifiers behind the boundary {@link BoundaryKind#ID}.
     *
     * @param <T> the type of an identifier
     * @param name what is identified, such as {@code claim}
     * @param ids makes identifiers
     * @return the source behind the boundary
     */
    public static <T> Supplier<T> ids(String name, Supplier<T> ids) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(ids, "ids");
        return () -> FmRun.cross(BoundaryKind.ID, name, ids);
    }

    private record CrossedRandom(RandomGenerator delegate) implements RandomGenerator {

        @Override
        public long nextLong() {
            return FmRun.cross(BoundaryKind.RANDOM, "random", () -> delegate.nextLong());
        }

        @Override
        public String toString() {
            return "Sources.random(" + delegate + ")";
        }
    }

    private static final class CrossedClock extends Clock {
        private final Clock delegate;

        CrossedClock(Clock delegate) {
            this.delegate = delegate;
        }

        @Override
        public ZoneId getZone() {
            return delegate.getZone();
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return new CrossedClock(delegate.withZone(zone));
        }

        @Override
        public Instant instant() {
            return FmRun.cross(BoundaryKind.CLOCK, "clock", () -> delegate.instant());
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof CrossedClock clock && delegate.equals(clock.delegate);
        }

        @Override
        public int hashCode() {
            return delegate.hashCode();
        }

        @Override
        public String toString() {
            return "Sources.clock(" + delegate + ")";
        }
    }
}
