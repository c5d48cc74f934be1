package io.fmware.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

    private static final Instant NOW = Instant.parse("1994-11-06T08:49:07Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | 0",
                "7 | 7",
                "' 120 ' | 120",
                "2147483649 | 2147483648",
                "99999999999999999999999 | 2147483648",
                "Sun, 06 Nov 1994 08:49:37 GMT | 30",
                "Sunday, 06-Nov-94 08:49:37 GMT | 30",
                "Sun Nov  6 08:49:37 1994 | 30",
                "Mon, 07 Nov 1994 08:49:07 GMT | 86400",
                "Sun, 06 Nov 1994 08:49:00 GMT | 0",
                "Friday, 01-Jan-60 00:00:00 GMT | 0",
            })
    void seconds_and_each_form_of_a_date_are_understood(String value, long seconds) {
        assertThat(RetryAfter.parse(value, NOW)).contains(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-1",
                "+1",
                "1.5",
                "soon",
                "7s",
                "Sun, 06 Nov 1994 08:49:37",
                "Sun, 06 Nov 1994 08:49:37 PST",
                "Mon, 06 Nov 1994 08:49:37 GMT",
                "Sun, 31 Feb 1994 08:49:37 GMT",
            })
    void anything_else_says_nothing(String value) {
        assertThat(RetryAfter.parse(value, NOW)).isEmpty();
    }

    @Test
    void a_year_of_two_digits_is_never_more_than_fifty_years_ahead() {
        Instant now = Instant.parse("2026-11-21T00:00:00Z");

        assertThat(RetryAfter.parse("Saturday, 21-Nov-26 00:01:00 GMT", now)).contains(Duration.ofMinutes(1));
        assertThat(RetryAfter.parse("Tuesday, 01-Jan-75 00:00:00 GMT", now))
                .hasValueSatisfying(wait -> assertThat(wait.toDays()).isBetween(17_500L, 17_700L));
        assertThat(RetryAfter.parse("Sunday, 06-Nov-94 08:49:37 GMT", now)).contains(Duration.ZERO);
    }
}
