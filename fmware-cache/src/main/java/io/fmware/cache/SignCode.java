package io.fmware.cache;

/** What is kept of a rotated unit vector for the scan: one bit for each coordinate, set where it is positive, and a scale. */
final class SignCode {
    /** The signs, 64 in each word. */
    final long[] bits;

    /** One by the sum of the sizes of the coordinates: makes the signs' dot product with a vector an estimate of the vector's. */
    final float scale;

    SignCode(float[] rotated) {
        bits = new long[words(rotated.length)];
        double sum = 0;
        for (int i = 0; i < rotated.length; i++) {
            sum += Math.abs(rotated[i]);
            if (rotated[i] > 0) {
                bits[i / Long.SIZE] |= 1L << i;
            }
        }
        scale = (float) (1 / sum);
    }

    static int words(int dimension) {
        return (dimension + Long.SIZE - 1) / Long.SIZE;
    }
}
