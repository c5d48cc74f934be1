package io.fmware.cache;

import dev.langchain4j.model.embedding.EmbeddingModel;
import io.fmware.text.Equivalence;
import java.time.Duration;
import java.util.Objects;

/**
 * How a cache finds questions of the same meaning: by which embeddings, and how often it may be wrong. Nobody sets a threshold of
 * similarity; it is learned from the calls that are made anyway.
 *
 * <pre>{@code
 * FmCache.builder().semantic(SemanticMatching.by(embeddings).wrongAtMost(0.01))
 * }</pre>
 *
 * <p>Immutable.
 */
public final class SemanticMatching {
    private static final double ONE_PERCENT = 0.01;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final EmbeddingModel embeddings;
    private final double bound;
    private final Equivalence equivalence;
    private final Duration patience;
    private final Prices prices;

    private SemanticMatching(
            EmbeddingModel embeddings, double bound, Equivalence equivalence, Duration patience, Prices prices) {
        this.embeddings = embeddings;
        this.bound = bound;
        this.equivalence = equivalence;
        this.patience = patience;
        this.prices = prices;
    }

    /**
     * Matches questions by their embeddings; 1 % of the requests may be answered wrongly.
     *
     * @param embeddings embeds questions
     * @return the way of matching
     */
    public static SemanticMatching by(EmbeddingModel embeddings) {
        return new SemanticMatching(
                Objects.requireNonNull(embeddings, "embeddings"),
                ONE_PERCENT,
                Equivalence.cautious(),
                PATIENCE,
                Prices.NONE);
    }

    /**
     * Says which part of the requests may be answered wrongly, 0.01 by default: of all requests that the cache looks for by their
     * meaning, not of the hits alone. Wrong is what {@link #sameAnswer} would have told apart.
     *
     * @param part the part, above 0 and below 1
     * @return this way, with that bound
     */
    public SemanticMatching wrongAtMost(double part) {
        if (!(part > 0 && part < 1)) {
            throw new IllegalArgumentException("wrongAtMost must be above 0 and below 1, but is " + part);
        }
        return new SemanticMatching(embeddings, part, equivalence, patience, prices);
    }

    /**
     * Decides whether two answers say the same; by default {@link Equivalence#cautious()}, which needs no model and says no when in
     * doubt, so that freely worded answers are hardly ever served. It is asked when the model has answered, on the thread of the
     * call and before the caller has the answer; of a stream only the end waits for it.
     *
     * @param same the decision
     * @return this way, with that decision
     */
    public SemanticMatching sameAnswer(Equivalence same) {
        return new SemanticMatching(embeddings, bound, Objects.requireNonNull(same, "same"), patience, prices);
    }

    /**
     * How long a question may take to be embedded, 2 seconds by default. After that the model is asked.
     *
     * @param longest the longest time, positive
     * @return this way, with that bound
     */
    public SemanticMatching embeddedWithin(Duration longest) {
        if (longest.isZero() || longest.isNegative()) {
            throw new IllegalArgumentException("embeddedWithin must be positive, but is " + longest);
        }
        return new SemanticMatching(embeddings, bound, equivalence, longest, prices);
    }

    /**
     * Says what things cost, in any one currency. A candidate is served only where what the call would cost is worth more than the
     * chance that it is wrong, and questions are embedded only as long as enough of them are hits; one of sixteen is
     * nevertheless, to notice when that changes. By default everything but a call is free.
     *
     * @param call the price of a call of the model
     * @param lookup the price of embedding a question and looking for it
     * @param wrong the price of a wrong answer
     * @return this way, with these prices
     */
    public SemanticMatching worth(double call, double lookup, double wrong) {
        return new SemanticMatching(embeddings, bound, equivalence, patience, Prices.of(call, lookup, wrong));
    }

    EmbeddingModel embeddings() {
        return embeddings;
    }

    double bound() {
        return bound;
    }

    Equivalence equivalence() {
        return equivalence;
    }

    Duration patience() {
        return patience;
    }

    Prices prices() {
        return prices;
    }
}
