package io.fmware.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VectorIndexTest {
    private final VectorIndex<String> index = new VectorIndex<>(3);

    @Test
    void the_nearest_come_first_with_their_cosine() {
        index.add(new float[] {0, 2, 0}, "up");
        index.add(new float[] {5, 0, 0}, "right");
        index.add(new float[] {-1, 0, 0}, "left");

        assertThat(index.nearest(new float[] {3, 4, 0}, 2))
                .extracting(VectorIndex.Match::value, VectorIndex.Match::similarity)
                .containsExactly(tuple("up", 0.8f), tuple("right", 0.6f));
        assertThat(index.nearest(new float[] {1, 0, 0}, 9))
                .extracting(VectorIndex.Match::value)
                .containsExactly("right", "up", "left");
    }

    @Test
    void an_empty_index_finds_nothing() {
        assertThat(index.nearest(new float[] {1, 0, 0}, 1)).isEmpty();
        assertThat(index.size()).isZero();
    }

    @Test
    void very_long_and_very_short_vectors_have_a_direction_too() {
        index.add(new float[] {Float.MAX_VALUE, Float.MAX_VALUE, 0}, "long");
        index.add(new float[] {0, 0, Float.MIN_VALUE}, "short");

        assertThat(index.nearest(new float[] {0, 0, 1}, 1).get(0).similarity()).isEqualTo(1);
        assertThat(index.nearest(new float[] {1, 1, 0}, 1).get(0).value()).isEqualTo("long");
    }

    @Test
    void an_entry_is_removed_once_and_its_slot_is_another_entry_then() {
        VectorIndex.Handle<String> first = index.add(new float[] {1, 0, 0}, "first");
        assertThat(index.remove(first)).isTrue();
        VectorIndex.Handle<String> second = index.add(new float[] {1, 0, 0}, "second");

        assertThat(second.slot).isEqualTo(first.slot);
        assertThat(index.remove(first)).isFalse();
        assertThat(index.nearest(new float[] {1, 0, 0}, 2))
                .extracting(VectorIndex.Match::handle)
                .containsExactly(second);
    }

    @Test
    void an_entry_of_another_index_is_not_removed() {
        VectorIndex.Handle<String> other = new VectorIndex<String>(3).add(new float[] {1, 0, 0}, "other");
        index.add(new float[] {1, 0, 0}, "own");

        assertThat(index.remove(other)).isFalse();
        assertThat(index.size()).isEqualTo(1);
    }

    @Test
    void a_vector_is_copied() {
        float[] vector = {1, 0, 0};
        index.add(vector, "it");
        vector[0] = -1;

        assertThat(index.nearest(new float[] {1, 0, 0}, 1).get(0).similarity()).isEqualTo(1);
    }

    @Test
    void memory_follows_the_number_of_entries() {
        List<VectorIndex.Handle<String>> entries = new ArrayList<>();
        Random random = new Random(1);
        for (int i = 0; i < 5000; i++) {
            entries.add(index.add(Clusters.gaussian(random, 3), "" + i));
            assertThat(index.capacity()).isLessThanOrEqualTo(Math.max(VectorIndex.LEAST_CAPACITY, 3 * index.size()));
        }
        for (VectorIndex.Handle<String> entry : entries) {
            index.remove(entry);
            assertThat(index.capacity()).isLessThanOrEqualTo(Math.max(VectorIndex.LEAST_CAPACITY, 3 * index.size()));
        }
        assertThat(index.capacity()).isEqualTo(VectorIndex.LEAST_CAPACITY);
    }

    @Test
    void an_index_of_one_entry_has_room_for_no_other() {
        index.add(new float[] {1, 0, 0}, "only");

        assertThat(index.capacity()).isEqualTo(1);
    }

    @Test
    void indexes_that_share_a_rotation_share_nothing_else() {
        RandomRotation rotation = new RandomRotation(3);
        VectorIndex<String> one = new VectorIndex<>(rotation);
        VectorIndex<String> other = new VectorIndex<>(rotation);
        one.add(new float[] {1, 0, 0}, "only");

        assertThat(one.nearest(new float[] {1, 0, 0}, 1)).hasSize(1);
        assertThat(other.nearest(new float[] {1, 0, 0}, 1)).isEmpty();
    }

    @Test
    void adding_and_removing_in_turn_takes_no_more_room() {
        for (int i = 0; i < 10_000; i++) {
            index.remove(index.add(new float[] {1, 0, 0}, "" + i));
        }
        assertThat(index.capacity()).isEqualTo(VectorIndex.LEAST_CAPACITY);
    }

    @Test
    void what_has_no_direction_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> index.add(new float[] {1, 2}, "short"))
                .withMessage("a vector of this index must have 3 dimensions, but has 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> index.add(new float[3], "zero"))
                .withMessage("a vector must have a direction, but all 3 values are zero");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> index.nearest(new float[] {0, Float.NaN, 0}, 1))
                .withMessage("the values of a vector must be finite, but number 1 is NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> index.nearest(new float[] {0, 0, Float.NEGATIVE_INFINITY}, 1))
                .withMessage("the values of a vector must be finite, but number 2 is -Infinity");
        assertThat(index.size()).isZero();
    }

    @Test
    void wrong_numbers_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> index.nearest(new float[] {1, 0, 0}, 0))
                .withMessage("the number of entries to find must be positive, but is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new VectorIndex<>(0))
                .withMessage("the dimension of a vector index must be 1 to 65535, but is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new VectorIndex<>(65_536))
                .withMessage("the dimension of a vector index must be 1 to 65535, but is 65536");
    }
}
