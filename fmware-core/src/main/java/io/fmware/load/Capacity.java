package io.fmware.load;

import io.fmware.cost.Money;

/**
 * The most that can be borne with an objective still met.
 *
 * @param slo the objective
 * @param perSecond requests that may arrive in a second; 0 where the objective is not even met by one at a time
 * @param atThat what happens at that rate; at the lowest rate that was tried where {@code perSecond} is 0
 * @param limit what breaks the objective a little above it, in words
 */
public record Capacity(Slo slo, double perSecond, LoadResult atThat, String limit) {

    /**
     * What an hour at capacity costs.
     *
     * @return the cost, to the cent
     */
    public Money costPerHour() {
        return perSecond == 0 ? Money.ZERO : atThat.costPerHour();
    }

    @Override
    public String toString() {
        return perSecond == 0
                ? "no load meets " + slo + ": " + limit
                : "up to " + Numbers.plain(perSecond) + " requests/s meet " + slo + " (" + atThat + "); above, "
                        + limit;
    }
}
