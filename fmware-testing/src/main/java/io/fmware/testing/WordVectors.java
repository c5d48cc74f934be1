package io.fmware.testing;

/** Vectors of texts by hashing their terms: each term adds 1 to or takes 1 from one place; then the length is made 1. */
final class WordVectors {

    private WordVectors() {}

    static float[] of(String text, int dimension) {
        double[] sums = new double[dimension];
        for (String term : Terms.of(text)) {
            int hash = mixed(term.hashCode());
            sums[Math.floorMod(hash, dimension)] += (hash & 0x4000_0000) == 0 ? 1 : -1;
        }
        double squares = 0;
        for (double sum : sums) {
            squares += sum * sum;
        }
        if (squares == 0) {
            sums[0] = 1;
            squares = 1;
        }
        float[] vector = new float[dimension];
        for (int i = 0; i < dimension; i++) {
            vector[i] = (float) (sums[i] / Math.sqrt(squares));
        }
        return vector;
    }

    /** Spreads the bits of {@link String#hashCode()}, which leaves similar words close. */
    private static int mixed(int hash) {
        int mixed = (hash ^ (hash >>> 16)) * 0x85ebca6b;
        mixed = (mixed ^ (mixed >>> 13)) * 0xc2b2ae35;
        return mixed ^ (mixed >>> 16);
    }
}
