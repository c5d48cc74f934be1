package io.fmware.cache;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.fmware.text.Distinctions;
import io.fmware.text.Equivalence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Finds answers to questions of the same meaning. Questions are compared inside a partition: everything else in their requests is
 * the same. Candidates that a {@linkplain Distinctions difference of words} keeps apart are left out, the others vote, and a
 * {@link RiskGate}, one for all partitions, decides whether the winner is served. Thread-safe.
 */
final class Matcher {
    private static final int NONE = -1;
    private static final double NEAR = 0.9;
    private static final int MOST_NEAR = 100;

    private final Embedder embedder;
    private final RiskGate gate;
    private final Equivalence equivalence;
    private final Worth worth;
    private final Prices prices;
    private final Map<CacheKey, VectorIndex<Known>> partitions = new ConcurrentHashMap<>();
    private final Map<Entry, Place> places = new ConcurrentHashMap<>();
    private final AtomicInteger answers = new AtomicInteger();

    Matcher(SemanticMatching how, RandomGenerator random) {
        this.embedder = new Embedder(how.embeddings(), how.patience());
        this.gate = new RiskGate(how.bound(), random);
        this.equivalence = how.equivalence();
        this.worth = new Worth(how.prices());
        this.prices = how.prices();
    }

    /**
     * A question that was answered.
     *
     * @param entry its answer
     * @param question the question
     * @param answer a number that questions have in common whose answers were found to be the same
     */
    private record Known(Entry entry, String question, int answer) {}

    /** Where an entry is. */
    private record Place(
            CacheKey partition, VectorIndex<Known> index, VectorIndex.Entry<Known> vector, Embedding query) {}

    /**
     * What was found for a question.
     *
     * @param partition where it belongs
     * @param question the question
     * @param vector its vector
     * @param near the nearest questions, nearest first
     * @param candidate the answer that may be the same, {@code null} where there is none
     * @param similarity that of the nearest question with that answer
     * @param score how clear it is that it is the answer
     * @param decision what to do with it
     */
    record Found(
            CacheKey partition,
            String question,
            Embedding vector,
            List<Known> near,
            @Nullable Known candidate,
            double similarity,
            double score,
            RiskGate.Decision decision) {

        /** What is kept of it, estimated: the vector, twice, and the question. */
        long bytes() {
            return 2L * Float.BYTES * vector.dimension() + 2L * question.length();
        }

        /** The answer to be served, {@code null} where the model is to be asked. */
        @Nullable
        Entry served() {
            return decision == RiskGate.Decision.SERVE && candidate != null ? candidate.entry() : null;
        }
    }

    /** Tells which entries may still be served. */
    interface Truth {
        boolean isTrue(Entry entry);
    }

    /** Whether it is worth the while to look for a question at all. */
    boolean isWorthLooking(String question) {
        return !Distinctions.isContentless(question) && worth.isWorthLooking();
    }

    /**
     * Looks for a question.
     *
     * @throws RuntimeException if it cannot be embedded
     */
    Found find(CacheKey partition, String question, Truth truth) {
        Embedding vector = embedder.embed(question);
        CacheKey sized = partition.with(partition.digest() + "/" + vector.dimension());
        List<VectorIndex.Match<Known>> near = new ArrayList<>();
        VectorIndex<Known> index = partitions.get(sized);
        if (index != null) {
            for (VectorIndex.Match<Known> each : index.nearest(vector.vector(), NeighbourVote.NEIGHBOURS)) {
                if (truth.isTrue(each.value().entry())
                        && Distinctions.between(question, each.value().question())
                                .isEmpty()) {
                    near.add(each);
                }
            }
        }
        return decided(sized, question, vector, near);
    }

