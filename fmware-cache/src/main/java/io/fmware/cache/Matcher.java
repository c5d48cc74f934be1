package io.fmware.cache;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.fmware.CancelledException;
import io.fmware.DeadlineExceededException;
import io.fmware.FmCall;
import io.fmware.cache.KnownQuestions.Known;
import io.fmware.text.Distinctions;
import io.fmware.text.Equivalence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Finds answers to questions of the same meaning. Questions are compared inside a partition: everything else in their requests is
 * the same. Candidates that a {@linkplain Distinctions difference of words} keeps apart are left out, the others vote, and a
 * {@link RiskGate}, one for all partitions, decides whether the winner is served. Thread-safe.
 */
final class Matcher {
    private static final int NONE = -1;

    /** A bad answer takes its neighbours with it from here on: one alone would have a score of 0.95 ({@link NeighbourVote}). */
    private static final double NEAR = 0.9;

    /** Of those so many at most, so that one thumb down does not empty a partition in which all questions are alike. */
    private static final int MOST_NEAR = 100;

    private final SemanticMatching how;
    private final Embedder embedder;
    private final RiskGate gate;
    private final Equivalence equivalence;
    private final Worth worth;
    private final KnownQuestions questions = new KnownQuestions();
    private final AtomicInteger answers = new AtomicInteger();

    Matcher(SemanticMatching how, RandomGenerator random) {
        this.how = how;
        this.embedder = new Embedder(how.embeddings(), how.patience());
        this.gate = new RiskGate(how.bound(), how.costs(), random);
        this.equivalence = how.equivalence();
        this.worth = new Worth(how.costs());
    }

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

        /** What is kept of it, estimated in bytes. */
        long bytes() {
            return KnownQuestions.bytes(question, vector.dimension());
        }

        /** The answer to be served, {@code null} where the model is to be asked. */
        @Nullable
        Entry served() {
            return decision == RiskGate.Decision.SERVE && candidate != null ? candidate.entry() : null;
        }
    }

    /** Whether it is worth the while to look for a question of a request at all. */
    boolean isWorthLooking(List<ChatMessage> messages, String question) {
        return (how.isForLaterTurns() || Prompt.isFirstTurn(messages))
                && !Distinctions.isContentless(question)
                && worth.isWorthLooking();
    }

    /** Whether an answer may reach a run, as far as the documents go that it was made from. */
    boolean mayReach(RunTrace run, Entry answer) {
        return how.isAcrossDocuments() || run.hasFound(answer.documents());
    }

    /**
     * Looks for a question.
     *
     * @param call in which it is asked
     * @param servable tells which entries may be served to it
     * @throws CancelledException if the call is cancelled or the thread interrupted meanwhile
     * @throws DeadlineExceededException if the deadline of the call passes
     * @throws RuntimeException if the question cannot be embedded
     */
    Found find(FmCall call, CacheKey partition, String question, Predicate<Entry> servable) {
        Embedding vector = embedder.embed(call, question);
        CacheKey sized = partition.with(partition.digest() + "/" + vector.dimension());
        List<VectorIndex.Match<Known>> near = new ArrayList<>();
        for (VectorIndex.Match<Known> each : questions.nearest(sized, vector.vector(), NeighbourVote.NEIGHBOURS)) {
            if (servable.test(each.value().entry())
                    && Distinctions.between(question, each.value().question()).isEmpty()) {
                near.add(each);
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
        NeighbourVote vote = NeighbourVote.of(similarities, votes);
        if (vote.chosen() < 0) {
            gate.noCandidate();
            worth.looked(false);
            return new Found(partition, question, vector, List.of(), null, 0, 0, RiskGate.Decision.ASK);
        }
        RiskGate.Decision decision = gate.decide(vote.score());
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

    /**
     * Learns from the answer that the model gave after all, and keeps the question if its answer was kept.
     *
     * @param response the answer; a tool call, or {@code null} for one that is not whole, is not the same as any text
     */
    void answered(Found found, @Nullable ChatResponse response, @Nullable Entry kept) {
        String text = textOf(response);
        Known candidate = found.candidate();
        int answer = candidate == null || text == null ? NONE : answerOf(text, found.near());
        if (candidate != null) {
            gate.learn(found.score(), found.decision(), answer == candidate.answer());
        }
        if (kept != null && text != null) {
            Known known = new Known(kept, found.question(), answer == NONE ? answers.incrementAndGet() : answer);
            questions.add(found.partition(), found.vector().vector(), known);
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

    /**
     * Gives the question of an entry to the one that is about to take its place. To be called before the old one goes: its
     * question goes with it.
     */
    void renewed(Entry old, Entry fresh) {
        Known known = questions.of(old);
        String text = textOf(fresh.response());
        if (known == null || text == null) {
            return;
        }
        String before = textOf(old.response());
        boolean same = before != null && equivalence.same(before, text);
        questions.addBeside(old, new Known(fresh, known.question(), same ? known.answer() : answers.incrementAndGet()));
    }

    private static @Nullable String textOf(@Nullable ChatResponse response) {
        AiMessage message = response == null ? null : response.aiMessage();
        return message == null || message.hasToolExecutionRequests() ? null : message.text();
    }

    /** An entry has gone. */
    void removed(Entry entry) {
        questions.remove(entry);
    }

    /** The entries whose questions are near to that of another one, itself left out. */
    List<Entry> near(Entry entry) {
        return questions.nearest(entry, MOST_NEAR).stream()
                .filter(each -> each.similarity() >= NEAR && each.value().entry() != entry)
                .map(each -> each.value().entry())
                .toList();
    }

    /** What is kept for the question of an entry, estimated in bytes; 0 if it has none. */
    long bytes(Entry entry) {
        return questions.bytes(entry);
    }

    /**
     * Explains a hit.
     *
     * @param own whether whoever asks may see what was asked then
     */
    CacheHit.Match match(Found found, boolean own) {
        SemanticStats now = stats();
        String answered =
                !own || found.candidate() == null ? null : found.candidate().question();
        return new CacheHit.Match(
                found.question(), answered, found.similarity(), found.score(), now.threshold(), now.risk());
    }

    SemanticStats stats() {
        return gate.stats(questions.size());
    }
}
