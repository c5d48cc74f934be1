package io.fmware.cache;

/** Vectors of length one: their dot product is the cosine of the angle between them. */
final class UnitVector {
    private static final int LANES = 8;

    private UnitVector() {}

    /** A copy of a vector, scaled to length one; refuses what has no direction. */
    static float[] of(float[] vector, int dimension) {
        if (vector.length != dimension) {
            throw new IllegalArgumentException(
                    "a vector of this index must have " + dimension + " dimensions, but has " + vector.length);
        }
        double squares = 0;
        for (int i = 0; i < dimension; i++) {
            if (!Float.isFinite(vector[i])) {
                throw new IllegalArgumentException(
                        "the values of a vector must be finite, but number " + i + " is " + vector[i]);
            }
            squares += (double) vector[i] * vector[i];
        }
        if (squares == 0) {
            throw new IllegalArgumentException(
                    "a vector must have a direction, but all " + dimension + " values are zero");
        }
        double length = Math.sqrt(squares);
        float[] unit = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            unit[i] = (float) (vector[i] / length);
        }
        return unit;
    }

    /** The dot product, in eight sums that do not wait for one another. */
    static float dot(float[] a, float[] b) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        float s4 = 0;
        float s5 = 0;
        float s6 = 0;
        float s7 = 0;
        int whole = a.length - a.length % LANES;
        for (int i = 0; i < whole; i += LANES) {
            s0 += a[i] * b[i];
            s1 += a[i + 1] * b[i + 1];
            s2 += a[i + 2] * b[i + 2];
            s3 += a[i + 3] * b[i + 3];
            s4 += a[i + 4] * b[i + 4];
            s5 += a[i + 5] * b[i + 5];
            s6 += a[i + 6] * b[i + 6];
            s7 += a[i + 7] * b[i + 7];
        }
        for (int i = whole; i < a.length; i++) {
            s0 += a[i] * b[i];
        }
        return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
    }
}
