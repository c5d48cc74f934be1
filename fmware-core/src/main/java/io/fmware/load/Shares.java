package io.fmware.load;

/** Shares, from 0 to 1. */
final class Shares {

    private Shares() {}

    static double checked(double share, String what) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(what + " must be 0 to 1, but is " + share);
        }
        return share;
    }
}
