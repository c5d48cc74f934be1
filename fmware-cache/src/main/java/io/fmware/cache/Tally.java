package io.fmware.cache;

import io.fmware.FmRun;
import io.fmware.event.FmEvent;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what a cache does, and tells it to the run. Thread-safe. */
final class Tally {
    private static final Logger log = LoggerFactory.getLogger(FmCache.class);

    /** What a cache does with a request. */
    enum Outcome {
        HIT("hit"),
        SEMANTIC("hit-semantic"),
        SHARED("shared"),
        MISS("miss"),
        FAILURE("failure"),
        BYPASS("bypass");

        private final String word;

        Outcome(String word) {
            this.word = word;
        }
    }

    private final Map<Outcome, LongAdder> outcomes = counters(Outcome.class);
    private final Map<Refusal, LongAdder> refusals = counters(Refusal.class);
    private final LongAdder stored = new LongAdder();
    private final Set<String> complained = ConcurrentHashMap.newKeySet();

    private static <E extends Enum<E>> Map<E, LongAdder> counters(Class<E> of) {
        Map<E, LongAdder> counters = new EnumMap<>(of);
        for (E each : of.getEnumConstants()) {
            counters.put(each, new LongAdder());
        }
        return counters;
    }

    private static <E extends Enum<E>> void add(Map<E, LongAdder> counters, E what) {
        Objects.requireNonNull(counters.get(what)).increment();
    }

    void count(Outcome outcome) {
        add(outcomes, outcome);
        note(outcome.word);
    }

    void count(Refusal why) {
        add(refusals, why);
        note("refused-" + why.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    void stored() {
        stored.increment();
    }

    /** The cache failed, or what it was given to ask; the call goes on without it, but where the JVM is at its end. */
    void failed(Throwable e) {
        if (e instanceof VirtualMachineError error && !(e instanceof StackOverflowError)) {
            throw error;
        }
        count(Outcome.BYPASS);
        if (complained.add(e.getClass().getName())) {
            log.warn(
                    "the cache failed and was passed by; the call goes on, and this is logged once for {}",
                    e.getClass().getName(),
                    e);
        }
    }

    private static void note(String outcome) {
        FmRun.note(at -> new FmEvent.CacheConsulted(at, FmCache.NAME, outcome));
    }

    private long of(Outcome outcome) {
        return Objects.requireNonNull(outcomes.get(outcome)).sum();
    }

    CacheStats stats(Store store) {
        Map<Refusal, Long> refused = new EnumMap<>(Refusal.class);
        refusals.forEach((why, count) -> {
            if (count.sum() > 0) {
                refused.put(why, count.sum());
            }
        });
        return new CacheStats(
                of(Outcome.HIT),
                of(Outcome.SEMANTIC),
                of(Outcome.SHARED),
                of(Outcome.MISS),
                refused,
                of(Outcome.FAILURE),
                stored.sum(),
                store.purged(),
                store.evicted(),
                of(Outcome.BYPASS),
                store.size(),
                store.bytes());
    }
}
