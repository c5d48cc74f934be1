package io.fmware.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Scheduler;
import io.fmware.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The entries by key, and by what they depend on. An entry is given out only as long as everything it depends on is as it was
 * seen. Thread-safe.
 */
final class Store {
    private final Cache<CacheKey, Entry> entries;
    private final Map<Dependency, Set<Entry>> dependents = new ConcurrentHashMap<>();
    private final Changes changes;
    private final Consumer<Entry> removed;
    private final LongAdder purged = new LongAdder();
    private final LongAdder evicted = new LongAdder();

    /**
     * @param removed told of each entry that has gone
     */
    Store(long maximumBytes, TimeSource time, Changes changes, Consumer<Entry> removed) {
        this.changes = changes;
        this.removed = removed;
        this.entries = Caffeine.newBuilder()
                .maximumWeight(maximumBytes)
                .<CacheKey, Entry>weigher((key, entry) -> entry.weight())
                .ticker(time::nanoTime)
                .expireAfter(Expiry.writing((CacheKey key, Entry entry) ->
                        Duration.ofNanos(Math.max(0, entry.lifeNanos(entry.storedNanos())))))
                .scheduler(Scheduler.systemScheduler()) // what has expired goes though nobody asks
                .executor(Runnable::run) // so that who is told to drop an answer returns when it is gone everywhere
                .removalListener(this::onRemoval)
                .build();
    }

    private void onRemoval(@Nullable CacheKey key, @Nullable Entry entry, RemovalCause cause) {
        if (cause == RemovalCause.SIZE) {
            evicted.increment();
        }
        if (entry != null) {
            for (Dependency each : entry.seen().keySet()) {
                dependents.computeIfPresent(each, (dependency, all) -> {
                    all.remove(entry);
                    return all.isEmpty() ? null : all;
                });
            }
            removed.accept(entry);
        }
    }

    /**
     * The entry of a key, or {@code null} where there is none that is still true as far as a run has seen. One that another run
     * may still find to be true stays.
     */
    @Nullable
    Entry find(CacheKey key, @Nullable RunTrace trace) {
        Entry entry = entries.getIfPresent(key);
        if (entry == null || isTrue(entry, trace)) {
            return entry;
        }
        if (!isTrueButForCorpora(entry)) {
            drop(entry);
        }
        return null;
    }

    private boolean isTrueButForCorpora(Entry entry) {
        return entry.seen().entrySet().stream()
                .allMatch(each -> each.getKey().kind() == Dependency.Kind.CORPUS
                        || changes.isAsSeen(each.getKey(), each.getValue()));
    }

    /**
     * Whether everything that an entry depends on is as it was. A corpus to which documents were added is for a run that has found
     * the same documents in it since, and for no other.
     */
    boolean isTrue(Entry entry, @Nullable RunTrace trace) {
        for (Map.Entry<Dependency, Long> each : entry.seen().entrySet()) {
            Dependency what = each.getKey();
            if (!changes.isAsSeen(what, each.getValue()) && !isFoundAgain(entry, what, trace)) {
                return false;
            }
        }
        return true;
    }

    private boolean isFoundAgain(Entry entry, Dependency what, @Nullable RunTrace trace) {
        if (what.kind() != Dependency.Kind.CORPUS || trace == null) {
            return false;
        }
        Long at = trace.foundAgain(what.id(), entry.documentsOf(what.id()));
        return at != null && changes.isAsSeen(what, at);
    }

    /** Whether an entry is in here. */
    boolean has(Entry entry) {
        return entries.policy().getIfPresentQuietly(entry.key()) == entry;
    }

    void put(Entry entry, @Nullable RunTrace trace) {
        for (Dependency each : entry.seen().keySet()) {
            dependents.compute(each, (dependency, all) -> {
                Set<Entry> more = all == null ? ConcurrentHashMap.newKeySet() : all;
                more.add(entry);
                return more;
            });
        }
        entries.put(entry.key(), entry);
        if (!isTrue(entry, trace)) { // it changed meanwhile, when this entry could not be found yet
            drop(entry);
        }
    }

    /** Removes an entry because it is no longer true. */
    boolean drop(Entry entry) {
        boolean gone = entries.asMap().remove(entry.key(), entry);
        if (gone) {
            purged.increment();
        }
        return gone;
    }

    /** Removes all entries that depend on something; returns how many there were. */
    int purge(Dependency what) {
        Set<Entry> all = dependents.get(what);
        int count = 0;
        if (all != null) {
            for (Entry each : Set.copyOf(all)) {
                count += drop(each) ? 1 : 0;
            }
        }
        return count;
    }

    int clear() {
        int count = 0;
        for (Entry each : entries.asMap().values()) {
            count += entries.asMap().remove(each.key(), each) ? 1 : 0;
        }
        return count;
    }

    long purged() {
        return purged.sum();
    }

    long evicted() {
        return evicted.sum();
    }

    long size() {
        return entries.estimatedSize();
    }

    long bytes() {
        return entries.policy()
                .eviction()
                .map(bound -> bound.weightedSize().orElse(0))
                .orElse(0L);
    }

    /** How many things are known that entries depend on. */
    int dependencies() {
        return dependents.size();
    }
}
