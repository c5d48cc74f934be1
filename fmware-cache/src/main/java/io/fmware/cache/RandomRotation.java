package io.fmware.cache;

import java.util.SplittableRandom;

/**
 * A rotation drawn by chance, always the same one for a dimension. It spreads what a vector has over all of its coordinates, so
 * that their signs tell about equally much, whatever the embedding model puts where.
 *
 * <p>Rounds of random signs and a Walsh-Hadamard transform take the place of a random matrix (Ailon and Chazelle, "The fast
 * Johnson-Lindenstrauss transform", 2009), which would cost a multiplication for each pair of coordinates. The transform wants a
 * power of two: rounds take the first and the last coordinates in turn, which overlap. Immutable.
 */
final class RandomRotation {
    private static final int ROUNDS = 4;
    private static final long SEED = 0x5DEECE66DL;

    private final int dimension;
    private final int block;
    private final float[][] factors = new float[ROUNDS][];

    RandomRotation(int dimension) {
        this.dimension = dimension;
        this.block = Integer.highestOneBit(dimension);
        SplittableRandom random = new SplittableRandom(SEED);
        // The transform makes what it takes longer by the root of its size; the factors undo that beforehand.
        float shrink = (float) (1 / Math.sqrt(block));
        for (int round = 0; round < ROUNDS; round++) {
            float[] factor = new float[dimension];
            int first = first(round);
            for (int i = 0; i < dimension; i++) {
                float size = i >= first && i < first + block ? shrink : 1;
                factor[i] = random.nextBoolean() ? size : -size;
            }
            factors[round] = factor;
        }
    }

    int dimension() {
        return dimension;
    }

    private int first(int round) {
        return round % 2 == 0 ? 0 : dimension - block;
    }

    /** The rotated vector, as long as the given one. */
    float[] rotate(float[] vector) {
        float[] rotated = vector.clone();
        for (int round = 0; round < ROUNDS; round++) {
            float[] factor = factors[round];
            for (int i = 0; i < dimension; i++) {
                rotated[i] *= factor[i];
            }
            transform(rotated, first(round), block);
        }
        return rotated;
    }

    private static void transform(float[] values, int first, int length) {
        for (int half = 1; half < length; half *= 2) {
            for (int start = first; start < first + length; start += 2 * half) {
                for (int i = start; i < start + half; i++) {
                    float sum = values[i] + values[i + half];
                    values[i + half] = values[i] - values[i + half];
                    values[i] = sum;
                }
            }
        }
    }
}
