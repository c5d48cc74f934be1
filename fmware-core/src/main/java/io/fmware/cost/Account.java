package io.fmware.cost;

/** What was spent and reserved of one budget in one period. Guarded by the lock of its {@link Accounts}. */
final class Account {
    private long period;
    private long spent;
    private long reserved;
    private long overdrawn;

    Account(long period) {
        this.period = period;
    }

    long period() {
        return period;
    }

    /**
     * Whether it is still of use in a period. Where the clock was more than one period ahead it had jumped: what was spent then was
     * spent in the period that it jumped back to.
     */
    boolean isOpenIn(long now) {
        if (period > now + 1) {
            period = now;
        }
        return period >= now;
    }

    long spent() {
        return spent;
    }

    long reserved() {
        return reserved;
    }

    long overdrawn() {
        return overdrawn;
    }

    long left(long limit) {
        return Math.max(0, limit - Saturating.plus(spent, reserved));
    }

    void reserve(long amount) {
        reserved += amount;
    }

    void settle(long amount, long actual, long limit) {
        reserved -= amount;
        long before = Math.max(limit, spent);
        spent = Saturating.plus(spent, actual);
        overdrawn = Saturating.plus(overdrawn, Math.max(0, spent - before));
    }
}
