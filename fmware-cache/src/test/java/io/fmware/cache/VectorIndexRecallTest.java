package io.fmware.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Above the number of entries that are all compared. */
class VectorIndexRecallTest {
    private static final int ENTRIES = 2500;
    private static final int QUERIES = 40;
    private static final int NEAREST = 10;

    @ParameterizedTest
    @CsvSource({"384, 40", "384, 2500", "100, 40", "64, 40"})
    void what_is_nearest_is_found_in_clusters(int dimension, int clusters) {
        Clusters vectors = new Clusters(dimension + clusters, dimension, clusters);
        VectorIndex<Integer> index = new VectorIndex<>(dimension);
        List<float[]> all = new ArrayList<>();
        for (int i = 0; i < ENTRIES; i++) {
            all.add(vectors.next());
            index.add(all.get(i), i);
        }

        assertThat(recall(index, all, vectors)).isGreaterThanOrEqualTo(0.99);
    }

    @ParameterizedTest
    @CsvSource({"1", "10"})
    void what_is_nearest_is_found_after_most_entries_were_replaced(int every) {
        Clusters vectors = new Clusters(every, 384, 50);
        VectorIndex<Integer> index = new VectorIndex<>(384);
        List<VectorIndex.Handle<Integer>> entries = new ArrayList<>();
        List<float[]> all = new ArrayList<>();
        for (int i = 0; i < ENTRIES; i++) {
            all.add(vectors.next());
            entries.add(index.add(all.get(i), i));
        }
        Random random = new Random(every);
        for (int i = 0; i < ENTRIES; i += every) {
            int gone = random.nextInt(ENTRIES);
            index.remove(entries.get(gone));
            all.set(gone, vectors.next());
            entries.set(gone, index.add(all.get(gone), gone));
        }

        assertThat(index.size()).isEqualTo(ENTRIES);
        assertThat(recall(index, all, vectors)).isGreaterThanOrEqualTo(0.99);
    }

    /** The share of those truly nearest among those found. */
    private static double recall(VectorIndex<Integer> index, List<float[]> all, Clusters vectors) {
        List<float[]> units =
                all.stream().map(each -> UnitVector.of(each, each.length)).toList();
        int found = 0;
        for (int i = 0; i < QUERIES; i++) {
            float[] query = vectors.next();
            float[] unit = UnitVector.of(query, query.length);
            float least = units.stream()
                    .map(each -> UnitVector.dot(unit, each))
                    .sorted(Comparator.reverseOrder())
                    .skip(NEAREST - 1)
                    .findFirst()
                    .orElseThrow();
            List<VectorIndex.Match<Integer>> matches = index.nearest(query, NEAREST);
            assertThat(matches).hasSize(NEAREST);
            for (VectorIndex.Match<Integer> match : matches) {
                assertThat(match.similarity()).isEqualTo(UnitVector.dot(unit, units.get(match.value())));
                found += match.similarity() >= least ? 1 : 0;
            }
        }
        return found / (double) (QUERIES * NEAREST);
    }
}
