package io.fmware.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.RateLimitException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestedWaitTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static RuntimeException refused(String body) {
        return new RateLimitException(new HttpException(429, body));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "Rate limit reached for gpt-4o. Please try again in 1.2s. Visit https://example.com | PT1.2S",
                "{\"error\": {\"message\": \"Please try again in 6m0s.\"}} | PT6M",
                "Please try again in 250ms. | PT0.25S",
                "You exceeded your quota. Please retry in 37.69s. | PT37.69S",
                "{\"details\": [{\"@type\": \"t/google.rpc.RetryInfo\", \"retryDelay\": \"34s\"}]} | PT34S",
                "{\"retryDelay\":\"34.074824224s\"} | PT34.074824224S",
            })
    void what_a_provider_says_in_the_text_is_found(String body, Duration wait) {
        assertThat(RequestedWait.find(refused(body), NOW)).contains(wait);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "slow down",
                "Please try again in a few minutes",
                "Please try again in 5 minutes",
                "Please try again in -5s",
                "please try again later",
                "{\"retryDelay\": 34}",
                "{\"retryDelay\": \"-34s\"}",
                "Please try again in 1.2.3s",
            })
    void anything_else_says_nothing(String body) {
        assertThat(RequestedWait.find(refused(body), NOW)).isEmpty();
    }

    @Test
    void headers_go_before_the_text() {
        ResponseInfo info = new ResponseInfo(429, Map.of("Retry-After", List.of("7")), "https://x", Duration.ZERO, NOW);
        RuntimeException failure = new RateLimitException(new HttpStatusException(info, "Please try again in 1.2s."));

        assertThat(RequestedWait.find(failure, NOW.plusSeconds(2))).contains(Duration.ofSeconds(5));
    }

    private static RuntimeException refused(int status, String body, Map<String, String> headers) {
        Map<String, List<String>> all = new TreeMap<>();
        headers.forEach((name, value) -> all.put(name, List.of(value)));
        return new RateLimitException(
                new HttpStatusException(new ResponseInfo(status, all, "https://x", Duration.ZERO, NOW), body));
    }

    @Test
    void where_nothing_is_said_a_limit_that_is_used_up_says_when_it_is_there_again() {
        Map<String, String> used = Map.of(
                "x-ratelimit-remaining-requests", "0",
                "x-ratelimit-reset-requests", "3s",
                "x-ratelimit-remaining-tokens", "0",
                "x-ratelimit-reset-tokens", "9s",
                "anthropic-ratelimit-input-tokens-remaining", "1",
                "anthropic-ratelimit-input-tokens-reset", "60");

        assertThat(RequestedWait.find(refused(429, "", used), NOW.plusSeconds(2)))
                .contains(Duration.ofSeconds(7));
        assertThat(RequestedWait.find(refused(429, "", used), NOW.plusSeconds(10)))
                .contains(Duration.ZERO);
        assertThat(RequestedWait.find(refused(429, "", used), NOW.minusSeconds(10)))
                .as("a clock that was set back")
                .contains(Duration.ofSeconds(9));
        assertThat(RequestedWait.find(refused(429, "Please try again in 1.2s.", used), NOW))
                .as("the text says it of this request")
                .contains(Duration.ofMillis(1_200));
        assertThat(RequestedWait.find(refused(503, "", used), NOW))
                .as("refused for something else")
                .isEmpty();
    }

    @Test
    void a_limit_that_is_used_up_without_a_time_says_nothing_nor_does_one_of_which_something_is_left() {
        assertThat(RequestedWait.find(refused(429, "", Map.of("x-ratelimit-remaining-requests", "0")), NOW))
                .isEmpty();
        assertThat(RequestedWait.find(refused(429, "", Map.of("x-ratelimit-reset-requests", "3s")), NOW))
                .isEmpty();
        Map<String, String> left = Map.of("x-ratelimit-remaining-tokens", "1", "x-ratelimit-reset-tokens", "3s");
        assertThat(RequestedWait.find(refused(429, "", left), NOW)).isEmpty();
        for (String kind : List.of("requests", "tokens", "input-tokens", "output-tokens")) {
            Map<String, String> used = Map.of(
                    "anthropic-ratelimit-" + kind + "-remaining",
                    "0",
                    "anthropic-ratelimit-" + kind + "-reset",
                    "2026-01-01T00:00:04Z");
            assertThat(RequestedWait.find(refused(429, "", used), NOW)).contains(Duration.ofSeconds(4));
        }
    }

    @Test
    void only_what_a_server_said_is_read_and_only_where_it_refused() {
        assertThat(RequestedWait.find(null, NOW)).isEmpty();
        assertThat(RequestedWait.find(new RuntimeException("Please try again in 1.2s."), NOW))
                .isEmpty();
        assertThat(RequestedWait.find(new HttpException(200, "Please try again in 1.2s."), NOW))
                .isEmpty();
        RuntimeException endless = new IllegalStateException();
        endless.initCause(new IllegalStateException(endless));
        assertThat(RequestedWait.find(endless, NOW)).isEmpty();
    }

    @Test
    void a_large_text_is_read_in_no_time() {
        String body = "Please try again in ".repeat(200_000) + "\"retryDelay\"" + " ".repeat(200_000);

        assertThat(RequestedWait.find(refused(body), NOW)).isEmpty();
    }

    @Property
    void no_text_makes_it_throw(@ForAll String text) {
        for (String body : List.of(
                text,
                "Please try again in " + text,
                "Please try again in 1" + text,
                "\"retryDelay\": \"" + text + "s\"")) {
            assertThat(RequestedWait.find(refused(body), NOW).orElse(Duration.ZERO))
                    .isGreaterThanOrEqualTo(Duration.ZERO);
        }
    }
}
