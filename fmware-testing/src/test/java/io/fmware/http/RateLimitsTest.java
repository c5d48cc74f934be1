package io.fmware.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.fmware.http.RateLimits.Limit;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimitsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static ResponseInfo response(String... namesAndValues) {
        Map<String, List<String>> headers = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.put(namesAndValues[i], List.of(namesAndValues[i + 1]));
        }
        return response(headers);
    }

    private static ResponseInfo response(Map<String, List<String>> headers) {
        return new ResponseInfo(429, headers, "https://api.example.com", Duration.ZERO, NOW);
    }

    private static Limit limit(long limit, long remaining, Duration reset) {
        return new Limit(OptionalLong.of(limit), OptionalLong.of(remaining), Optional.of(reset));
    }

    @Test
    void those_of_openai_are_read() {
        RateLimits limits = response(
                        "x-ratelimit-limit-requests", "60",
                        "x-ratelimit-remaining-requests", "59",
                        "x-ratelimit-reset-requests", "1s",
                        "X-RateLimit-Limit-Tokens", "150000",
                        "X-RateLimit-Remaining-Tokens", "149984",
                        "X-RateLimit-Reset-Tokens", "6m0s")
                .rateLimits();

        assertThat(limits.requests()).isEqualTo(limit(60, 59, Duration.ofSeconds(1)));
        assertThat(limits.tokens()).isEqualTo(limit(150_000, 149_984, Duration.ofMinutes(6)));
        assertThat(limits.inputTokens().isKnown()).isFalse();
        assertThat(limits.isKnown()).isTrue();
    }

    @Test
    void those_of_anthropic_are_read() {
        RateLimits limits = response(
                        "anthropic-ratelimit-requests-limit", "50",
                        "anthropic-ratelimit-requests-remaining", "0",
                        "anthropic-ratelimit-requests-reset", "2026-01-01T00:00:30Z",
                        "anthropic-ratelimit-tokens-limit", "80000",
                        "anthropic-ratelimit-tokens-remaining", "7000",
                        "anthropic-ratelimit-tokens-reset", "2026-01-01T01:00:12+01:00",
                        "anthropic-ratelimit-input-tokens-limit", "40000",
                        "anthropic-ratelimit-input-tokens-remaining", "3000",
                        "anthropic-ratelimit-input-tokens-reset", "2025-12-31T23:59:59Z",
                        "anthropic-ratelimit-output-tokens-remaining", "4000")
                .rateLimits();

        assertThat(limits.requests()).isEqualTo(limit(50, 0, Duration.ofSeconds(30)));
        assertThat(limits.tokens()).isEqualTo(limit(80_000, 7_000, Duration.ofSeconds(12)));
        assertThat(limits.inputTokens()).isEqualTo(limit(40_000, 3_000, Duration.ZERO));
        assertThat(limits.outputTokens())
                .isEqualTo(new Limit(OptionalLong.empty(), OptionalLong.of(4_000), Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RateLimit-Limit: 100 | RateLimit-Remaining: 7 | RateLimit-Reset: 5",
                "RateLimit: limit=100, remaining=7, reset=5 | X: 1 | Y: 1",
                "RateLimit: \"default\";r=7;t=5 | RateLimit-Policy: \"default\";q=100;w=10 | Y: 1",
                "ratelimit: \"burst\"; r=7; t=5, \"daily\";r=900;t=80000 | RATELIMIT-POLICY: \"burst\";q=100;w=60 | Y: 1",
            })
    void those_of_the_drafts_of_the_ietf_are_read(String one, String two, String three) {
        Map<String, List<String>> headers = new HashMap<>();
        Stream.of(one, two, three).map(line -> line.split(": ", 2)).forEach(h -> headers.put(h[0], List.of(h[1])));

        assertThat(response(headers).rateLimits().requests()).isEqualTo(limit(100, 7, Duration.ofSeconds(5)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1s | PT1S",
                "250ms | PT0.25S",
                "6m0s | PT6M",
                "1h2m3.5s | PT1H2M3.5S",
                "2d | PT48H",
                "20µs | PT0.00002S",
                "7us | PT0.000007S",
                "5ns | PT0.000000005S",
                "0s | PT0S",
                "0 | PT0S",
                "2.5 | PT2.5S",
                "' 12 ' | PT12S",
                "99999999999999999999h | PT596523H14M8S",
                "2026-01-01T00:00:01.5Z | PT1.5S",
                "2026-01-01t00:00:01z | PT1S",
                "2020-01-01T00:00:00Z | PT0S",
                "9999-12-31T23:59:59Z | PT596523H14M8S",
            })
    void a_wait_is_read_in_any_of_the_forms(String value, Duration wait) {
        assertThat(Waits.parse(value, NOW)).contains(wait);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "null",
            value = {
                "''",
                "-1",
                "-1s",
                "soon",
                "1 s",
                "1s1",
                "s",
                "1x",
                "1..5s",
                "١s",
                "NaN",
                "Infinity",
                "1e3",
                "0x10",
                "1767225600",
                "1767225600000",
                "2026-13-01T00:00:00Z",
                "2026-01-01",
                "Thu, 01 Jan 2026 00:00:00 GMT",
                "+1000000000-01-01T00:00:00Z",
            })
    void anything_else_says_nothing(String value) {
        assertThat(Waits.parse(value, NOW)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"-1", "1.5", "x", "''", "١", "1 000", "0x10"})
    void a_number_that_is_none_is_absent(String value) {
        assertThat(response("x-ratelimit-remaining-requests", value)
                        .rateLimits()
                        .isKnown())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"default\";r=5a;t=30x",
                "\"default\";r=5 6;t=1.5",
                "\"default\";r=-5;t=+30",
                "\"default\";r=\"5\";t=\"30\"",
                "\"default\";r=;t=",
                "\"a;r=5;t=30\"",
                "\"a\\\";r=5;t=30",
                "\"default;r=5;t=30",
                "\"default\";r=x;r=5;t=x;t=30",
                "\"default\";w=1, \"other\";r=5;t=30",
                "limit=1a, remaining=2b, reset=3c",
                "limit=0x10, remaining=1e3, reset=1_000",
            })
    void nonsense_in_the_header_of_the_drafts_is_unknown_and_no_number(String header) {
        assertThat(response("RateLimit", header).rateLimits().isKnown()).isFalse();
    }

    @Property(tries = 2_000)
    void a_parameter_is_read_where_it_is_digits_and_unknown_otherwise(
            @ForAll @LongRange(min = 0, max = 1_000_000) long number,
            @ForAll @StringLength(max = 5) @Chars({'0', 'a', 'x', ' ', '.', '-', '=', ';', ','}) String behind) {
        RateLimits limits = response("RateLimit", "\"p\";r=" + number + behind).rateLimits();
        String value = (number + behind).split("[;,]", 2)[0].strip();

        assertThat(limits.requests().remaining())
                .isEqualTo(value.matches("[0-9]+") ? OptionalLong.of(Long.parseLong(value)) : OptionalLong.empty());
    }

    @Test
    void a_number_that_is_too_large_is_the_largest_and_the_first_of_several_values_counts() {
        assertThat(response(Map.of("x-ratelimit-remaining-requests", List.of("9".repeat(30), "1")))
                        .rateLimits()
                        .requests()
                        .remaining())
                .hasValue(Long.MAX_VALUE);
        assertThat(response(Map.of("x-ratelimit-remaining-requests", List.of()))
                        .rateLimits()
                        .isKnown())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "1500 | 60 | PT1.5S",
                "0 | 60 | PT0S",
                "12.5 | - | PT0.0125S",
                "-5 | 60 | PT60S",
                "soon | 60 | PT60S",
                "- | 60 | PT60S",
                "99999999999999999999 | - | PT596523H14M8S",
            })
    void milliseconds_are_looked_at_before_seconds(String millis, String seconds, Duration wait) {
        Map<String, List<String>> headers = new HashMap<>();
        if (millis != null) {
            headers.put("retry-after-ms", List.of(millis));
        }
        if (seconds != null) {
            headers.put("Retry-After", List.of(seconds));
        }

        assertThat(response(headers).retryAfter()).contains(wait);
    }

    @Test
    void what_is_left_of_a_wait_is_counted_from_the_arrival_of_the_response() {
        HttpStatusException refused = new HttpStatusException(response("Retry-After", "7"), "slow down");

        assertThat(refused.retryAfter()).contains(Duration.ofSeconds(7));
        assertThat(refused.remainingWait(NOW)).contains(Duration.ofSeconds(7));
        assertThat(refused.remainingWait(NOW.plusSeconds(3))).contains(Duration.ofSeconds(4));
        assertThat(refused.remainingWait(NOW.plusSeconds(30))).contains(Duration.ZERO);
        assertThat(refused.remainingWait(NOW.minusSeconds(30))).contains(Duration.ofSeconds(7));
        assertThat(refused.remainingWait(Instant.MAX)).contains(Duration.ZERO);
        assertThat(refused.remainingWait(Instant.MIN)).contains(Duration.ofSeconds(7));
        assertThat(new HttpStatusException(response(), "?").remainingWait(NOW)).isEmpty();
    }

    @Provide
    Arbitrary<String> values() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(80),
                Arbitraries.strings()
                        .withChars("0123456789smhdnuµ.:-+TZ ,;=\"qrt")
                        .ofMaxLength(40),
                Arbitraries.longs().map(String::valueOf),
                Arbitraries.bigDecimals().map(Object::toString),
                Arbitraries.of(
                        "Sun, 06 Nov 1994 08:49:37 GMT",
                        "9999-12-31T23:59:59Z",
                        "-999999999-01-01T00:00:00Z",
                        "\"default\";r=50;t=30",
                        "limit=1, remaining=2, reset=3"));
    }

    @Property(tries = 5_000)
    void no_header_makes_it_throw_or_wait_a_negative_time(
            @ForAll("values") String one, @ForAll("values") String other, @ForAll long moment) {
        Map<String, List<String>> headers = new HashMap<>();
        for (String name : List.of(
                "retry-after-ms",
                "Retry-After",
                "RateLimit",
                "RateLimit-Policy",
                "RateLimit-Reset",
                "x-ratelimit-reset-tokens",
                "x-ratelimit-remaining-tokens",
                "anthropic-ratelimit-output-tokens-reset")) {
            headers.put(name, List.of(one, other));
        }
        ResponseInfo info = response(headers);
        RateLimits limits = info.rateLimits();

        Stream.of(limits.requests(), limits.tokens(), limits.inputTokens(), limits.outputTokens())
                .forEach(limit -> {
                    assertThat(limit.reset().orElse(Duration.ZERO)).isBetween(Duration.ZERO, Waits.LONGEST);
                    assertThat(limit.remaining().orElse(0)).isNotNegative();
                });
        assertThat(info.retryAfter().orElse(Duration.ZERO)).isBetween(Duration.ZERO, Waits.LONGEST);
        Instant then = Instant.ofEpochSecond(moment % 31_000_000_000_000_000L);
        assertThat(new HttpStatusException(info, one).remainingWait(then).orElse(Duration.ZERO))
                .isBetween(Duration.ZERO, Waits.LONGEST);
    }
}
