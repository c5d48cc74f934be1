package io.fmware.load;

/** A bucket of tokens that fills evenly, as providers limit requests and tokens by; in simulated time. Not thread-safe. */
final class Bucket {
    private static final double NANOS_PER_MINUTE = 60e9;

    private final double perNano;
    private final double most;
    private double left;
    private long at;

    /**
     * Empty at the start: a load that is borne is one that is borne after the first minute too.
     *
     * @param perMinute how much flows in, and how much it holds at most
     */
    Bucket(long perMinute) {
        this.perNano = perMinute / NANOS_PER_MINUTE;
        this.most = perMinute;
    }

    /** Takes an amount, in advance where it is not there yet; returns how long to wait for it. */
    long take(long amount, long now) {
        left = Math.min(most, left + (now - at) * perNano) - amount;
        at = now;
        return left >= 0 ? 0 : (long) Math.ceil(-left / perNano);
    }

    void giveBack(long amount) {
        left = Math.min(most, left + amount);
    }
}
