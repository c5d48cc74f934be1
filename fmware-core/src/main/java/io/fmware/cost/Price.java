package io.fmware.cost;

import dev.langchain4j.model.output.TokenUsage;
import java.time.LocalDate;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What the tokens of a model cost, each kind as US dollars per 1,000,000 tokens, with up to six decimals.
 *
 * <p>Input that a provider's cache gave, or that was written to one, costs as other input does where no price of its own is
 * known. What is above a number of input tokens may have other prices, which then hold for the whole request.
 *
 * <p>Immutable and thread-safe; a {@code with} method returns a changed copy.
 */
public final class Price {
    private static final long MILLION = 1_000_000;
    private static final long UNKNOWN = -1;

    private final long input;
    private final long cached;
    private final long written;
    private final long output;
    private final long threshold;
    private final @Nullable Price above;
    private final long contextWindow;
    private final long maxOutput;
    private final @Nullable LocalDate asOf;
    private final String source;

    private Price(
            long input,
            long cached,
            long written,
            long output,
            long threshold,
            @Nullable Price above,
            long contextWindow,
            long maxOutput,
            @Nullable LocalDate asOf,
            String source) {
        this.input = input;
        this.cached = cached;
        this.written = written;
        this.output = output;
        this.threshold = threshold;
        this.above = above;
        this.contextWindow = contextWindow;
        this.maxOutput = maxOutput;
        this.asOf = asOf;
        this.source = source;
    }

    /**
     * The price of a chat model.
     *
     * @param input dollars per million tokens of input, such as {@code "2.50"}
     * @param output dollars per million tokens of output
     * @return the price
     * @throws IllegalArgumentException if one is no number, negative, or has more than six decimals
     */
    public static Price perMillion(String input, String output) {
        return new Price(
                perToken(input), UNKNOWN, UNKNOWN, perToken(output), Long.MAX_VALUE, null, UNKNOWN, UNKNOWN, null, "");
    }

    /**
     * The price of a model that has no output to pay for, such as one that embeds.
     *
     * @param input dollars per million tokens of input
     * @return the price
     * @throws IllegalArgumentException if it is no number, negative, or has more than six decimals
     */
    public static Price perMillionOfInput(String input) {
        return new Price(perToken(input), UNKNOWN, UNKNOWN, UNKNOWN, Long.MAX_VALUE, null, UNKNOWN, UNKNOWN, null, "");
    }

    /**
     * Of a model that costs nothing by the token, such as one on a machine of one's own.
     *
     * @return a price of 0
     */
    public static Price free() {
        return perMillion("0", "0");
    }

    /** Dollars per million tokens are millions of picodollars per token. */
    private static long perToken(String dollarsPerMillion) {
        long picodollars = Money.usd(dollarsPerMillion).picodollars();
        if (picodollars % MILLION != 0) {
            throw new IllegalArgumentException("a price per million tokens must have at most six decimals, but is "
                    + dollarsPerMillion + "; round it up");
        }
        return picodollars / MILLION;
    }

    /**
     * The price with one for input that a provider's cache gives.
     *
     * @param dollarsPerMillion dollars per million tokens
     * @return a copy
     */
    public Price withCachedInput(String dollarsPerMillion) {
        return new Price(
                input,
                perToken(dollarsPerMillion),
                written,
                output,
                threshold,
                above,
                contextWindow,
                maxOutput,
                asOf,
                source);
    }

    /**
     * The price with one for input that is written to a provider's cache.
     *
     * @param dollarsPerMillion dollars per million tokens
     * @return a copy
     */
    public Price withCacheWrite(String dollarsPerMillion) {
        return new Price(
                input,
                cached,
                perToken(dollarsPerMillion),
                output,
                threshold,
                above,
                contextWindow,
                maxOutput,
                asOf,
                source);
    }

    /**
     * The price with another one for requests with more than some tokens of input; it holds for all their tokens.
     *
     * @param inputTokens the number of tokens up to which this price holds, positive
     * @param then the other price
     * @return a copy
     */
    public Price above(long inputTokens, Price then) {
        if (inputTokens < 1) {
            throw new IllegalArgumentException("the tokens up to which a price holds must be positive, but are "
                    + inputTokens + "; leave out the lower price");
        }
        return new Price(
                input,
                cached,
                written,
                output,
                inputTokens,
                Objects.requireNonNull(then, "then"),
                contextWindow,
                maxOutput,
                asOf,
                source);
    }

    /**
     * The price with what the model takes at most.
     *
     * @param contextTokens tokens of its context window; not positive for unknown
     * @param outputTokens tokens of its longest output; not positive for unknown
     * @return a copy
     */
    public Price withLimits(long contextTokens, long outputTokens) {
        return new Price(
                input,
                cached,
                written,
                output,
                threshold,
                above,
                contextTokens > 0 ? contextTokens : UNKNOWN,
                outputTokens > 0 ? outputTokens : UNKNOWN,
                asOf,
                source);
    }

