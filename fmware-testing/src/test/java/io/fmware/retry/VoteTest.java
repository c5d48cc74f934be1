package io.fmware.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
    void texts_without_a_number_are_votes_for_one_answer() {
        assertThat(same(Vote.numeric(), "I cannot say.", "Nobody knows.")).isTrue();
        assertThat(same(Vote.numeric(), "I cannot say.", "0")).isFalse();
    }
}
