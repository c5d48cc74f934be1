package io.fmware.cache;

/**
 * What things cost, in any one currency.
 *
 * @param call a call of the model
 * @param lookup to embed a question and look for it
 * @param wrong a wrong answer
 */
record Prices(double call, double lookup, double wrong) {
    static final Prices NONE = new Prices(1, 0, 0);

    static Prices of(double call, double lookup, double wrong) {
        require("call", call);
        require("lookup", lookup);
        require("wrong", wrong);
        return new Prices(call, lookup, wrong);
    }

    private static void require(String what, double price) {
        if (!(price >= 0) || Double.isInfinite(price)) {
            throw new IllegalArgumentException("the price of " + what + " must be 0 or more, but is " + price);
        }
    }

    /** Whether it pays to serve an answer that is right with a probability. */
    boolean paysToServe(double right) {
        return right * call > (1 - right) * wrong;
    }

    /** Whether it pays to look for an answer where that is found with a probability. */
    boolean paysToLook(double found) {
        return lookup == 0 || found * call > lookup;
    }
}
