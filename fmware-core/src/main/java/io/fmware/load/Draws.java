package io.fmware.load;

import io.fmware.stats.NormalQuantile;
import java.util.SplittableRandom;

/** Random draws that are the same on every machine for one seed. Not thread-safe. */
final class Draws {
    private static final double SMALLEST = 0x1.0p-60;

    private final SplittableRandom random;

    Draws(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** Above 0 and below 1. */
    double uniform() {
        return Math.max(SMALLEST, random.nextDouble());
    }

    boolean happens(double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }

    double normal() {
        return NormalQuantile.of(uniform());
    }

    /** With mean 1. */
    double exponential() {
        return -StrictMath.log(uniform());
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    /** Draws that have nothing to do with these, so that what is asked of one does not shift the other. */
    Draws split() {
        return new Draws(random.nextLong());
    }
}
