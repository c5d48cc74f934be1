package io.fmware.cache;

/**
 * What a call of the model, a lookup and a wrong answer cost, all in one currency of your choice. Immutable.
 *
 * <pre>{@code
 * Costs.ofCall(0.01).lookup(0.0001).wrongAnswer(2)
 * }</pre>
 *
 * <p>Two things are decided by it:
 *
 * <ul>
 *   <li>Answers are served only where {@code chance of a wrong one * wrongAnswer < call}. The chance is the upper bound (95 %
 *       confidence) on the share of wrong ones among all that would be served.
 *   <li>Questions are looked up only while {@code share of lookups that are served * call > lookup}; where it is less, one of
 *       sixteen still is, to notice when that changes. A lookup that costs nothing is always made.
 * </ul>
 */
public final class Costs {
    private final double call;
    private final double lookup;
    private final double wrongAnswer;

    private Costs(double call, double lookup, double wrongAnswer) {
        this.call = call;
        this.lookup = lookup;
        this.wrongAnswer = wrongAnswer;
    }

    /**
     * The costs of a call of the model; all else costs nothing.
     *
     * @param cost the cost of a call, above 0 and finite
     * @return the costs
     * @throws IllegalArgumentException if the cost is not above 0, or not finite
     */
    public static Costs ofCall(double cost) {
        if (!(cost > 0) || Double.isInfinite(cost)) {
            throw new IllegalArgumentException("the cost of a call must be above 0 and finite, but is " + cost);
        }
        return new Costs(cost, 0, 0);
    }

    /**
     * Sets what it costs to embed a question and look it up.
     *
     * @param cost the cost, 0 or more and finite
     * @return these costs, with that one
     * @throws IllegalArgumentException if the cost is negative or not finite
     */
    public Costs lookup(double cost) {
        return new Costs(call, checked("a lookup", cost), wrongAnswer);
    }

    /**
     * Sets what a wrong answer costs.
     *
     * @param cost the cost, 0 or more and finite
     * @return these costs, with that one
     * @throws IllegalArgumentException if the cost is negative or not finite
     */
    public Costs wrongAnswer(double cost) {
        return new Costs(call, lookup, checked("a wrong answer", cost));
    }

    private static double checked(String what, double cost) {
        if (!(cost >= 0) || Double.isInfinite(cost)) {
            throw new IllegalArgumentException("the cost of " + what + " must be 0 or more and finite, but is " + cost);
        }
        return cost;
    }

    /** Whether it pays to serve answers that are wrong with a chance. */
    boolean paysToServe(double chanceOfWrong) {
        return chanceOfWrong * wrongAnswer < call;
    }

    /** Whether it pays to look questions up of which a share is served. */
    boolean paysToLookUp(double served) {
        return lookup == 0 || served * call > lookup;
    }

    @Override
    public String toString() {
        return "Costs[call=" + call + ", lookup=" + lookup + ", wrongAnswer=" + wrongAnswer + "]";
    }
}
