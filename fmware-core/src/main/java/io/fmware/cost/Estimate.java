package io.fmware.cost;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a call will take, as far as can be said before it is made. Immutable and thread-safe. */
public final class Estimate {
    private final long input;
    private final long inputAtMost;
    private final long output;
    private final @Nullable Money atMost;

    Estimate(long input, long inputAtMost, long output, @Nullable Price price) {
        this.input = input;
        this.inputAtMost = inputAtMost;
        this.output = output;
        this.atMost = price == null
                ? null
                : Money.ofPicodollars(Saturating.plus(
                        price.inputAtMost(inputAtMost), Saturating.times(output, price.outputAtMost(inputAtMost))));
    }

    /**
     * The tokens of the request.
     *
     * @return the best guess
     */
    public long inputTokens() {
        return input;
    }

    /**
     * The tokens of the request at most.
     *
     * @return the number
     */
    public long inputTokensAtMost() {
        return inputAtMost;
    }

    /**
     * The tokens of the answer at most: what is allowed, or what is usual.
     *
     * @return the number
     */
    public long outputTokensAtMost() {
        return output;
    }

    /**
     * What the call costs at most: nothing read from a provider's cache, the longest answer.
     *
     * @return the cost, empty where the model has no price
     */
    public Optional<Money> costAtMost() {
        return Optional.ofNullable(atMost);
    }

    @Override
    public String toString() {
        return "Estimate[" + input + " tokens in, at most " + inputAtMost + ", at most " + output + " out, "
                + (atMost == null ? "of unknown price" : "at most " + atMost) + "]";
    }
}
