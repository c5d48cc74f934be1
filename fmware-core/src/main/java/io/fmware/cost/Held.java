package io.fmware.cost;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What a budget has reserved for a call to a model that is itself wrapped, behind the same budget: one attempt there uses it at a
 * time, others reserve for themselves. Thread-safe.
 */
final class Held {
    private final long reserved;
    private volatile @Nullable Object request;
    private final AtomicBoolean taken = new AtomicBoolean();
    private volatile boolean used;
    private volatile long charged;

    Held(long reserved) {
        this.reserved = reserved;
    }

    /** Says for which request it was reserved. */
    void sentFor(Object asked) {
        request = asked;
    }

    /** Whether it was reserved for that request, unchanged. */
    boolean isFor(Object asked) {
        return request == asked;
    }

    /** Says that an attempt reserves and is charged for itself. */
    void elsewhere() {
        used = true;
    }

    boolean take() {
        if (!taken.compareAndSet(false, true)) {
            return false;
        }
        charged = reserved; // as long as nothing else is known
        used = true;
        return true;
    }

    long reserved() {
        return reserved;
    }

    /** Says what an attempt took; where that was nothing another one may have it. */
    void settle(long actual) {
        charged = actual;
        if (actual == 0) {
            taken.set(false);
        }
    }

    /** What is to be charged, where attempts used it, or else what the call took. */
    long charged(long otherwise) {
        return used ? charged : otherwise;
    }
}
