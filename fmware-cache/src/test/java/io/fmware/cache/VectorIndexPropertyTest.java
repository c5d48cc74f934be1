package io.fmware.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Against a list that is searched from end to end. */
class VectorIndexPropertyTest {

    @Property(tries = 300)
    void it_finds_what_a_list_finds_after_any_changes(
            @ForAll @IntRange(min = 1, max = 130) int dimension,
            @ForAll @Size(max = 200) List<@IntRange(min = 0, max = 9) Integer> changes,
            @ForAll @IntRange(min = 1, max = 20) int most,
            @ForAll long seed) {
        Random random = new Random(seed);
        VectorIndex<Integer> index = new VectorIndex<>(dimension);
        List<VectorIndex.Handle<Integer>> known = new ArrayList<>();
        Map<VectorIndex.Handle<Integer>, float[]> units = new HashMap<>();
        for (int change : changes) {
            if (change < 6 || known.isEmpty()) {
                float[] vector = Clusters.gaussian(random, dimension);
                VectorIndex.Handle<Integer> entry = index.add(vector, known.size());
                known.add(entry);
                units.put(entry, UnitVector.of(vector, dimension));
            } else {
                VectorIndex.Handle<Integer> entry = known.remove(random.nextInt(known.size()));
                units.remove(entry);
                assertThat(index.remove(entry)).isTrue();
            }
            assertThat(index.size()).isEqualTo(known.size());
        }

        float[] query = Clusters.gaussian(random, dimension);
        float[] unit = UnitVector.of(query, dimension);
        List<Float> expected = units.values().stream()
                .map(each -> Math.max(-1, Math.min(1, UnitVector.dot(unit, each))))
                .sorted(Comparator.reverseOrder())
                .limit(most)
                .toList();
        List<VectorIndex.Match<Integer>> matches = index.nearest(query, most);
        assertThat(matches).extracting(VectorIndex.Match::similarity).isEqualTo(expected);
        assertThat(matches).extracting(VectorIndex.Match::handle).doesNotHaveDuplicates();
        for (VectorIndex.Match<Integer> match : matches) {
            assertThat(units).containsKey(match.handle());
        }
    }

    @Property(tries = 50)
    void a_rotation_keeps_lengths_and_angles(@ForAll @IntRange(min = 1, max = 800) int dimension, @ForAll long seed) {
        Random random = new Random(seed);
        float[] one = UnitVector.of(Clusters.gaussian(random, dimension), dimension);
        float[] other = UnitVector.of(Clusters.gaussian(random, dimension), dimension);
        RandomRotation rotation = new RandomRotation(dimension);

        float[] rotated = rotation.rotate(one);

        assertThat(UnitVector.dot(rotated, rotated)).isCloseTo(1, within(1e-4f));
        assertThat(UnitVector.dot(rotated, rotation.rotate(other)))
                .isCloseTo(UnitVector.dot(one, other), within(1e-4f));
    }
}
