package io.fmware.cost;

import java.math.BigDecimal;

/** How a budget stands at one moment: in dollars, or in tokens. Immutable and thread-safe. */
public final class Balance {
    private final BigDecimal limit;
    private final BigDecimal spent;
    private final BigDecimal reserved;
    private final BigDecimal overdrawn;

    Balance(BigDecimal limit, BigDecimal spent, BigDecimal reserved, BigDecimal overdrawn) {
        this.limit = limit;
        this.spent = spent;
        this.reserved = reserved;
        this.overdrawn = overdrawn;
    }

    /**
     * The budget.
     *
     * @return dollars or tokens
     */
    public BigDecimal limit() {
        return limit;
    }

    /**
     * What was spent of it in this period.
     *
     * @return dollars or tokens
     */
    public BigDecimal spent() {
        return spent;
    }

    /**
     * What is reserved for attempts under way.
     *
     * @return dollars or tokens
     */
    public BigDecimal reserved() {
        return reserved;
    }

    /**
     * What can still be reserved.
     *
     * @return dollars or tokens, not negative
     */
    public BigDecimal left() {
        return limit.subtract(spent).subtract(reserved).max(BigDecimal.ZERO);
    }

    /**
     * By how much more was spent than the budget, since attempts took more than was reserved for them.
     *
     * @return dollars or tokens, 0 where no reservation was exceeded
     */
    public BigDecimal overdrawn() {
        return overdrawn;
    }

    @Override
    public String toString() {
        return "Balance[" + left().toPlainString() + " left of " + limit.toPlainString() + ", " + spent.toPlainString()
                + " spent, " + reserved.toPlainString() + " reserved]";
    }
}
