package io.fmware;

/** Shares of a whole as settings take them: from 0 to 1, never in percent. For interceptors. */
public final class Shares {
    private static final double LEAST = 0.001;

    private Shares() {}

    /**
     * Refuses a setting that is no share of a whole.
     *
     * @param share the setting
     * @param what its name in the message, such as {@code the share of slow attempts}
     * @return the share
     * @throws IllegalArgumentException if it is not from 0 to 1
     */
    public static double checked(double share, String what) {
        return between(0, share, what);
    }

    /**
     * Refuses a setting that is no share of a whole, or so little of it that it may as well be nothing.
     *
     * @param share the setting
     * @param what its name in the message
     * @return the share
     * @throws IllegalArgumentException if it is not from 0.001 to 1
     */
    public static double positive(double share, String what) {
        return between(LEAST, share, what);
    }

    private static double between(double least, double share, String what) {
        if (!(share >= least && share <= 1)) { // NaN too
            throw new IllegalArgumentException(what + " must be a share from " + (least == 0 ? "0" : least)
                    + " to 1, such as 0.5 for a half, but is " + share);
        }
        return share;
    }
}
