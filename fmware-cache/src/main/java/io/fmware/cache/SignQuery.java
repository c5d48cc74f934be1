package io.fmware.cache;

/**
 * Tells from the {@linkplain SignCode codes} of entries which of them may be nearer to a query than a given similarity. Two
 * filters, the second for those that pass the first:
 *
 * <ol>
 *   <li>The share of signs that differ is an angle (Charikar, "Similarity estimation techniques from rounding algorithms", 2002).
 *   <li>The signs of the entry and the query in four bits estimate the dot product (Gao and Long, "RaBitQ: quantizing
 *       high-dimensional vectors with a theoretical error bound for approximate nearest neighbor search", 2024).
 * </ol>
 *
 * <p>Both estimates have an error that is about normal, of a known deviation, which shrinks as vectors get nearer. What is let
 * through is all that may be near enough with an error of {@value #DEVIATIONS} deviations, so the work adapts to how crowded
 * the neighbourhood is instead of the recall. Not thread-safe: a search has its own.
 */
final class SignQuery {
    /** An estimate is further off once in 30,000 times. */
    private static final double DEVIATIONS = 4;

    private static final int PLANES = 4;
    private static final int MOST = 7;
    private static final int LEAST = -8;

    private final int dimension;
    private final int words;
    private final long[] signs;
    /** The bits of the query's coordinates as numbers of four bits in two's complement, a word of each plane after the other. */
    private final long[] planes;
    /** What one step of these numbers stands for. */
    private final float step;
    /** The sum of these numbers. */
    private final int sum;

    private float wanted;
    private int mostDiffering;
    private float errorBySquareOfScale;
    private float errorLess;

    SignQuery(float[] rotated) {
        dimension = rotated.length;
        words = SignCode.words(dimension);
        signs = new SignCode(rotated).bits;
        planes = new long[words * PLANES];
        float largest = 0;
        for (float value : rotated) {
            largest = Math.max(largest, Math.abs(value));
        }
        step = 2 * largest / (MOST - LEAST);
        int total = 0;
        for (int i = 0; i < dimension; i++) {
            int number = Math.max(LEAST, Math.min(MOST, Math.round(rotated[i] / step)));
            total += number;
            for (int plane = 0; plane < PLANES; plane++) {
                planes[i / Long.SIZE * PLANES + plane] |= (number >> plane & 1L) << i;
            }
        }
        sum = total;
        want(Float.NEGATIVE_INFINITY);
    }

    /** Lets through what may be nearer than this from now on. */
    void want(float similarity) {
        wanted = similarity;
        double cosine = Math.max(-1, Math.min(1, similarity));
        double differing = Math.acos(cosine) / Math.PI;
        mostDiffering = (int)
                Math.ceil(dimension * differing + DEVIATIONS * Math.sqrt(dimension * differing * (1 - differing)));
        // The squared error has two parts: what lies across the query, (1 - cosine^2)(D scale^2 - 1)/(D - 1), and
        // what rounding the query to steps adds, step^2 D/12 scale^2. Entries at a right angle have the largest, and
        // may come out on either side of it.
        double across = 1 - Math.pow(Math.max(0, cosine), 2);
        double square = DEVIATIONS * DEVIATIONS;
        errorLess = (float) (square * across / (dimension - 1));
        errorBySquareOfScale = (float) (square * dimension * (across / (dimension - 1) + (double) step * step / 12));
    }

    /** The number of signs in which the code that starts there differs. */
    int differing(long[] codes, int start) {
        int differing = 0;
        for (int i = 0; i < words; i++) {
            differing += Long.bitCount(codes[start + i] ^ signs[i]);
        }
        return differing;
    }

    /** The first filter: in how many signs the code of an entry may differ. */
    int mostDiffering() {
        return mostDiffering;
    }

    /** The second filter: whether the estimate is not too far below. */
    boolean mayBeNear(long[] codes, int start, float scale) {
        int positive = 0;
        for (int i = 0, plane = 0; i < words; i++, plane += PLANES) {
            long code = codes[start + i];
            positive += Long.bitCount(code & planes[plane])
                    + 2 * Long.bitCount(code & planes[plane + 1])
                    + 4 * Long.bitCount(code & planes[plane + 2])
                    - 8 * Long.bitCount(code & planes[plane + 3]);
        }
        float missing = wanted - step * (2 * positive - sum) * scale;
        return missing <= 0 || missing * missing <= scale * scale * errorBySquareOfScale - errorLess;
    }
}
