package io.fmware.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EquivalenceTest {
    private final Equivalence exact = Equivalence.exact();
    private final Equivalence cautious = Equivalence.cautious();

    @Test
    void white_space_and_forms_of_unicode_do_not_count_even_where_it_is_exact() {
        assertThat(exact.same("It  costs\n5 \u20ac.", " It costs \uff15 \u20ac. "))
                .isTrue();
        assertThat(exact.same("it\u200bs", "its")).isTrue();
        assertThat(exact.same("caf\u00e9", "cafe\u0301")).isTrue();
        assertThat(exact.same("\u201cyes\u201d", "\"yes\"")).isTrue();
    }

    @Test
    void raised_and_lowered_digits_are_no_digits_of_the_number_before_them() {
        assertThat(exact.same("10\u00b2", "102")).isFalse();
        assertThat(exact.same("10\u207b\u00b2", "10-2")).isFalse();
        assertThat(exact.same("x\u2081", "x1")).isFalse();
        assertThat(exact.same("10\u00b2\u2075", "10^25")).isTrue();
        assertThat(cautious.same("The result is 10\u00b2.", "The result is 102."))
                .isFalse();
    }

    @Test
    void the_indentation_of_lines_counts_where_it_is_exact() {
        String code = "if a:\n  b()\n  c()";

        assertThat(exact.same(code, "if a:\n  b()\nc()")).isFalse();
        assertThat(exact.same(code, "if a:\n\tb()\n\tc()")).isFalse();
        assertThat(exact.same(code, "if a:\r\n\r\n  b()  \r\n  c()\n")).isTrue();
        assertThat(exact.same("It costs\r\n5 EUR", "It costs 5 EUR")).isTrue();
    }

    @Test
    void in_blocks_of_code_indentation_counts_for_the_cautious_too() {
        String block = "Do this:\n```\nif a:\n  b()\n  c()\n```";

        assertThat(cautious.same(block, "do this\n```\nif a:\n  b()\n  c()\n```"))
                .isTrue();
        assertThat(cautious.same(block, "Do this:\n```\nif a:\n  b()\nc()\n```"))
                .isFalse();
    }

    @Test
    void headings_and_bullets_of_markdown_say_nothing() {
        assertThat(cautious.same("# Shopping\n\n- bread\n- butter", "Shopping:\n* Bread\n* Butter"))
                .isTrue();
        assertThat(cautious.same("- bread\n- butter", "- bread\n- milk")).isFalse();
    }

    @Test
    void case_punctuation_and_words_count_where_it_is_exact() {
        assertThat(exact.same("Yes", "yes")).isFalse();
        assertThat(exact.same("yes", "yes.")).isFalse();
        assertThat(exact.same("", "yes")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    Paris is the capital of France. | paris is the capital of France
                    **Paris** is the capital of _France_. | Paris is the capital of France!
                    Sure! Please note: refunds take 5 days. | Note: refunds take five days
                    It costs 1,000 EUR. | It costs 1000 euros.
                    There are 5 million users. | There are 5,000,000 users.
                    It isn't possible. | It is not possible.
                    It isn't possible. | It's impossible.
                    Yes. | yes
                    42 | 42.0
                    Run `ls -l` first. | Run `ls -l` first
                    It is 5 KM away. | It is 5 km away.
                    """)
    void the_same_claims_in_other_dress_are_the_same(String one, String other) {
        assertThat(cautious.same(one, other)).isTrue();
        assertThat(cautious.same(other, one)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    Yes. | No.
                    Yes, you can cancel it. | No, you can cancel it.
                    You can cancel it. | You cannot cancel it.
                    No, it is refundable. | It is refundable.
                    Refunds take 5 days. | Refunds take 15 days.
                    Refunds take 5 days. | Refunds take 5 weeks.
                    A costs 5, B costs 6. | A costs 6, B costs 5.
                    Alice paid Bob. | Bob paid Alice.
                    It was approved. | It will be approved.
                    It works. | It may work.
                    It works if you pay. | It works and you pay.
                    Refunds take 5 days. | Refunds usually take 5 days.
                    Run `ls -l` first. | Run `ls -L` first.
                    password: aB3 | password: ab3
                    Path /a/B | Path /a/b
                    Open src/Main now. | Open src/main now.
                    See https://x.example/aB | See https://x.example/ab
                    Call parseInt first. | Call parseint first.
                    Say "Yes" to it. | Say "yes" to it.
                    First aB3, then ab3. | First ab3, then aB3.
                    It takes 5 mW. | It takes 5 MW.
                    Use Python 3.1. | Use Python 3.10.
                    A is 3.1, B is 3.10. | A is 3.10, B is 3.1.
                    Only admins can delete. | Admins can only delete.
                    It is minus 5 degrees. | It is 5 degrees.
                    First open it, then close it. | First close it, then open it.
                    Paris. | It is London.
                    It is red. | They are blue.
                    Paris is the capital of France. | The capital of France is Lyon.
                    yes | {"answer":"yes"}
                    I am sure. | You are sure of it, they say.
                    The bank cancelled it. | The bank cancels it.
                    """)
    void whatever_may_be_another_claim_is_another_one(String one, String other) {
        assertThat(cautious.same(one, other)).isFalse();
        assertThat(cautious.same(other, one)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    {"a":1,"b":[1,2]} | { "b" : [1.0, 2e0], "a" : 1.00 }
                    {"a":"x  y"} | {"a":"x y"}
                    [null,true] | [ null , true ]
                    """)
    void json_is_compared_as_a_tree(String one, String other) {
        assertThat(cautious.same(one, other)).isTrue();
        assertThat(cautious.same("```json\n" + one + "\n```", other)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    {"a":1} | {"a":2}
                    {"a":1} | {"a":"1"}
                    {"a":1} | {"b":1}
                    {"a":1} | {"a":1,"b":null}
                    {"a":null} | {"b":null}
                    [1,2] | [2,1]
                    {"a":true} | {"a":false}
                    {"a":"Yes"} | {"a":"yes"}
                    {"a":1} | {"a":1
                    {"a":1,"a":2} | {"a":2}
                    {"a":1} | {"a":1} {"a":1}
                    {"a":0} | {"a":1e-99999999999}
                    """)
    void json_that_holds_something_else_is_not_the_same(String one, String other) {
        assertThat(cautious.same(one, other)).isFalse();
        assertThat(cautious.same(other, one)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    {"id":1,"a":2} | {"a":2.0,"id":7}
                    {"id":1,"a":2} | {"a":2}
                    {"id":1} | {}
                    {"a":[{"id":1,"b":2}]} | {"a":[{"b":2,"id":{"x":1}}]}
                    {"meta":{"timestamp":1,"by":"me"}} | {"meta":{"by":"me","timestamp":2}}
                    {"meta":{"timestamp":1}} | {"meta":{}}
                    {"a/b":{"~":1}} | {"a/b":{}}
                    {"list":[1,2,3]} | {"list":[1,5,3]}
                    """)
    void members_that_are_ignored_do_not_count(String one, String other) {
        Equivalence ignoring = cautious.ignoringMembers("id", "/meta/timestamp", "/a~1b/~0", "/list/1");

        assertThat(ignoring.same(one, other)).isTrue();
        assertThat(ignoring.same(other, "```json\n" + one + "\n```")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    {"id":1,"a":2} | {"id":1,"a":3}
                    {"ID":1} | {"ID":2}
                    {"a":{"meta":{"timestamp":1}}} | {"a":{"meta":{"timestamp":2}}}
                    {"timestamp":1} | {"timestamp":2}
                    {"meta":{"timestamp":1}} | {}
                    {"id":1,"id":2} | {"id":3}
                    {"id":1} | id
                    [1,2,3] | [1,5,3]
                    The id is 5. | The id is 6.
                    """)
    void what_is_not_ignored_counts(String one, String other) {
        Equivalence ignoring = cautious.ignoringMembers("id", "/meta/timestamp");

        assertThat(ignoring.same(one, other)).isFalse();
        assertThat(ignoring.same(other, one)).isFalse();
    }

    @Test
    void what_is_no_json_is_compared_as_without_members_to_ignore() {
        assertThat(cautious.ignoringMembers("id").same("It costs 1,000 EUR.", "It costs 1000 euros."))
                .isTrue();
        assertThat(exact.ignoringMembers("id").same("It costs 1,000 EUR.", "It costs 1000 euros."))
                .isFalse();
        assertThat(exact.ignoringMembers("id").same("{\"a\":1,\"id\":2}", "{\"a\":1.0}"))
                .isTrue();
    }

    @Test
    void a_judge_is_told_json_without_the_members_that_are_ignored() {
        List<String> told = new ArrayList<>();
        Equivalence judge = (one, other) -> told.add(one + " " + other);

        assertThat(judge.ignoringMembers("id").same("{\"id\":1,\"a\":\"x\"}", "{\"id\":2,\"a\":\"y\"}"))
                .isTrue();
        assertThat(told).containsExactly("{\"a\":\"x\"} {\"a\":\"y\"}");
    }

    @Test
    void members_to_ignore_are_named() {
        assertThatThrownBy(() -> cautious.ignoringMembers())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no member is named; say which ones do not count, such as \"id\"");
        assertThatThrownBy(() -> cautious.ignoringMembers("id", " "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the name of a member must not be blank");
        assertThatThrownBy(() -> cautious.ignoringMembers("/a~2"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("/a~2 is no JSON Pointer: in one, write ~0 for ~ and ~1 for / in a name");
        assertThat(cautious.ignoringMembers("id", "/meta/timestamp"))
                .hasToString("Equivalence.cautious().ignoringMembers(id, /meta/timestamp)");
    }

    @Test
    @SuppressWarnings("NullAway") // what the compiler refuses is asked of the method
    void a_member_without_a_name_is_refused() {
        assertThatThrownBy(() -> cautious.ignoringMembers("id", null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("the name of a member must not be null");
    }

    @Test
    void huge_exponents_are_compared_without_being_written_out() {
        assertThat(cautious.same("[1e999999999]", "[2e999999999]")).isFalse();
        assertThat(cautious.same("[10e999999]", "[1e1000000]")).isTrue();
    }

    @Test
    void a_judge_is_a_lambda() {
        Equivalence judged = (one, other) -> cautious.same(one, other) || one.length() == other.length();

        assertThat(judged.same("Paris", "Tokyo")).isTrue();
    }
}
