package io.fmware.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class DistinctionsWorkTest {
    private static final int TEN_MEGABYTES = 10_000_000;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a ",
                "1",
                "1,",
                "1-",
                "1.",
                "a-",
                "a'",
                "'",
                "\"",
                "`",
                "not ",
                "no more ",
                "is not it, ",
                "A ",
                "$1 ",
                "hundred and ",
                "five million ",
                "from a to b ",
                "a/",
                "<",
                "((",
                "un",
                "\u0301",
                "\u0316\u0301",
                "\u200b",
                "\ud800",
                "\ufdfa",
                "\ud83d\udc4d",
                "good bad ",
                "{",
                "[1,",
                "by "
            })
    void takes_time_that_grows_with_the_length_only(String piece) {
        String most = piece.repeat(Distinctions.LONGEST / piece.length());
        String other = most.substring(0, most.length() - piece.length()) + "z";
        for (String text : List.of(most, other)) {
            assertThat(Distinctions.between(text, text + " ")).isEmpty();
        }
        assertThat(Distinctions.between(most, other)).isNotNull();
        assertThat(Distinctions.between(most, "z" + most)).isNotNull();
        assertThat(Distinctions.isContentless(most)).isIn(true, false);
        assertThat(Equivalence.cautious().same(most, most + " ")).isTrue();
        assertThat(Equivalence.cautious().same(most, other)).isIn(true, false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a ", "\u0316\u0301", "\u200b", "\ud800", "[", "{\"a\":", "1,"})
    void ten_megabytes_are_no_trouble(String piece) {
        String huge = piece.repeat(TEN_MEGABYTES / piece.length());

        assertThat(Distinctions.between(huge, huge + "b")).containsExactly(Distinction.LENGTH);
        assertThat(Distinctions.isContentless(huge)).isFalse();
        assertThat(Equivalence.exact().same(huge, huge + "b")).isFalse();
        assertThat(Equivalence.cautious().same(huge, huge + "b")).isFalse();
        assertThat(Equivalence.cautious().same("[" + huge + "]", "[" + huge + "b]"))
                .isFalse();
    }

    @Test
    void many_different_words_are_not_paired_one_by_one() {
        StringBuilder one = new StringBuilder();
        StringBuilder other = new StringBuilder();
        for (int i = 0; i < 3000; i++) {
            one.append(" w").append(Integer.toString(i, 36).replaceAll("[0-9]", "q"));
            other.append(" v").append(Integer.toString(i, 36).replaceAll("[0-9]", "q"));
        }

        assertThat(Distinctions.between(one.toString(), other.toString())).contains(Distinction.WORD);
    }
}
