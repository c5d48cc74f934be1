package io.fmware.cache;

import java.util.concurrent.atomic.AtomicLong;

/** How often it has been worth the while to look for a question. Thread-safe. */
final class Worth {
    private static final int EXPLORED = 16;
    private static final double MEMORY = 256;

    private final Prices prices;
    private final AtomicLong skipped = new AtomicLong();
    private final AtomicLong foundBits = new AtomicLong(Double.doubleToLongBits(1)); // nothing is known yet

    Worth(Prices prices) {
        this.prices = prices;
    }

    boolean isWorthLooking() {
        return prices.paysToLook(Double.longBitsToDouble(foundBits.get())) || skipped.incrementAndGet() % EXPLORED == 0;
    }

    void looked(boolean hit) {
        foundBits.updateAndGet(bits -> {
            double before = Double.longBitsToDouble(bits);
            return Double.doubleToLongBits(before + ((hit ? 1 : 0) - before) / MEMORY);
        });
    }
}
