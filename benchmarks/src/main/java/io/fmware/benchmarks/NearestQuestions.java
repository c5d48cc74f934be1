package io.fmware.benchmarks;

import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * The nearest of all questions to each question, found once by comparing each with each, so that many orders of the same
 * questions can be played. What is asked for is exact: where too few of the nearest are entries of a cache, all entries are
 * compared.
 */
final class NearestQuestions {
    private static final int KEPT = 512;

    /** Rows that are compared with a tile of questions at a time, and questions in a tile: what fits into the caches. */
    private static final int ROWS = 16;

    private static final int TILE = 1024;

    private final float[][] vectors;
    private final int[][] nearest;
    private final float[][] similarity;

    NearestQuestions(float[][] vectors) {
        this.vectors = vectors;
        nearest = new int[vectors.length][];
        similarity = new float[vectors.length][];
        float[][][] tiles = tiles(vectors);
        IntStream.rangeClosed(0, (vectors.length - 1) / ROWS)
                .parallel()
                .forEach(block -> compare(block * ROWS, Math.min(vectors.length, (block + 1) * ROWS), tiles));
    }

    /**
     * The nearest entries to a question, nearest first.
     *
     * @param similarities is filled, and says by its length how many are wanted
     * @param found is filled
     * @return how many there are
     */
    int find(int question, BitSet entries, float[] similarities, int[] found) {
        int wanted = Math.min(similarities.length, entries.cardinality());
        int count = 0;
        for (int i = 0; i < nearest[question].length && count < wanted; i++) {
            if (entries.get(nearest[question][i])) {
                found[count] = nearest[question][i];
                similarities[count++] = similarity[question][i];
            }
        }
        return count < wanted ? compareAll(question, entries, similarities, found) : count;
    }

    private int compareAll(int question, BitSet entries, float[] similarities, int[] found) {
        int count = 0;
        for (int entry = entries.nextSetBit(0); entry >= 0; entry = entries.nextSetBit(entry + 1)) {
            float product = product(vectors[question], vectors[entry]);
            if (count < found.length || product > similarities[count - 1]) {
                int at = count < found.length ? count++ : count - 1;
                for (; at > 0 && similarities[at - 1] < product; at--) {
                    similarities[at] = similarities[at - 1];
                    found[at] = found[at - 1];
                }
                similarities[at] = product;
                found[at] = entry;
            }
        }
        return count;
    }

    private static float product(float[] one, float[] other) {
        float sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += one[i] * other[i];
        }
        return sum;
    }

    /** By tile, by dimension, by question: a loop over questions is one that the compiler makes wide. */
    private static float[][][] tiles(float[][] vectors) {
        int dimensions = vectors[0].length;
        float[][][] tiles = new float[(vectors.length + TILE - 1) / TILE][dimensions][TILE];
        for (int i = 0; i < vectors.length; i++) {
            for (int d = 0; d < dimensions; d++) {
                tiles[i / TILE][d][i % TILE] = vectors[i][d];
            }
        }
        return tiles;
    }

    private void compare(int from, int to, float[][][] tiles) {
        float[][] products = new float[to - from][tiles.length * TILE];
        float[] sums = new float[TILE];
        for (int t = 0; t < tiles.length; t++) {
            for (int row = from; row < to; row++) {
                Arrays.fill(sums, 0);
                for (int d = 0; d < vectors[row].length; d += 4) {
                    add(vectors[row], tiles[t], d, sums);
                }
                System.arraycopy(sums, 0, products[row - from], t * TILE, TILE);
            }
        }
        for (int row = from; row < to; row++) {
            keep(row, products[row - from]);
        }
    }

    private static void add(float[] vector, float[][] tile, int d, float[] sums) {
        float a = vector[d];
        float b = vector[d + 1];
        float c = vector[d + 2];
        float e = vector[d + 3];
        float[] as = tile[d];
        float[] bs = tile[d + 1];
        float[] cs = tile[d + 2];
        float[] es = tile[d + 3];
        for (int i = 0; i < sums.length; i++) {
            sums[i] += a * as[i] + b * bs[i] + c * cs[i] + e * es[i];
        }
    }

    private void keep(int row, float[] products) {
        long[] sorted = new long[vectors.length];
        for (int i = 0; i < sorted.length; i++) {
            // Nearest first: similarity is at most 1 but for rounding, and a positive float sorts like its bits.
            sorted[i] = (long) Float.floatToIntBits(i == row ? 4 : 2 - products[i]) << 32 | i;
        }
        Arrays.sort(sorted);
        int kept = Math.min(KEPT, sorted.length - 1);
        nearest[row] = new int[kept];
        similarity[row] = new float[kept];
        for (int i = 0; i < kept; i++) {
            nearest[row][i] = (int) sorted[i];
            similarity[row][i] = products[nearest[row][i]];
        }
    }
}
