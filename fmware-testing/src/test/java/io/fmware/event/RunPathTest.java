package io.fmware.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RunPathTest {
    private static final RunPath CLAIM = RunPath.root("claim");

    @Test
    void a_path_is_the_names_from_the_run_down_with_their_numbers() {
        RunPath tool = CLAIM.child("fraud", 1).child("tool", "lookup", 2);

        assertThat(tool).hasToString("claim/fraud#1/tool:lookup#2");
        assertThat(tool.segment()).isEqualTo("tool:lookup");
        assertThat(tool.ordinal()).isEqualTo(2);
        assertThat(tool.depth()).isEqualTo(2);
        assertThat(tool.parent()).isEqualTo(CLAIM.child("fraud", 1));
        assertThat(CLAIM.parent()).isNull();
        assertThat(CLAIM.depth()).isZero();
    }

    @Test
    void a_path_contains_itself_and_what_is_in_it() {
        RunPath fraud = CLAIM.child("fraud", 1);

        assertThat(CLAIM.contains(fraud.child("tool", "x", 1))).isTrue();
        assertThat(fraud.contains(fraud)).isTrue();
        assertThat(fraud.contains(CLAIM)).isFalse();
        assertThat(fraud.contains(CLAIM.child("fraud", 2))).isFalse();
        assertThat(fraud.contains(CLAIM.child("fraud", 2).child("x", 1))).isFalse();
    }

    @Test
    void a_name_that_would_break_the_notation_is_escaped() {
        assertThat(CLAIM.child("a/b#1:c%\n\u0085ü", 1)).hasToString("claim/a%2Fb%231%3Ac%25%0A%C2%85ü#1");
        assertThat(CLAIM.child("tool:x", 1)).isNotEqualTo(CLAIM.child("tool", "x", 1));
        assertThat(CLAIM.child("a", 1).child("b", 1)).isNotEqualTo(CLAIM.child("a#1/b", 1));
    }

    @Test
    void a_long_name_is_cut_and_two_long_ones_stay_two() {
        String long1 = "x".repeat(10_000_000) + "1";
        String long2 = "x".repeat(10_000_000) + "2";

        assertThat(CLAIM.child(long1, 1).toString())
                .hasSize("claim/".length() + 200 + "~".length() + 8 + "#1".length());
        assertThat(CLAIM.child(long1, 1)).isEqualTo(CLAIM.child(long1, 1)).isNotEqualTo(CLAIM.child(long2, 1));
    }

    @Test
    void numbers_start_at_one() {
        assertThatThrownBy(() -> CLAIM.child("x", 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the number of a path starts at 1, but is 0");
    }

    @Property(tries = 1000)
    void two_names_give_two_paths_that_each_have_one_line_and_one_more_slash(@ForAll String one, @ForAll String other) {
        RunPath path = CLAIM.child(one, 1);

        assertThat(path.equals(CLAIM.child(other, 1))).isEqualTo(one.equals(other));
        assertThat(path.toString().chars().filter(c -> c == '/')).hasSize(1);
        assertThat(path.toString().chars().filter(Character::isISOControl)).isEmpty();
    }
}
