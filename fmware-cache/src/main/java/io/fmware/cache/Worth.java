package io.fmware.cache;

import java.util.concurrent.atomic.AtomicLong;

/** How often it has been worth the while to look a question up. Thread-safe. */
final class Worth {
    /** One lookup of so many is made where they do not pay: it wastes 6 % of what they cost. */
    private static final int EXPLORED = 16;

    /** The share of hits is that of about so many of the last lookups: it is then known to within 3 % (one deviation). */
    private static final double MEMORY = 256;

    private final Costs costs;
    private final AtomicLong skipped = new AtomicLong();
    private final AtomicLong servedBits = new AtomicLong(Double.doubleToLongBits(1)); // nothing is known yet

    Worth(Costs costs) {
        this.costs = costs;
    }

    boolean isWorthLooking() {
        return costs.paysToLookUp(Double.longBitsToDouble(servedBits.get()))
                || skipped.incrementAndGet() % EXPLORED == 0;
    }

    void looked(boolean hit) {
        servedBits.updateAndGet(bits -> {
            double before = Double.longBitsToDouble(bits);
            return Double.doubleToLongBits(before + ((hit ? 1 : 0) - before) / MEMORY);
        });
    }
}
