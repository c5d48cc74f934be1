package io.fmware.cost;

import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many tokens each part of a request is worth to one model: learned by recursive least squares from a prior, in the form of
 * a Kalman filter whose state drifts slowly. Errors count relative to the size of the request. Thread-safe; an estimate takes no
 * lock.
 */
final class TokenWeights {
    private static final int COUNT = Features.COUNT;

    /** What byte-level vocabularies of 50,000 to 200,000 tokens take for each feature, roughly. */
    private static final double[] PRIOR = {3, 4, .9, .02, .2, .35, .5, .75, .6, .25, .8, 1, .6, 2, 8, 1000};

    /** How far from that a model may well be. */
    private static final double[] SPREAD = {15, 3, .3, .08, .15, .3, .3, .35, .5, .25, .6, .6, .5, 1, 10, 800};

    /** The error that is left when all is learned, relative; and what rounding and chance add to small requests, in tokens. */
    private static final double NOISE = .05;

    private static final double NOISE_TOKENS = 1;
    private static final double DRIFT = 1e-4; // of the spread, squared, at each step
    private static final double FAR = 3; // standard deviations
    private static final int FAR_IN_A_ROW = 6; // then it was no accident: the model has changed
    private static final double MOST = 1e15;

    private final ReentrantLock lock = new ReentrantLock();
    private final double[][] covariance = new double[COUNT][COUNT];
    private volatile double[] weights = PRIOR.clone();
    private int farInARow;

    TokenWeights() {
        reset();
    }

    private void reset() {
        for (int i = 0; i < COUNT; i++) {
            Arrays.fill(covariance[i], 0);
            covariance[i][i] = SPREAD[i] * SPREAD[i];
        }
    }

    static double prior(double[] counts) {
        return Math.max(1, dot(PRIOR, counts));
    }

    /** The tokens of a request: finite, at least 1, and not absurd whatever was learned. */
    double estimate(double[] counts) {
        double prior = prior(counts);
        double learned = dot(weights, counts);
        return Double.isFinite(learned) ? Math.min(MOST, Math.max(learned, Math.max(1, prior / 10))) : prior;
    }

    void learn(double[] counts, double actual) {
        lock.lock();
        try {
            double size = prior(counts);
            double[] x = new double[COUNT];
            for (int i = 0; i < COUNT; i++) {
                x[i] = counts[i] / size;
                covariance[i][i] += DRIFT * SPREAD[i] * SPREAD[i];
            }
            update(x, actual / size, NOISE * NOISE + NOISE_TOKENS * NOISE_TOKENS / (size * size));
        } finally {
            lock.unlock();
        }
    }

    private void update(double[] x, double y, double noise) {
        double[] px = new double[COUNT];
        for (int i = 0; i < COUNT; i++) {
            px[i] = dot(covariance[i], x);
        }
        double error = y - dot(weights, x);
        double expected = dot(px, x);
        double far = Math.abs(error) / (FAR * Math.sqrt(expected + noise));
        if (far > 1) {
            if (++farInARow >= FAR_IN_A_ROW) {
                farInARow = 0;
                reset();
                return; // the next ones say what it is now
            }
            noise = (expected + noise) * far * far - expected; // it pulls no further than one that is just not far off
        } else {
            farInARow = 0;
        }
        double scale = expected + noise;
        double[] next = weights.clone();
        for (int i = 0; i < COUNT; i++) {
            next[i] += px[i] * error / scale;
            for (int j = 0; j <= i; j++) {
                covariance[i][j] -= px[i] * px[j] / scale;
                covariance[j][i] = covariance[i][j];
            }
            covariance[i][i] = Math.max(covariance[i][i], 0);
        }
        if (Arrays.stream(next).allMatch(Double::isFinite)) {
            weights = next;
        } else {
            reset();
        }
    }

    private static double dot(double[] one, double[] other) {
        double sum = 0;
        for (int i = 0; i < COUNT; i++) {
            sum += one[i] * other[i];
        }
        return sum;
    }
}
