package io.fmware.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.FloatRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class NeighbourVoteTest {
    private static final double ROUNDING = 1e-12;

    private static NeighbourVote vote(float[] similarities, int... answers) {
        return NeighbourVote.of(similarities, answers);
    }

    @Test
    void without_neighbours_there_is_no_candidate() {
        assertThat(NeighbourVote.of(new float[0], new int[0])).isEqualTo(new NeighbourVote(-1, 0));
    }

    @Test
    void a_neighbour_alone_is_worth_its_similarity() {
        assertThat(vote(new float[] {0.75f}, 5).score()).isCloseTo(0.5, within(1e-6));
        assertThat(vote(new float[] {0.9f}, 5).score()).isCloseTo(0.9526, within(1e-4));
    }

    @Test
    void neighbours_of_one_answer_win_together_and_the_nearest_of_them_is_chosen() {
        NeighbourVote vote = vote(new float[] {0.86f, 0.85f, 0.85f}, 1, 2, 2);

        assertThat(vote.chosen()).isEqualTo(1);
        assertThat(vote.score()).isLessThan(0.7);
    }

    @Test
    void a_near_neighbour_with_another_answer_makes_it_unclear() {
        assertThat(vote(new float[] {0.95f, 0.94f}, 1, 2).score()).isLessThan(0.56);
        assertThat(vote(new float[] {0.95f, 0.94f}, 1, 1).score()).isGreaterThan(0.98);
    }

    @Property
    void the_score_is_a_part_and_the_chosen_one_is_the_nearest_of_its_answer(
            @ForAll @Size(6) float[] similarities, @ForAll @Size(6) @IntRange(max = 3) int[] answers) {
        float[] sorted = new float[6];
        for (int i = 0; i < 6; i++) {
            sorted[i] = Float.isFinite(similarities[i]) ? (float) Math.cos(similarities[i]) : 0;
        }
        Arrays.sort(sorted);
        for (int i = 0; i < 3; i++) {
            float swapped = sorted[i];
            sorted[i] = sorted[5 - i];
            sorted[5 - i] = swapped;
        }

        NeighbourVote vote = NeighbourVote.of(sorted, answers);

        assertThat(vote.score()).isBetween(0.0, 1.0);
        assertThat(Arrays.stream(answers, 0, vote.chosen())).doesNotContain(answers[vote.chosen()]);
    }

    @Property
    void one_more_neighbour_of_the_same_answer_never_lowers_the_score(
            @ForAll @FloatRange(min = -1, max = 1) float one, @ForAll @FloatRange(min = -1, max = 1) float other) {
        float[] both = {Math.max(one, other), Math.min(one, other)};

        double alone = vote(both, 4).score();
        assertThat(vote(both, 4, 4).score()).isGreaterThanOrEqualTo(alone - ROUNDING);
        assertThat(vote(both, 4, 5).score()).isLessThanOrEqualTo(alone + ROUNDING);
    }
}