    private Found decided(CacheKey partition, String question, Embedding vector, List<VectorIndex.Match<Known>> near) {
        float[] similarities = new float[near.size()];
        int[] votes = new int[near.size()];
        for (int i = 0; i < votes.length; i++) {
            similarities[i] = near.get(i).similarity();
            votes[i] = near.get(i).value().answer();
        }
        NeighbourVote vote = NeighbourVote.of(similarities, votes, votes.length);
        if (vote.chosen() < 0) {
            gate.noCandidate();
            worth.looked(false);
            return new Found(partition, question, vector, List.of(), null, 0, 0, RiskGate.Decision.ASK);
        }
        RiskGate.Decision decision = gate.decide(vote.score());
        if (decision == RiskGate.Decision.SERVE && !prices.paysToServe(chanceOfRight())) {
            decision = RiskGate.Decision.VERIFY;
        }
        worth.looked(decision == RiskGate.Decision.SERVE);
        VectorIndex.Match<Known> chosen = near.get(vote.chosen());
        return new Found(
                partition,
                question,
                vector,
                near.stream().map(VectorIndex.Match::value).toList(),
                chosen.value(),
                chosen.similarity(),
                vote.score(),
                decision);
    }

    /** How often what is served is right, estimated. */
    private double chanceOfRight() {
        RiskGate.State state = gate.state();
        double served = (double) state.served() / Math.max(1, state.requests());
        return served == 0 ? 1 : Math.max(0, 1 - state.risk() / served);
    }

    /** Learns from the answer that the model gave after all, and keeps the question if its answer was kept. */
    void answered(Found found, ChatResponse response, @Nullable Entry kept) {
        String text = textOf(response);
        if (text == null) {
            return;
        }
        Known candidate = found.candidate();
        int answer = candidate == null ? NONE : answerOf(text, found.near());
        if (candidate != null) {
            gate.learn(found.score(), found.decision(), answer == candidate.answer());
        }
        if (kept != null) {
            add(found, kept, answer == NONE ? answers.incrementAndGet() : answer);
        }
    }

    /** The number of the first answer that says the same, each compared once. */
    private int answerOf(String text, List<Known> near) {
        Set<Integer> compared = new HashSet<>();
        for (Known each : near) {
            String known = textOf(each.entry().response());
            if (known != null && compared.add(each.answer()) && equivalence.same(known, text)) {
                return each.answer();
            }
        }
        return NONE;
    }

    private void add(Found found, Entry entry, int answer) {
        VectorIndex<Known> index = partitions.computeIfAbsent(
                found.partition(), p -> new VectorIndex<>(found.vector().dimension()));
        VectorIndex.Entry<Known> vector =
                index.add(found.vector().vector(), new Known(entry, found.question(), answer));
        places.put(entry, new Place(found.partition(), index, vector, found.vector()));
    }

    private static @Nullable String textOf(@Nullable ChatResponse response) {
        AiMessage message = response == null ? null : response.aiMessage();
        return message == null || message.hasToolExecutionRequests() ? null : message.text();
    }

    /** An entry has gone. */
    void removed(Entry entry) {
        Place place = places.remove(entry);
        if (place != null) {
            place.index().remove(place.vector());
            partitions.computeIfPresent(place.partition(), (p, index) -> index.size() == 0 ? null : index);
        }
    }

    /** The entries whose questions are near to that of another one, itself left out. */
    List<Entry> near(Entry entry) {
        Place place = places.get(entry);
        if (place == null) {
            return List.of();
        }
        return place.index().nearest(place.query().vector(), MOST_NEAR).stream()
                .filter(each -> each.similarity() >= NEAR && each.value().entry() != entry)
                .map(each -> each.value().entry())
                .toList();
    }

    /**
     * Explains a hit.
     *
     * @param own whether whoever asks may see what was asked then
     */
    CacheHit.Match match(Found found, boolean own) {
        RiskGate.State state = gate.state();
        String answered =
                !own || found.candidate() == null ? null : found.candidate().question();
        return new CacheHit.Match(
                found.question(), answered, found.similarity(), found.score(), state.threshold(), state.risk());
    }

    RiskGate.State state() {
        return gate.state();
    }

    /** How many questions are known. */
    int size() {
        return places.size();
    }
}
