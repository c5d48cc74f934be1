package io.fmware.route;

import java.util.concurrent.atomic.AtomicLong;

/** A token bucket that each call fills by a share of a token, and each extra call takes one from. Thread-safe. */
final class ExtraCalls {
    private static final long ONE = 1_000_000;
    private static final long MOST = 10 * ONE;

    private final AtomicLong saved = new AtomicLong();
    private final long share;

    /**
     * @param share of a token, for each call
     */
    ExtraCalls(double share) {
        this.share = (long) (share * ONE);
    }

    void earn() {
        if (saved.get() < MOST) { // at the brim a call costs a read
            saved.getAndUpdate(now -> Math.min(MOST, now + share));
        }
    }

    boolean isThere() {
        return saved.get() >= ONE;
    }

    boolean take() {
        return saved.getAndUpdate(now -> now >= ONE ? now - ONE : now) >= ONE;
    }
}
