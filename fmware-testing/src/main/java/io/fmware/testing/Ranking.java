package io.fmware.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Sentences of passages, ranked by what they have in common with a question.
 *
 * <p>A term weighs {@code ln(1 + n / k)}, where k of the n sentences hold it; a term that none holds weighs as if one did.
 * The overlap of a sentence is the weight of the question's terms that it holds, as a share of the weight of all of them.
 * It ranks by that plus a quarter of the overlap of its passage, so that of two equal sentences the one in the fitting
 * passage wins; then by its place.
 */
final class Ranking {

    private static final double PASSAGE_SHARE = 0.25;
    private static final double WORTH_ADDING = 0.2;

    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, Integer> counts = new HashMap<>();

    /** A sentence where it stands. */
    private record Entry(String sentence, Set<String> terms, Set<String> passageTerms, Passage passage, double share) {}

    /** Ranks what a retriever found if {@code retrieved} and every passage names its source, else passages of equal rank. */
    Ranking(List<Passage> passages, boolean retrieved) {
        boolean bestFirst = retrieved && passages.stream().allMatch(passage -> passage.source() != null);
        Set<String> sources = new HashSet<>();
        for (Passage passage : passages) {
            sources.add(String.valueOf(passage.source()));
            double share = bestFirst ? 1.0 / sources.size() : 1;
            Set<String> passageTerms = new HashSet<>(Terms.of(String.join(" ", passage.sentences())));
            if (passage.source() != null) {
                passageTerms.addAll(Terms.of(passage.source()));
            }
            for (String sentence : passage.sentences()) {
                Set<String> terms = new HashSet<>(Terms.of(sentence));
                terms.forEach(term -> counts.merge(term, 1, Integer::sum));
                entries.add(new Entry(sentence, terms, passageTerms, passage, share));
            }
        }
    }

    /**
     * The best sentence, and further ones while each holds at least a fifth of the question's weight that those before it
     * lack; more if it is from a source that counts less than the first one's.
     */
    Extract best(String question, int limit) {
        Set<String> asked = new TreeSet<>(Terms.of(question));
        double total = weight(asked);
        Set<String> open = new HashSet<>(asked);
        List<Entry> chosen = new ArrayList<>();
        while (chosen.size() < limit) {
            Entry next = mostOf(open, asked, chosen);
            if (next == null) {
                break;
            }
            double share = chosen.isEmpty() ? 1 : Math.min(1, next.share / chosen.get(0).share);
            if (!chosen.isEmpty() && share * overlap(open, next.terms) < WORTH_ADDING * total) {
                break;
            }
            chosen.add(next);
            open.removeAll(next.terms);
        }
        double confidence = total == 0 ? 0 : 1 - weight(open) / total;
        chosen.sort((left, right) -> Integer.compare(entries.indexOf(left), entries.indexOf(right)));
        return new Extract(
                chosen.stream().map(Entry::sentence).toList(),
                chosen.stream()
                        .map(entry -> entry.passage.source())
                        .filter(Objects::nonNull)
                        .distinct()
                        .toList(),
                Math.max(0, Math.min(1, confidence)));
    }

    private @Nullable Entry mostOf(Set<String> open, Set<String> asked, List<Entry> chosen) {
        Entry best = null;
        double most = 0;
        for (Entry entry : entries) {
            double own = overlap(open, entry.terms);
            double score = entry.share * (own + PASSAGE_SHARE * overlap(asked, entry.passageTerms));
            if (own > 0 && score > most + 1e-9 && !chosen.contains(entry)) {
                best = entry;
                most = score;
            }
        }
        return best;
    }

    private double overlap(Set<String> asked, Set<String> terms) {
        double sum = 0;
        for (String term : new TreeSet<>(asked)) {
            sum += terms.contains(term) ? weight(term) : 0;
        }
        return sum;
    }

    private double weight(Set<String> terms) {
        return new TreeSet<>(terms).stream().mapToDouble(this::weight).sum();
    }

    private double weight(String term) {
        return Math.log(1 + (double) Math.max(1, entries.size()) / counts.getOrDefault(term, 1));
    }

    /**
     * What was found.
     *
     * @param sentences the sentences, in the order of the context; empty if nothing overlaps
     * @param sources the sources that they come from
     * @param confidence the share of the question's weight that they hold, from 0 to 1
     */
    record Extract(List<String> sentences, List<String> sources, double confidence) {

        String text() {
            return String.join(" ", sentences);
        }

        boolean found() {
            return !sentences.isEmpty();
        }
    }
}
