package io.fmware;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns one interceptor of a running pipeline on or off, or lets it see a share of the calls. Takes effect on the next step of
 * every call. Thread-safe.
 */
public final class InterceptorSwitch {
    private static final Logger log = LoggerFactory.getLogger(InterceptorSwitch.class);
    private static final int ALL = Integer.MAX_VALUE;

    private final String name;
    private volatile int share = ALL;

    InterceptorSwitch(String name) {
        this.name = name;
    }

    /**
     * The name of the interceptor.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /** Lets the interceptor see every call. This is how a pipeline starts. */
    public void on() {
        share(1);
    }

    /** Passes every call by the interceptor. */
    public void off() {
        share(0);
    }

    /**
     * Lets the interceptor see a share of the calls, chosen at random; a call that it sees, it sees in all its attempts.
     *
     * @param fraction the share, from 0 to 1
     */
    public void share(double fraction) {
        if (!(fraction >= 0 && fraction <= 1)) {
            throw new IllegalArgumentException(
                    "the share of calls that interceptor '" + name + "' sees must be from 0 to 1, but is " + fraction);
        }
        share = (int) (fraction * ALL);
        log.info("interceptor '{}' now sees {} % of the calls", name, fraction * 100);
    }

    /**
     * The share of calls that the interceptor sees.
     *
     * @return from 0 to 1
     */
    public double share() {
        return share / (double) ALL;
    }

    boolean skips(CallScope scope) {
        int current = share;
        return current != ALL && (current == 0 || isPassedBy(scope.sample(), current));
    }

    private boolean isPassedBy(int sample, int current) {
        // The sample is mixed with the name, so that two switches at one half do not pick the same half (finalizer of
        // MurmurHash3).
        int h = sample ^ name.hashCode();
        h = (h ^ (h >>> 16)) * 0x85ebca6b;
        h = (h ^ (h >>> 13)) * 0xc2b2ae35;
        return ((h ^ (h >>> 16)) & ALL) >= current;
    }

    @Override
    public String toString() {
        return name + " " + (share == ALL ? "on" : share == 0 ? "off" : Math.round(share() * 1000) / 10.0 + " %");
    }
}
