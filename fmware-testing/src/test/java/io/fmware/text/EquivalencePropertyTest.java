package io.fmware.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class EquivalencePropertyTest {
    private final Equivalence exact = Equivalence.exact();
    private final Equivalence cautious = Equivalence.cautious();

    @Provide
    static Arbitrary<String> sentences() {
        return DistinctionsPropertyTest.sentences();
    }

    @Provide
    static Arbitrary<String> strings() {
        return DistinctionsPropertyTest.strings();
    }

    @Property
    void it_is_symmetric(@ForAll("sentences") String one, @ForAll("sentences") String other) {
        assertThat(cautious.same(one, other)).isEqualTo(cautious.same(other, one));
        assertThat(exact.same(one, other)).isEqualTo(exact.same(other, one));
    }

    @Property
    void it_is_symmetric_for_any_strings(@ForAll("strings") String one, @ForAll("strings") String other) {
        assertThat(cautious.same(one, other)).isEqualTo(cautious.same(other, one));
        assertThat(exact.same(one, other)).isEqualTo(exact.same(other, one));
    }

    @Property
    void a_text_says_the_same_as_itself(@ForAll("strings") String text) {
        assertThat(exact.same(text, " " + text)).isTrue();
        assertThat(cautious.same(text, text + "\n")).isTrue();
    }

    @Property
    void what_is_exactly_the_same_is_cautiously_the_same(@ForAll("sentences") String text) {
        String spaced = "\n" + text.replace(" ", "   ");

        assertThat(exact.same(text, spaced)).isTrue();
        assertThat(cautious.same(text, spaced)).isTrue();
    }

    @Property
    void a_text_never_says_the_same_as_with_a_claim_denied(@ForAll("sentences") String text) {
        String claim = text.toLowerCase(Locale.ROOT) + " . penguins fly";

        assertThat(cautious.same(claim, claim.replace("penguins fly", "penguins cannot fly")))
                .isFalse();
    }
}
