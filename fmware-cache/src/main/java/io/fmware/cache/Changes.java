package io.fmware.cache;

import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * When what answers depend on was changed last, by a clock that counts changes. What was seen at a reading of the clock is as it
 * was if no change has come since. Of tenants, users and conversations that were erased only hashes are kept, under a key that
 * dies with this. Thread-safe; reading takes no lock.
 */
final class Changes {
    /** About 16 MB with ids of 36 characters; one more costs nothing but answers that are still true. */
    private static final int MANY = 100_000;

    private final int many;
    private final AtomicLong clock = new AtomicLong();
    private final Map<Object, Long> changed = new ConcurrentHashMap<>();
    private final byte[] key = new byte[16];
    private final ReentrantLock changing = new ReentrantLock();
    private volatile boolean erasing;
    private volatile long floor;

    Changes() {
        this(MANY);
    }

    Changes(int many) {
        this.many = many;
        new SecureRandom().nextBytes(key);
    }

    /** The reading of the clock: to be taken before something is looked at. */
    long now() {
        return clock.get();
    }

    /** To be called after something has changed. */
    void changed(Dependency what) {
        Object name = nameOf(what);
        changing.lock(); // so that what one thread forgets is never a newer change of another one
        try {
            if (changed.size() >= many && !changed.containsKey(name)) {
                forgetAll();
            }
            erasing |= what.isSubject();
            changed.put(name, clock.incrementAndGet());
        } finally {
            changing.unlock();
        }
    }

    /** Everything that was seen until now counts as changed. */
    void forgetAll() {
        changing.lock();
        try {
            floor = clock.incrementAndGet(); // before the rest goes, which is read without the lock
            changed.clear();
        } finally {
            changing.unlock();
        }
    }

    /** Whether something is as it was at a reading of the clock. */
    boolean isAsSeen(Dependency what, long seen) {
        Long last = what.isSubject() && !erasing
                ? null
                : changed.get(nameOf(what)); // before the floor: where it was forgotten, the floor has risen
        return (last == null || last <= seen) && seen >= floor;
    }

    private Object nameOf(Dependency what) {
        return what.isSubject() ? Sha256.of(key, what.toString()) : what;
    }
}
