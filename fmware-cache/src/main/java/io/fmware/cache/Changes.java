package io.fmware.cache;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * When what answers depend on was changed last, by a clock that counts changes. What was seen at a reading of the clock is as it
 * was if no change has come since. Thread-safe.
 */
final class Changes {
    private static final int MANY = 1_000_000;

    private final int many;
    private final AtomicLong clock = new AtomicLong();
    private final Map<Dependency, Long> changed = new ConcurrentHashMap<>();
    private volatile long floor;

    Changes() {
        this(MANY);
    }

    Changes(int many) {
        this.many = many;
    }

    /** The reading of the clock: to be taken before something is looked at. */
    long now() {
        return clock.get();
    }

    /** To be called after something has changed. */
    void changed(Dependency what) {
        if (changed.size() >= many) { // forget all, and with it everything that was seen until now
            floor = clock.incrementAndGet();
            changed.clear();
        }
        changed.merge(what, clock.incrementAndGet(), Math::max);
    }

    /** Whether something is as it was at a reading of the clock. */
    boolean isAsSeen(Dependency what, long seen) {
        Long last = changed.get(what);
        return seen >= floor && (last == null || last <= seen);
    }
}
