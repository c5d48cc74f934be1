package io.fmware.cache;

import java.util.Random;

/** Vectors that lie in clusters, as those of paraphrases do, all of them in one part of the sphere. */
final class Clusters {
    private final Random random;
    private final int dimension;
    private final float[][] centres;

    Clusters(long seed, int dimension, int number) {
        this.random = new Random(seed);
        this.dimension = dimension;
        this.centres = new float[number][];
        float[] common = gaussian(random, dimension);
        for (int i = 0; i < number; i++) {
            centres[i] = sum(common, gaussian(random, dimension), 1.5f);
        }
    }

    static float[] gaussian(Random random, int dimension) {
        float[] vector = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }

    float[] next() {
        float[] centre = centres[random.nextInt(centres.length)];
        return sum(centre, gaussian(random, dimension), 0.2f + random.nextFloat());
    }

    private static float[] sum(float[] a, float[] b, float times) {
        float[] sum = a.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += b[i] * times;
        }
        return sum;
    }
}
