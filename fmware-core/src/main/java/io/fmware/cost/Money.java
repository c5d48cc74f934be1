package io.fmware.cost;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Objects;

/**
 * An amount of US dollars, not negative, exact to the picodollar (10<sup>-12</sup>), so that a token of a model at $0.000001 a
 * million can still be counted. Nothing is ever rounded: an amount with more decimals is refused where it is made. From about
 * 9.2 million dollars on sums stay at that, the largest amount there is.
 *
 * <p>Immutable and thread-safe.
 */
public final class Money implements Comparable<Money> {
    /** No money. */
    public static final Money ZERO = new Money(0);

    private static final int DECIMALS = 12;
    private static final int LEAST_SHOWN = 2;
    private static final int SHORT = 6;
    /** Reading digits takes time that grows with the square of their number. */
    private static final int LONGEST = 100;

    /** What has no more bits has at most 100 digits. */
    private static final int MOST_BITS = 330;

    private final long picodollars;

    private Money(long picodollars) {
        this.picodollars = picodollars;
    }

    static Money ofPicodollars(long picodollars) {
        return picodollars == 0 ? ZERO : new Money(picodollars);
    }

    long picodollars() {
        return picodollars;
    }

    /**
     * An amount in dollars.
     *
     * @param dollars a decimal number, such as {@code "0.25"}
     * @return the amount
     * @throws IllegalArgumentException if it is no number, longer than 100 characters, negative, too large, or has more than 12
     *     decimals
     */
    public static Money usd(String dollars) {
        if (Objects.requireNonNull(dollars, "dollars").length() > LONGEST) {
            throw new IllegalArgumentException("an amount of dollars must have at most " + LONGEST
                    + " characters, but has " + dollars.length() + "; give it with at most 12 decimals");
        }
        try {
            return usd(new BigDecimal(dollars));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "an amount of dollars must be a decimal number such as 0.25, but is '" + dollars + "'", e);
        }
    }

    /**
     * An amount in dollars.
     *
     * @param dollars the number
     * @return the amount
     * @throws IllegalArgumentException if it is negative, too large, or has more than 12 decimals
     */
    public static Money usd(BigDecimal dollars) {
        if (Objects.requireNonNull(dollars, "dollars").unscaledValue().bitLength() > MOST_BITS) {
            throw outOfRange();
        }
        if (dollars.signum() < 0) {
            throw new IllegalArgumentException("an amount of money must not be negative, but is " + dollars);
        }
        if (dollars.signum() == 0) {
            return ZERO;
        }
        // Looked at before it is scaled: 1E+1000000000 would fill the memory.
        boolean tooLarge = (long) dollars.precision() - dollars.scale() > DECIMALS;
        if (tooLarge || dollars.stripTrailingZeros().scale() > DECIMALS) {
            throw outOfRange();
        }
        try {
            return new Money(dollars.movePointRight(DECIMALS).longValueExact());
        } catch (ArithmeticException e) {
            throw outOfRange();
        }
    }

    private static IllegalArgumentException outOfRange() {
        return new IllegalArgumentException(
                "an amount of dollars must have at most 12 decimals and be at most 9,223,372; give it so");
    }

    /**
     * The sum.
     *
     * @param other another amount
     * @return the sum, at most the largest amount
     */
    public Money plus(Money other) {
        return ofPicodollars(Saturating.plus(picodollars, other.picodollars));
    }

    /**
     * A multiple.
     *
     * @param factor how many times, not negative
     * @return the product, at most the largest amount
     */
    public Money times(long factor) {
        if (factor < 0) {
            throw new IllegalArgumentException("money must not be multiplied by a negative number, but by " + factor);
        }
        return ofPicodollars(Saturating.times(picodollars, factor));
    }

    /**
     * The exact number of dollars.
     *
     * @return a number with 12 decimals
     */
    public BigDecimal toBigDecimal() {
        return BigDecimal.valueOf(picodollars, DECIMALS);
    }

    @Override
    public int compareTo(Money other) {
        return Long.compare(picodollars, other.picodollars);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Money money && money.picodollars == picodollars;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(picodollars);
    }

    /** The exact amount with at least two decimals, such as {@code $0.25}. */
    @Override
    public String toString() {
        BigDecimal plain = toBigDecimal().stripTrailingZeros();
        return "$"
                + plain.setScale(Math.max(LEAST_SHOWN, plain.scale()), RoundingMode.UNNECESSARY)
                        .toPlainString();
    }

    /** For tables: rounded up to six decimals. */
    String toShortString() {
        return "$" + toBigDecimal().setScale(SHORT, RoundingMode.UP).toPlainString();
    }
}
