package io.fmware.testing;

import io.fmware.TimeSource;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A plan of faults: which calls of a model go wrong, and how. The fault of a call depends on nothing but the seed, the
 * rates and the number of the call, so that a failing test fails again.
 *
 * <pre>{@code
 * Faults faults = Faults.seeded(42).rate(0.2, Fault.RATE_LIMIT).rate(0.05, Fault.STALL).on(1, Fault.TIMEOUT);
 * ChatModel model = FaultyChatModel.wrap(delegate, faults);
 * }</pre>
 *
 * <p>Immutable and thread-safe; each method returns a new plan.
 */
public final class Faults {

    private final long seed;
    private final Map<Fault, Double> rates;
    private final Map<Long, Fault> fixed;
    private final Duration stall;
    private final TimeSource time;

    private Faults(long seed, Map<Fault, Double> rates, Map<Long, Fault> fixed, Duration stall, TimeSource time) {
        this.seed = seed;
        this.rates = Collections.unmodifiableMap(rates);
        this.fixed = Map.copyOf(fixed);
        this.stall = stall;
        this.time = time;
    }

    /**
     * A plan without faults.
     *
     * @param seed decides which calls the rates hit
     * @return the plan
     */
    public static Faults seeded(long seed) {
        return new Faults(seed, new EnumMap<>(Fault.class), Map.of(), Duration.ofSeconds(30), TimeSource.system());
    }

    /**
     * Sets the rate of a fault. A call suffers one fault at most.
     *
     * @param rate the share of calls, from 0 to 1; with the rates of the other faults not more than 1
     * @param fault the fault
     * @return a new plan
     * @throws IllegalArgumentException if the rate, or the sum of the rates, is out of range
     */
    public Faults rate(double rate, Fault fault) {
        Map<Fault, Double> changed = new EnumMap<>(Fault.class);
        changed.putAll(rates);
        changed.put(Objects.requireNonNull(fault, "fault"), rate);
        double sum = changed.values().stream().mapToDouble(Double::doubleValue).sum();
        if (!(rate >= 0) || sum > 1 + 1e-9) {
            throw new IllegalArgumentException("rates are from 0 to 1 and so is their sum: " + changed);
        }
        return new Faults(seed, changed, fixed, stall, time);
    }

    /**
     * Sets the fault of one call, whatever the rates.
     *
     * @param call the number of the call, from 1
     * @param fault the fault
     * @return a new plan
     */
    public Faults on(long call, Fault fault) {
        Map<Long, Fault> changed = new HashMap<>(fixed);
        changed.put(call, Objects.requireNonNull(fault, "fault"));
        return new Faults(seed, rates, changed, stall, time);
    }

    /**
     * Sets how long {@link Fault#STALL} lasts; 30 s by default.
     *
     * @param duration zero or more, by the time source
     * @return a new plan
     */
    public Faults stallFor(Duration duration) {
        return new Faults(seed, rates, fixed, Objects.requireNonNull(duration, "duration"), time);
    }

    /**
     * Sets the time by which stalls are measured; the system's by default.
     *
     * @param time the time source, such as a {@link ManualClock}
     * @return a new plan
     */
    public Faults timeSource(TimeSource time) {
        return new Faults(seed, rates, fixed, stall, Objects.requireNonNull(time, "time"));
    }

    /**
     * The fault of a call.
     *
     * @param call the number of the call, from 1
     * @return the fault; empty if the call goes well
     */
    public Optional<Fault> on(long call) {
        Fault planned = fixed.get(call);
        if (planned != null) {
            return Optional.of(planned);
        }
        double draw = (random(call) >>> 11) * 0x1.0p-53;
        for (Map.Entry<Fault, Double> rate : rates.entrySet()) {
            draw -= rate.getValue();
            if (draw < 0) {
                return Optional.of(rate.getKey());
            }
        }
        return Optional.empty();
    }

    /** After how many chunks a stream goes wrong: 1, 2 or 3. */
    int chunksBefore(long call) {
        return 1 + (int) Math.floorMod(random(-call), 3L);
    }

    /** The name of a source that does not exist. */
    String madeUpSource(long call) {
        return "made-up-" + Long.toHexString(random(call) >>> 44);
    }

    Duration stall() {
        return stall;
    }

    TimeSource time() {
        return time;
    }

    /** The finalizer of SplitMix64: calls next to each other get unrelated numbers. */
    private long random(long call) {
        long z = seed + call * 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    @Override
    public String toString() {
        return "Faults[seed " + seed + ", " + rates + (fixed.isEmpty() ? "]" : ", " + fixed + "]");
    }
}
