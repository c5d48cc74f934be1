package io.fmware.observability.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HintsTest {

    private static String hint(String before, String after) {
        return Hints.of(List.of("--- recorded", "+++ replayed", "-  \"" + before + "\"", "+  \"" + after + "\""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2026-11-22T15:04:05Z | 2027-01-02T03:04:05.123456Z",
                "2026-11-22T15:04:05.1+01:00[Europe/Paris] | 2026-11-22T15:04:06.12+01:00[Europe/Paris]",
                "2026-11-22 | 2026-11-23",
                "Sun, 22 Nov 2026 15:04:05 GMT | Mon, 23 Nov 2026 08:00:00 GMT",
                "Sun Nov 22 15:04:05 UTC 2026 | Mon Nov 23 08:00:00 UTC 2026",
                "November 22, 2026 | November 3, 2026",
                "22.11.2026 | 3.12.2026",
                "11/22/2026, 3:04 PM | 11/23/2026, 11:14 AM",
                "15:04 | 8:00",
                "1795359845123 | 1795446245456",
                "1795359845 | 1795446245",
                "20261122T150405Z | 20261123T080000Z"
            })
    void a_time_is_known_in_any_writing(String before, String after) {
        assertThat(hint("It is " + before + " now.", "It is " + after + " now."))
                .isEqualTo("It differs only in what looks like a time (" + before + " was recorded, " + after
                        + " came): code that reads the real clock; take it from Sources.clock(..) to have it recorded");
    }

    @Test
    void an_identifier_a_number_and_an_address_are_known() {
        assertThat(hint("claim 5b2f6c0e-1d2c-4b1a-9f00-0123456789ab", "claim 6b2f6c0e-1d2c-4b1a-9f00-0123456789ab"))
                .contains("looks like an identifier")
                .contains("Sources.ids(..)");
        assertThat(hint("draw 17", "draw -4"))
                .contains("looks like a number (17 was recorded, -4 came)")
                .contains("Sources.random(..)");
        assertThat(hint("of Claim@1b2c3d4e", "of Claim@2b2c3d4e"))
                .contains("the address of an object (@1b2c3d4e was recorded, @2b2c3d4e came)");
    }

    @Test
    void another_order_is_known() {
        assertThat(hint("fraud, cover and letter", "letter, fraud and cover"))
                .isEqualTo(
                        "It says the same in another order: code that shuffles by chance, or lists a set or a map that has no"
                                + " order; sort it, or shuffle with Sources.random(..)");
    }

    @Test
    void words_are_no_such_thing() {
        assertThat(hint("Be brief on 2026-11-22.", "Be friendly on 2026-11-23."))
                .isEmpty();
        assertThat(hint("a", "b")).isEmpty();
        assertThat(Hints.of(List.of("+ only this came"))).isEmpty();
    }
}
