package io.fmware.cache;

import java.util.List;

/** The vector search of the semantic cache, which only its own package sees, for the figures. */
public final class CacheSearch {
    private final VectorIndex<Integer> index;

    /**
     * Fills an index.
     *
     * @param vectors the vectors, whose places are their names
     */
    public CacheSearch(List<float[]> vectors) {
        index = new VectorIndex<>(vectors.get(0).length);
        for (int i = 0; i < vectors.size(); i++) {
            index.add(vectors.get(i), i);
        }
    }

    /**
     * Searches.
     *
     * @param query a vector
     * @param most how many to find
     * @return the places of the nearest vectors
     */
    public int[] nearest(float[] query, int most) {
        return index.nearest(query, most).stream()
                .mapToInt(VectorIndex.Match::value)
                .toArray();
    }
}
