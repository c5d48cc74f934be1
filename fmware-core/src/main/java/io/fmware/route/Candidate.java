package io.fmware.route;

import dev.langchain4j.model.output.TokenUsage;
import io.fmware.FmCall;
import io.fmware.Target;
import io.fmware.cost.Money;
import io.fmware.cost.Price;
import io.fmware.cost.PriceTable;
import io.fmware.cost.TokenEstimator;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A model that {@link Routing} may choose, with what is known of it. What nobody said it can do it is not asked to do. Immutable:
 * each method gives a changed copy.
 */
public final class Candidate {
    /** The tokens of an answer that nobody bounds, where nothing was learned yet. */
    static final long USUAL_ANSWER = 500;

    private final @Nullable Target target;
    private final String name;
    private final long contextWindow; // 0 where nobody said
    private final Set<Ability> abilities;
    private final @Nullable Price price;

    private Candidate(
            @Nullable Target target, String name, long contextWindow, Set<Ability> abilities, @Nullable Price price) {
        this.target = target;
        this.name = name;
        this.contextWindow = contextWindow;
        this.abilities = abilities;
        this.price = price;
    }

    /**
     * A model. Retries, breakers and limits of the pipeline are those of the model that it wraps, and are passed by for others;
     * these may bring their own by being wrapped in a pipeline of theirs.
     *
     * @param target the model; its name is that of the candidate
     * @return a candidate that answers text with text, of the price and context window that the table of prices has for it
     */
    public static Candidate of(Target target) {
        return new Candidate(Objects.requireNonNull(target, "target"), target.name(), 0, Set.of(), null);
    }

    /**
     * The model that the pipeline wraps.
     *
     * @param name the name of the candidate, such as that of the model
     * @return a candidate that answers text with text, of the price and context window that the table of prices has for it
     */
    public static Candidate wrapped(String name) {
        if (Objects.requireNonNull(name, "name").isBlank()) {
            throw new IllegalArgumentException("the name of a candidate must not be blank");
        }
        return new Candidate(null, name, 0, Set.of(), null);
    }

    /**
     * Says how much the model takes, in place of what the table of prices has for it. A request with the longest answer that it allows must fit.
     *
     * @param tokens the most tokens of request and answer, at least 1
     * @return a candidate
     */
    public Candidate contextWindow(long tokens) {
        if (tokens < 1) {
            throw new IllegalArgumentException(
                    "the context window of candidate " + name + " must be at least 1 token, but is " + tokens);
        }
        return new Candidate(target, name, tokens, abilities, price);
    }

    /**
     * Says what the model can do, in place of what was said before.
     *
     * @param able what it can do
     * @return a candidate
     */
    public Candidate can(Ability... able) {
        Set<Ability> all = EnumSet.noneOf(Ability.class);
        for (Ability each : Objects.requireNonNull(able, "able")) {
            all.add(Objects.requireNonNull(each, "ability"));
        }
        if (all.contains(Ability.JSON_SCHEMA)) {
            all.add(Ability.JSON);
        }
        return new Candidate(target, name, contextWindow, all, price);
    }

    /**
     * Says what the model costs, in place of what the {@linkplain Routing.Builder#prices table of prices} has for it.
     *
     * @param own the price
     * @return a candidate
     */
    public Candidate price(Price own) {
        return new Candidate(target, name, contextWindow, abilities, Objects.requireNonNull(own, "price"));
    }

    /**
     * Under which name it is chosen by rules, reported and recorded.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /** The call to this model. */
    FmCall asked(FmCall call) {
        return target == null ? call : call.withTarget(target);
    }

    /** Why it cannot serve a call to it, or {@code null} where it can. */
    @Nullable
    String refusal(FmCall asked, TokenEstimator tokens, PriceTable prices) {
        Set<Ability> missing = Ability.neededBy(asked.effectiveRequest());
        missing.removeAll(abilities);
        if (!missing.isEmpty()) {
            return "lacks "
                    + String.join(", ", missing.stream().map(Ability::name).toList());
        }
        long window = window(asked, prices);
        if (window == Long.MAX_VALUE) {
            return null;
        }
        long length = length(asked, tokens);
        return length <= window
                ? null
                : "has a context window of " + window + " tokens, but about " + length + " are needed";
    }

    /** The tokens of request and answer; what is too large is {@link Long#MAX_VALUE}, and what is negative nothing. */
    static long length(FmCall asked, TokenEstimator tokens) {
        long sum = Math.max(0, tokens.input(asked)) + Math.max(0, tokens.output(asked));
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    private long window(FmCall asked, PriceTable prices) {
        if (contextWindow > 0) {
            return contextWindow;
        }
        Price known = priceOf(asked, prices);
        return known == null ? Long.MAX_VALUE : known.contextWindow().orElse(Long.MAX_VALUE);
    }

    private @Nullable Price priceOf(FmCall asked, PriceTable prices) {
        return price != null ? price : prices.find(asked).orElse(null);
    }

    /** What a call to it costs, empty where nobody knows. */
    Optional<Money> cost(FmCall asked, TokenEstimator tokens, PriceTable prices) {
        Price known = priceOf(asked, prices);
        return known == null
                ? Optional.empty()
                : known.cost(new TokenUsage(bounded(tokens.input(asked)), bounded(tokens.output(asked))));
    }

    private static int bounded(long tokens) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(0, tokens));
    }

    @Override
    public String toString() {
        return name;
    }
}
