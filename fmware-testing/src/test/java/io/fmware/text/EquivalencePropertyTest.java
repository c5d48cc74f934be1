package io.fmware.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
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

    /** JSON, small so that two are the same now and then, and what is nearly JSON. */
    @Provide
    static Arbitrary<String> trees() {
        return Arbitraries.oneOf(flat(), around(flat()));
    }

    private static Arbitrary<String> flat() {
        return around(Arbitraries.of("1", "1.0", "\"x\"", "null", "true", "tru"));
    }

    private static Arbitrary<String> around(Arbitrary<String> values) {
        Arbitrary<String> objects = Arbitraries.maps(Arbitraries.of("id", "a", "meta"), values)
                .ofMaxSize(2)
                .map(members -> members.entrySet().stream()
                        .map(each -> "\"" + each.getKey() + "\":" + each.getValue())
                        .collect(Collectors.joining(",", "{", "}")));
        return Arbitraries.oneOf(objects, values.list().ofMaxSize(2).map(items -> "[" + String.join(",", items) + "]"));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void it_is_symmetric_and_each_text_the_same_as_itself_where_members_are_ignored(
            @ForAll("trees") String one, @ForAll("trees") String other) {
        Equivalence ignoring = cautious.ignoringMembers("id", "/meta/a", "/0");

        assertThat(ignoring.same(one, other)).isEqualTo(ignoring.same(other, one));
        assertThat(ignoring.same(one, "\n" + one)).isTrue();
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void what_is_the_same_with_all_members_is_the_same_where_some_are_ignored(
            @ForAll("trees") String one, @ForAll("trees") String other) {
        if (cautious.same(one, other)) {
            assertThat(cautious.ignoringMembers("id", "/meta/a").same(one, other))
                    .isTrue();
        }
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void an_ignored_member_on_one_side_only_does_not_count(@ForAll("trees") String tree) {
        String with = "{\"id\":7,\"a\":" + tree + "}";
        String without = "{\"a\":" + tree + "}";

        assertThat(cautious.ignoringMembers("id").same(with, without)).isEqualTo(isJson(tree));
    }

    private static boolean isJson(String tree) {
        return !tree.replace("true", "").contains("tru");
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
