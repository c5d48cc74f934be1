package io.fmware.cache;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what a cache does. Thread-safe. */
final class Tally {

    /** What a cache does with a request. */
    enum Outcome {
        HIT("hit"),
        SEMANTIC("hit-semantic"),
        SHARED("shared"),
        MISS("miss"),
        FAILURE("failure"),
        BYPASS("bypass"),
        STORED("stored");

        private final String word;

        Outcome(String word) {
            this.word = word;
        }

        /** The word for it in events and metrics; it never changes. */
        String word() {
            return word;
        }
    }

    private final Map<Enum<?>, LongAdder> counts = new ConcurrentHashMap<>();

    private long of(Enum<?> what) {
        LongAdder count = counts.get(what);
        return count == null ? 0 : count.sum();
    }

    private void add(Enum<?> what) {
        counts.computeIfAbsent(what, each -> new LongAdder()).increment();
    }

    void count(Outcome outcome) {
        add(outcome);
    }

    void count(Refusal refusal) {
        add(refusal);
    }

    CacheStats stats(Store store) {
        Map<Refusal, Long> refused = new EnumMap<>(Refusal.class);
        for (Refusal each : Refusal.values()) {
            long count = of(each);
            if (count > 0) {
                refused.put(each, count);
            }
        }
        return new CacheStats(
                of(Outcome.HIT),
                of(Outcome.SEMANTIC),
                of(Outcome.SHARED),
                of(Outcome.MISS),
                refused,
                of(Outcome.FAILURE),
                of(Outcome.STORED),
                store.purged(),
                of(Outcome.BYPASS),
                store.size(),
                store.bytes());
    }
}
