package io.fmware.cost;

import java.util.Objects;

/**
 * What calls cost: the sum of what is known, and how many are not in it because their price or their usage is not known.
 * Immutable and thread-safe.
 */
public final class Cost {
    /** Of no calls. */
    public static final Cost NONE = new Cost(Money.ZERO, 0);

    private final Money known;
    private final long unknown;

    Cost(Money known, long unknown) {
        this.known = known;
        this.unknown = unknown;
    }

    /**
     * What is known.
     *
     * @return the sum
     */
    public Money known() {
        return known;
    }

    /**
     * How many calls of a model are not in the sum.
     *
     * @return the number, 0 where the sum is all
     */
    public long unknown() {
        return unknown;
    }

    /**
     * Whether the sum is all.
     *
     * @return false where the cost of some calls is not known
     */
    public boolean isComplete() {
        return unknown == 0;
    }

    /**
     * Both together.
     *
     * @param other another cost
     * @return the sum
     */
    public Cost plus(Cost other) {
        return new Cost(known.plus(other.known), Saturating.plus(unknown, other.unknown));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cost cost && cost.unknown == unknown && cost.known.equals(known);
    }

    @Override
    public int hashCode() {
        return Objects.hash(known, unknown);
    }

    /** Such as {@code $0.25 and 3 calls of unknown cost}. */
    @Override
    public String toString() {
        return unknown == 0
                ? known.toString()
                : known + " and " + unknown + (unknown == 1 ? " call" : " calls") + " of unknown cost";
    }
}
