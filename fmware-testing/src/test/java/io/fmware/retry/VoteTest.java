package io.fmware.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.BigRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;

class VoteTest {

    private static boolean same(Vote vote, String first, String second) {
        return vote.same(vote.ballot(first), vote.ballot(second));
    }

    @Test
    void exactly_equal_are_texts_but_for_white_space_at_their_ends() {
        assertThat(same(Vote.exact(), "Yes", " Yes\n")).isTrue();
        assertThat(same(Vote.exact(), "Yes", "yes")).isFalse();
    }

    @Test
    void a_field_is_compared_by_value_and_whatever_the_order_of_members() {
        Vote vote = Vote.field("/a");
        assertThat(same(vote, "{\"a\": 1.50, \"why\": \"x\"}", "{\"why\": \"y\", \"a\": 1.5}"))
                .isTrue();
        assertThat(same(vote, "{\"a\": {\"b\": 1, \"c\": [true, null]}}", "{\"a\": {\"c\": [true, null], \"b\": 1.0}}"))
                .isTrue();
        assertThat(same(vote, "{\"a\": \"1\"}", "{\"a\": 1}")).isFalse();
        assertThat(same(vote, "{\"a\": [1, 2]}", "{\"a\": [2, 1]}")).isFalse();
        assertThat(same(vote, "{\"a\": null}", "{\"a\": \"null\"}")).isFalse();
        assertThat(same(vote, "{\"a\": [\"b,\", \"c\"]}", "{\"a\": [\"b\", \",c\"]}"))
                .isFalse();
        assertThat(same(vote, "no JSON", "{\"b\": 1}")).as("nothing there").isTrue();
        assertThatThrownBy(() -> Vote.field("a"))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("'a' is not a JSON pointer; write it as in \"/sources\" or \"/answer/sources\"");
    }

    @Test
    void numbers_of_a_field_are_compared_to_the_last_digit() {
        Vote vote = Vote.field("/a");
        assertThat(same(vote, "{\"a\": 9007199254740993.0}", "{\"a\": 9007199254740992.0}"))
                .isFalse();
        assertThat(same(vote, "{\"a\": 9007199254740993.0}", "{\"a\": 9007199254740993}"))
                .isTrue();
        assertThat(same(vote, "{\"a\": 0.12345678901234567891}", "{\"a\": 0.12345678901234567892}"))
                .isFalse();
        assertThat(same(vote, "{\"a\": 1E-400}", "{\"a\": 0}")).isFalse();
        assertThat(same(vote, "{\"a\": 1e-99999999999}", "{\"a\": 0}"))
                .as("a number that cannot be held is none")
                .isFalse();
    }

    @Property
    void two_numbers_are_one_vote_where_their_values_are_equal(
            @ForAll @BigRange(min = "-1e40", max = "1e40") @Scale(40) BigDecimal first,
            @ForAll @BigRange(min = "-1e-30", max = "1e-30") @Scale(40) BigDecimal difference) {
        BigDecimal second = first.add(difference);

        assertThat(same(Vote.field("/a"), "{\"a\": " + first + "}", "{\"a\": " + second.toPlainString() + "}"))
                .isEqualTo(difference.signum() == 0);
        assertThat(same(Vote.field("/a"), "{\"a\": [" + first + "]}", "{\"a\": [" + first.toPlainString() + "0]}"))
                .isEqualTo(first.scale() > 0);
    }

    @Test
    void a_number_that_cannot_be_read_is_not_taken_for_another_one() {
        assertThat(same(Vote.numeric(), "3 boxes: 1,234,56", "1 of 3")).isFalse();
        assertThat(same(Vote.numeric(), "3 boxes: 1,234,56", "I cannot say.")).isTrue();
        assertThat(same(Vote.numeric(), "1½ cups", "1.5 cups")).isTrue();
        assertThat(same(Vote.numeric(), "5²", "52")).isFalse();
        assertThat(same(Vote.numeric(), "12 345", "99 345")).isFalse();
        assertThat(same(Vote.numeric(), "3.2×10⁵", "4.1×10⁵")).isFalse();
    }

    @Test
    void texts_without_a_number_are_votes_for_one_answer() {
        assertThat(same(Vote.numeric(), "I cannot say.", "Nobody knows.")).isTrue();
        assertThat(same(Vote.numeric(), "I cannot say.", "0")).isFalse();
    }
}
