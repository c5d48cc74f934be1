package io.fmware.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class DistinctionsPropertyTest {
    private static final List<String> WORDS = List.of(
            "how",
            "can",
            "cannot",
            "not",
            "never",
            "no",
            "I",
            "you",
            "cancel",
            "freeze",
            "my",
            "card",
            "unsafe",
            "safe",
            "good",
            "bad",
            "5",
            "five",
            "1,000",
            "km",
            "miles",
            "$5",
            "under",
            "over",
            "than",
            "more",
            "from",
            "to",
            "Paris",
            "London",
            "NATO",
            "`code`",
            "--flag",
            "a/b/c",
            "x_y",
            "\"quoted\"",
            "v1.2.3",
            "E1234",
            "2024-01-05",
            "isn't",
            "it",
            ",",
            ".",
            "?",
            "or",
            "only",
            "all",
            "before",
            "after",
            "by",
            "hundred",
            "and",
            "one",
            "\ud83d\udc4d",
            "nicht",
            "pas",
            "don't",
            "'",
            "-",
            "--",
            "1-1-1",
            "<",
            ">=",
            "a",
            "B",
            "second",
            "third",
            "million");

    @Provide
    static Arbitrary<String> sentences() {
        return Arbitraries.of(WORDS).list().ofMaxSize(14).map(words -> String.join(" ", words));
    }

    /** With lone surrogates, marks, signs that nobody sees, and whatever else there is. */
    @Provide
    static Arbitrary<String> strings() {
        Arbitrary<Character> any = Arbitraries.chars().range('\u0000', '\uffff');
        Arbitrary<Character> signs =
                Arbitraries.chars().with(" \t\n'\"`.,;:-_/\\#@$%&*()[]{}<>=+~^|!?0159aZ\u0301\u200b\ud800\udc00");
        return Arbitraries.oneOf(
                any.list().ofMaxSize(40).map(DistinctionsPropertyTest::joined),
                signs.list().ofMaxSize(40).map(DistinctionsPropertyTest::joined));
    }

    private static String joined(List<Character> characters) {
        StringBuilder joined = new StringBuilder();
        characters.forEach(joined::append);
        return joined.toString();
    }

    @Property
    void it_does_not_matter_which_question_came_first(
            @ForAll("sentences") String one, @ForAll("sentences") String other) {
        assertThat(Distinctions.between(one, other)).isEqualTo(Distinctions.between(other, one));
    }

    @Property
    void nothing_keeps_a_text_from_itself_with_other_white_space(@ForAll("sentences") String text) {
        assertThat(Distinctions.between(text, "  " + text.replace(" ", "\t \u00a0") + " "))
                .isEmpty();
    }

    @Property
    void nothing_keeps_a_text_from_itself_with_another_case_of_its_first_word(@ForAll("sentences") String text) {
        String question = "tell " + text;

        assertThat(Distinctions.between(question, "Tell " + text)).isEmpty();
        assertThat(Distinctions.between(question, "TELL " + text)).isEmpty();
    }

    @Property
    void nothing_keeps_any_string_from_itself(@ForAll("strings") String text) {
        assertThat(Distinctions.between(text, text)).isEmpty();
        assertThat(Distinctions.between(text, text + " ")).isEmpty();
    }

    @Property
    void any_two_strings_are_compared(@ForAll("strings") String one, @ForAll("strings") String other) {
        assertThat(Distinctions.between(one, other)).isEqualTo(Distinctions.between(other, one));
        assertThat(Distinctions.isContentless(one)).isIn(true, false);
    }

    @Property
    void another_number_is_always_noticed(@ForAll("sentences") String text) {
        assertThat(Distinctions.between(text + " , 77 apples", text + " , 78 apples"))
                .contains(Distinction.NUMBER);
    }

    @Property
    void the_default_locale_makes_no_difference(@ForAll("sentences") String one, @ForAll("sentences") String other) {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.ROOT);
            var expected = Distinctions.between(one, other);
            Locale.setDefault(new Locale("tr"));
            assertThat(Distinctions.between(one, other)).isEqualTo(expected);
        } finally {
            Locale.setDefault(before);
        }
    }
}
