package io.fmware.http;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the headers of a response tell of rate limits. Understood are those of OpenAI ({@code x-ratelimit-remaining-requests}
 * and the like, which many others send too), of Anthropic ({@code anthropic-ratelimit-requests-remaining} and the like), and
 * {@code RateLimit} as the IETF drafts have it, in one header or in three. A header that cannot be read counts as absent, and
 * of a header that is there several times the first value counts.
 *
 * <p>Immutable.
 *
 * @param requests the limit on requests
 * @param tokens the limit on tokens of any kind
 * @param inputTokens the limit on tokens that are sent, where there is one of its own
 * @param outputTokens the limit on tokens that come back, where there is one of its own
 */
public record RateLimits(Limit requests, Limit tokens, Limit inputTokens, Limit outputTokens) {
    private static final int LONGEST_HEADER = 1_000;
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,40}");
    private static final Pattern QUOTED = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*+\"");
    private static final BigInteger LARGEST = BigInteger.valueOf(Long.MAX_VALUE);

    /**
     * Refuses nothing but {@code null}.
     *
     * @param requests the limit on requests
     * @param tokens the limit on tokens of any kind
     * @param inputTokens the limit on tokens that are sent
     * @param outputTokens the limit on tokens that come back
     */
    public RateLimits {
        Objects.requireNonNull(requests, "requests");
        Objects.requireNonNull(tokens, "tokens");
        Objects.requireNonNull(inputTokens, "inputTokens");
        Objects.requireNonNull(outputTokens, "outputTokens");
    }

    /**
     * One limit, as far as it was told. Immutable.
     *
     * @param limit the most in a period of the server's choice
     * @param remaining what is left of that now
     * @param reset how long it takes, from the arrival of the response, until all of it is there again; never negative
     */
    public record Limit(OptionalLong limit, OptionalLong remaining, Optional<Duration> reset) {
        private static final Limit UNKNOWN = new Limit(OptionalLong.empty(), OptionalLong.empty(), Optional.empty());

        /**
         * Refuses nothing but {@code null}.
         *
         * @param limit the most in a period
         * @param remaining what is left
         * @param reset how long until all is there again
         */
        public Limit {
            Objects.requireNonNull(limit, "limit");
            Objects.requireNonNull(remaining, "remaining");
            Objects.requireNonNull(reset, "reset");
        }

        /**
         * Whether anything at all was told.
         *
         * @return false where all three are empty
         */
        public boolean isKnown() {
            return !equals(UNKNOWN);
        }

        private Limit or(Limit other) {
            return isKnown() ? this : other;
        }
    }

    /** How long until those limits of which nothing is left are there again, the last of them; empty where none says so. */
    Optional<Duration> resetOfUsedUp() {
        return Stream.of(requests, tokens, inputTokens, outputTokens)
                .filter(limit -> limit.remaining().orElse(1) == 0)
                .flatMap(limit -> limit.reset().stream())
                .max(Comparator.naturalOrder());
    }

    static RateLimits of(ResponseInfo response) {
        return new RateLimits(
                openAi(response, "requests").or(anthropic(response, "requests")).or(ietf(response)),
                openAi(response, "tokens").or(anthropic(response, "tokens")),
                anthropic(response, "input-tokens"),
                anthropic(response, "output-tokens"));
    }

    private static Limit openAi(ResponseInfo response, String what) {
        return read(response, part -> response.header("x-ratelimit-" + part + "-" + what));
    }

    private static Limit anthropic(ResponseInfo response, String what) {
        return read(response, part -> response.header("anthropic-ratelimit-" + what + "-" + part));
    }

    /** The drafts one after the other: three headers, one with names, one with a policy of its own and letters. */
    private static Limit ietf(ResponseInfo response) {
        Limit three = read(response, part -> response.header("RateLimit-" + part));
        String one = unquoted(response.header("RateLimit").orElse(""));
        String first = firstOf(one);
        String policy = firstOf(unquoted(response.header("RateLimit-Policy").orElse("")));
        return three.or(read(response, part -> switch (part) {
            case "limit" -> parameter(one, "limit").or(() -> parameter(policy, "q"));
            case "remaining" -> parameter(one, "remaining").or(() -> parameter(first, "r"));
            default -> parameter(one, "reset").or(() -> parameter(first, "t"));
        }));
    }

    /** With a letter for what stands in quotation marks, in which anything may be; empty where a quotation does not end. */
    private static String unquoted(String header) {
        if (header.length() > LONGEST_HEADER) {
            return "";
        }
        String bare = QUOTED.matcher(header).replaceAll("Q");
        return bare.indexOf('"') >= 0 ? "" : bare;
    }

    /** Of several limits the first: what is left of one says nothing of the time of another. */
    private static String firstOf(String list) {
        int end = list.indexOf(',');
        return end < 0 ? list : list.substring(0, end);
    }

    /** The first value of that name, where it is a number. */
    private static Optional<String> parameter(String header, String name) {
        Matcher found =
                Pattern.compile("(?:^|[;,])\\s*" + name + "\\s*=([^;,]*)").matcher(header);
        return found.find()
                ? Optional.of(found.group(1).strip())
                        .filter(value -> DIGITS.matcher(value).matches())
                : Optional.empty();
    }

    private static Limit read(ResponseInfo response, Function<String, Optional<String>> header) {
        Instant now = response.receivedAt();
        return new Limit(
                count(header.apply("limit").orElse(null)),
                count(header.apply("remaining").orElse(null)),
                header.apply("reset").flatMap(value -> Waits.parse(value, now)));
    }

    /** A number that is too large for us is as good as the largest. */
    private static OptionalLong count(@Nullable String value) {
        String text = value == null ? "" : value.strip();
        return DIGITS.matcher(text).matches()
                ? OptionalLong.of(new BigInteger(text).min(LARGEST).longValueExact())
                : OptionalLong.empty();
    }

    /**
     * Whether the headers told anything that could be read.
     *
     * @return false where nothing is known of any limit
     */
    public boolean isKnown() {
        return requests.isKnown() || tokens.isKnown() || inputTokens.isKnown() || outputTokens.isKnown();
    }
}
