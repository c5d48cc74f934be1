package io.fmware.cost;

/** Sums and products of numbers that are not negative; what is too large is {@link Long#MAX_VALUE}. */
final class Saturating {

    private Saturating() {}

    static long plus(long one, long other) {
        long sum = one + other;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    static long times(long one, long other) {
        if (one == 0 || other == 0) {
            return 0;
        }
        return one > Long.MAX_VALUE / other ? Long.MAX_VALUE : one * other;
    }
}
