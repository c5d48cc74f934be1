package io.fmware.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswersTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            The answer is 42.              | 42
            1,234.50 EUR                   | 1234.5
            1.234.567                      | 1234567
            1.234.567,5                    | 1234567.5
            1'234                          | 1234
            1,23,456 rupees                | 123456
            3,14                           | 3.14
            0,125                          | 0.125
            1.250                          | 1.25
            $1,000                         | 1000
            -$5                            | -5
            it is -5 °C                    | -5
            3 - 4                          | 4
            3-4                            | 4
            x = 7, y = 8                   | 8
            1, 2, 3                        | 3
            1,2,3                          | 3
            \\boxed{1{,}000}               | 1000
            2.5e-3                         | 0.0025
            3/4                            | 0.75
            6/9                            | 2/3
            1/0                            | 1/0
            2 million                      | 2000000
            .5                             | 0.5
            50 %                           | 50
            ٤٢                             | 42
            step2                          | none
            none at all                    | none
            ½                              | 0.5
            1½                             | 1.5
            1 ½ cups                       | 1.5
            -1 1/2                         | -1.5
            1⅓                             | 4/3
            2 and ⅔                        | 2/3
            ½ million                      | 500000
            10⁵                            | 100000
            3.2×10⁵                        | 320000
            3.2 x 10^-3                    | 0.0032
            -3.2 \\times 10^{5}            | -320000
            5²                             | none
            2^10                           | none
            the area of 3 is 5^n           | none
            25 m²                          | 25
            9.81 m s⁻², or 9.81 m s^{-2}   | 9.81
            x^3 is 8                       | 8
            12 345                         | 12345
            12 345,5 EUR                   | 12345.5
            1 234 567                      | 1234567
            in 2019 150 people             | 150
            1 2 3                          | 3
            1,2,3,4                        | 4
            5,6,7,8.5                      | 8.5
            1,234,56                       | none
            3 boxes, so 1,234,56           | none
            10,200,5                       | none
            1234,567                       | 1234.567
            1.234.56                       | none
            version 1.2.3                  | none
            at 192.168.0.1                 | none
            on 1/2/2026                    | none
            24/7/365                       | none
            5'11                           | none
            1e4000                         | none
            """)
    void the_last_number_counts(String text, String expected) {
        assertThat(Answers.lastNumber(text).orElse("none")).isEqualTo(expected);
    }

    @Test
    void no_break_spaces_separate_thousands() {
        assertThat(Answers.lastNumber("12\u202f345 and 6\u00a0789")).contains("6789");
    }

    @Test
    void more_digits_than_are_read_are_no_number_and_do_not_make_an_earlier_one_count() {
        assertThat(Answers.lastNumber("3 times " + "7".repeat(40))).contains("7".repeat(40));
        assertThat(Answers.lastNumber("3 times " + "7".repeat(41))).isEmpty();
    }

    @Property(tries = 1_000)
    void a_whole_number_is_read_however_its_thousands_are_separated(
            @ForAll @LongRange(min = 0) long number, @ForAll("separators") String separator) {
        String grouped = String.format(Locale.ROOT, "%,d", number).replace(",", separator);

        assertThat(Answers.lastNumber("7, so " + grouped + " EUR.")).contains(String.valueOf(number));
    }

    @Provide
    Arbitrary<String> separators() {
        return Arbitraries.of("", ",", "'", " ", "\u00a0", "\u202f", "\u2019", "{,}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            **Paris**.       | paris
            (B)              | b
            'Don’t   know!'  | don't know
            3.14             | 3.14
            .5               | .5
            C#               | c#
            -5               | -5
            yes - of course  | yes of course
            !!!              | !!!
            """)
    void what_does_not_matter_is_left_out(String text, String expected) {
        assertThat(Answers.normalised(text.replace("'Don", "Don").replace("!'", "!")))
                .isEqualTo(expected);
    }

    @Property(tries = 500)
    void any_text_has_a_form_that_white_space_around_it_does_not_change(@ForAll @StringLength(max = 40) String text) {
        assertThat(Answers.normalised(" " + text + "\n")).isEqualTo(Answers.normalised(text));
        Answers.lastNumber(text);
    }

    @Property(tries = 300)
    void any_digits_and_separators_are_read_without_failing(
            @ForAll @StringLength(max = 20) @CharRange(from = '\'', to = '9') String text) {
        Answers.lastNumber(text);
    }
}