    /**
     * The price with where it is from.
     *
     * @param on the day on which it held
     * @param where where it was read, most often a URL
     * @return a copy
     */
    public Price withSource(LocalDate on, String where) {
        return new Price(
                input,
                cached,
                written,
                output,
                threshold,
                above,
                contextWindow,
                maxOutput,
                Objects.requireNonNull(on, "on"),
                Objects.requireNonNull(where, "where"));
    }

    /**
     * What a million tokens of input cost.
     *
     * @return the price
     */
    public Money input() {
        return Money.ofPicodollars(Saturating.times(input, MILLION));
    }

    /**
     * What a million tokens of input cost that a provider's cache gives.
     *
     * @return the price, empty where none of its own is known
     */
    public Optional<Money> cachedInput() {
        return perMillionTokens(cached);
    }

    /**
     * What a million tokens of input cost that are written to a provider's cache.
     *
     * @return the price, empty where none of its own is known
     */
    public Optional<Money> cacheWrite() {
        return perMillionTokens(written);
    }

    /**
     * What a million tokens of output cost.
     *
     * @return the price, empty where there is no output to pay for
     */
    public Optional<Money> output() {
        return perMillionTokens(output);
    }

    private static Optional<Money> perMillionTokens(long perToken) {
        return perToken == UNKNOWN
                ? Optional.empty()
                : Optional.of(Money.ofPicodollars(Saturating.times(perToken, MILLION)));
    }

    /**
     * The tokens of input up to which this price holds for a request.
     *
     * @return the number, empty where it always holds
     */
    public OptionalLong threshold() {
        return above == null ? OptionalLong.empty() : OptionalLong.of(threshold);
    }

    /**
     * The price of requests with more input.
     *
     * @return the price, empty where it is always this one
     */
    public Optional<Price> aboveThreshold() {
        return Optional.ofNullable(above);
    }

    /**
     * The tokens that the model takes at most.
     *
     * @return the number, empty where it is not known
     */
    public OptionalLong contextWindow() {
        return contextWindow == UNKNOWN ? OptionalLong.empty() : OptionalLong.of(contextWindow);
    }

    /**
     * The tokens that the model gives at most.
     *
     * @return the number, empty where it is not known
     */
    public OptionalLong maxOutput() {
        return maxOutput == UNKNOWN ? OptionalLong.empty() : OptionalLong.of(maxOutput);
    }

    /**
     * The day on which the price held.
     *
     * @return the day, empty where nobody said
     */
    public Optional<LocalDate> asOf() {
        return Optional.ofNullable(asOf);
    }

    /**
     * Where the price was read.
     *
     * @return most often a URL, empty where nobody said
     */
    public Optional<String> source() {
        return source.isEmpty() ? Optional.empty() : Optional.of(source);
    }

    /**
     * What a call cost.
     *
     * @param usage what the provider reported
     * @return the cost, empty where the report does not say enough, or tells of output that has no price
     */
    public Optional<Money> cost(@Nullable TokenUsage usage) {
        Usage read = Usage.of(usage);
        return read == null ? Optional.empty() : cost(read);
    }

    Optional<Money> cost(Usage usage) {
        if (above != null && usage.input() > threshold) {
            return above.cost(usage);
        }
        if (output == UNKNOWN && usage.output() > 0) {
            return Optional.empty();
        }
        long fresh = Math.max(0, usage.input() - usage.cached() - usage.written());
        long sum = Saturating.times(fresh, input);
        sum = Saturating.plus(sum, Saturating.times(usage.cached(), cached == UNKNOWN ? input : cached));
        sum = Saturating.plus(sum, Saturating.times(usage.written(), written == UNKNOWN ? input : written));
        sum = Saturating.plus(sum, Saturating.times(usage.output(), Math.max(0, output)));
        return Optional.of(Money.ofPicodollars(sum));
    }

    /** The most that so many tokens of input cost, in picodollars: none read from a cache, all written to one. */
    long inputAtMost(long tokens) {
        long own = Saturating.times(tokens, Math.max(input, written));
        return above != null && tokens > threshold ? Math.max(own, above.inputAtMost(tokens)) : own;
    }

    /** The most that a token of output costs after so many tokens of input, in picodollars. */
    long outputAtMost(long inputTokens) {
        long own = Math.max(0, output);
        return above != null && inputTokens > threshold ? Math.max(own, above.outputAtMost(inputTokens)) : own;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Price[").append(input()).append(" in");
        cachedInput().ifPresent(price -> text.append(", ").append(price).append(" cached"));
        cacheWrite().ifPresent(price -> text.append(", ").append(price).append(" written to a cache"));
        output().ifPresent(price -> text.append(", ").append(price).append(" out"));
        text.append(" per million tokens");
        if (above != null) {
            text.append("; above ").append(threshold).append(' ').append(above);
        }
        if (asOf != null) {
            text.append(", as of ").append(asOf);
        }
        return text.append(']').toString();
    }
}
