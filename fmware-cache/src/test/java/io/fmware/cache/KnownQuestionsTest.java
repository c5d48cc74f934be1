package io.fmware.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fmware.cache.KnownQuestions.Known;
import org.junit.jupiter.api.Test;

class KnownQuestionsTest {
    private static final CacheKey ONE = new CacheKey("", "", "OTHER", "gpt", "", "one");
    private static final CacheKey OTHER = ONE.with("other");
    private static final float[] EAST = {2, 0};

    private final KnownQuestions questions = new KnownQuestions();
    private final Entry entry = KnownQuestionsStressTest.entry("answer");

    @Test
    void a_question_is_found_in_its_own_partition_until_it_is_removed() {
        Known known = new Known(entry, "where?", 1);
        questions.add(ONE, EAST, known);

        assertThat(questions.nearest(ONE, EAST, 1))
                .extracting(VectorIndex.Match::value)
                .containsExactly(known);
        assertThat(questions.nearest(OTHER, EAST, 1)).isEmpty();
        assertThat(questions.of(entry)).isEqualTo(known);

        questions.remove(entry);
        questions.remove(entry);
        assertThat(questions.nearest(ONE, EAST, 1)).isEmpty();
        assertThat(questions.of(entry)).isNull();
        assertThat(questions.bytes(entry)).isZero();
        assertThat(questions.size()).isZero();
        assertThat(questions.partitions()).isZero();
    }

    @Test
    void a_question_takes_the_place_of_another_one_and_stays_when_that_goes() {
        Entry fresh = KnownQuestionsStressTest.entry("answer");
        questions.add(ONE, EAST, new Known(entry, "where?", 1));
        questions.addBeside(entry, new Known(fresh, "where?", 2));
        questions.remove(entry);

        assertThat(questions.nearest(fresh, 9)).singleElement().satisfies(match -> {
            assertThat(match.value().entry()).isSameAs(fresh);
            assertThat(match.similarity()).isEqualTo(1);
        });
    }

    @Test
    void beside_a_question_that_has_gone_nothing_is_added() {
        questions.addBeside(entry, new Known(KnownQuestionsStressTest.entry("answer"), "where?", 2));

        assertThat(questions.size()).isZero();
    }

    @Test
    void a_vector_without_a_direction_leaves_no_trace() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> questions.add(ONE, new float[2], new Known(entry, "where?", 1)))
                .withMessage("a vector must have a direction, but all 2 values are zero");
        assertThat(questions.size()).isZero();
        assertThat(questions.partitions()).isZero();
    }

    @Test
    void what_a_question_takes_grows_with_its_vector_and_its_words() {
        assertThat(KnownQuestions.bytes("", 384)).isBetween(2_000L, 2_300L);
        assertThat(KnownQuestions.bytes("", 768) - KnownQuestions.bytes("", 384))
                .isBetween(384L * Float.BYTES, 384L * Float.BYTES + 100);
        assertThat(KnownQuestions.bytes("0123456789", 384) - KnownQuestions.bytes("", 384))
                .isEqualTo(20);
    }
}
