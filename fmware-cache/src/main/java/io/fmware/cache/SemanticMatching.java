package io.fmware.cache;

import dev.langchain4j.model.embedding.EmbeddingModel;
import io.fmware.text.Equivalence;
import java.time.Duration;
import java.util.Objects;

/**
 * How a cache finds questions of the same meaning: by which embeddings, and how often it may be wrong. From which similarity on
 * answers are served is learned from the calls that are made anyway.
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
    private final Costs costs;
    private final boolean acrossDocuments;
    private final boolean laterTurns;

    private SemanticMatching(
            EmbeddingModel embeddings,
            double bound,
            Equivalence equivalence,
            Duration patience,
            Costs costs,
            boolean acrossDocuments,
            boolean laterTurns) {
        this.embeddings = embeddings;
        this.bound = bound;
        this.equivalence = equivalence;
        this.patience = patience;
        this.costs = costs;
        this.acrossDocuments = acrossDocuments;
        this.laterTurns = laterTurns;
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
                Costs.ofCall(1),
                false,
                false);
    }

    /**
     * Says which part of the requests may be answered wrongly, 0.01 by default: of all requests that the cache looks up by their
     * meaning, not of the hits alone, where requests come in no order that matters. Wrong is what {@link #sameAnswer} would have
     * told apart.
     *
     * @param part the part, above 0 and below 1
     * @return this way, with that bound
     * @throws IllegalArgumentException if the part is not above 0 and below 1
     */
    public SemanticMatching wrongAtMost(double part) {
        if (!(part > 0 && part < 1)) {
            throw new IllegalArgumentException("wrongAtMost must be above 0 and below 1, but is " + part);
        }
        return new SemanticMatching(embeddings, part, equivalence, patience, costs, acrossDocuments, laterTurns);
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
        return new SemanticMatching(
                embeddings, bound, Objects.requireNonNull(same, "same"), patience, costs, acrossDocuments, laterTurns);
    }

    /**
     * How long a question may take to be embedded, 2 seconds by default. After that the model is asked. The deadline of a call
     * counts too: where that comes first the call fails, as it would anywhere else.
     *
     * @param longest the longest time, positive
     * @return this way, with that bound
     * @throws IllegalArgumentException if the time is not positive
     */
    public SemanticMatching embeddedWithin(Duration longest) {
        Objects.requireNonNull(longest, "longest");
        if (longest.isZero() || longest.isNegative()) {
            throw new IllegalArgumentException("embeddedWithin must be positive, but is " + longest);
        }
        return new SemanticMatching(embeddings, bound, equivalence, longest, costs, acrossDocuments, laterTurns);
    }

    /**
     * Says what things cost. By default everything but a call is free: the bound alone decides what is served, and all questions
     * are looked up.
     *
     * @param each what a call, a lookup and a wrong answer cost
     * @return this way, with these costs
     */
    public SemanticMatching costs(Costs each) {
        return new SemanticMatching(
                embeddings,
                bound,
                equivalence,
                patience,
                Objects.requireNonNull(each, "each"),
                acrossDocuments,
                laterTurns);
    }

    /**
     * Serves answers that were made from documents which the run that asks has not found itself. By default it does not: a
     * retriever may find for each user what that user may see.
     *
     * <p>With this, the answers made from the documents of one user reach others of the same tenant. Set it only where everybody
     * in a tenant may see every document. It makes for more hits where retrievers find other documents for other words.
     *
     * @return this way, across documents
     */
    public SemanticMatching acrossDocuments() {
        return new SemanticMatching(embeddings, bound, equivalence, patience, costs, true, laterTurns);
    }

    /**
     * Looks up all turns of a conversation. By default only first turns are: those with one message of a user and none of a model.
     * Later turns are compared only with others that have the same history word by word, of which there are seldom any, and each
     * costs an embedding. It pays where many conversations begin alike, and where prompts hold example answers.
     *
     * @return this way, for later turns too
     */
    public SemanticMatching laterTurnsToo() {
        return new SemanticMatching(embeddings, bound, equivalence, patience, costs, acrossDocuments, true);
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

    Costs costs() {
        return costs;
    }

    boolean isAcrossDocuments() {
        return acrossDocuments;
    }

    boolean isForLaterTurns() {
        return laterTurns;
    }
}
