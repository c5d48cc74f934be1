package io.fmware.examples.support;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** Scores pages by the words that they share with a question: BM25. Immutable. */
final class KeywordIndex {
    private static final double SATURATION = 1.2;
    private static final double LENGTH_SHARE = 0.75;

    private final int pages;
    private final Map<String, List<Posting>> postings = new HashMap<>();

    /** What a word adds to the score of a page. */
    private record Posting(int page, double weight) {}

    KeywordIndex(List<Page> pages) {
        this.pages = pages.size();
        List<List<String>> texts =
                pages.stream().map(page -> Words.of(page.text())).toList();
        double meanLength = texts.stream().mapToInt(List::size).average().orElse(1);
        Map<String, Integer> pagesWith = new HashMap<>();
        texts.forEach(words -> new HashSet<>(words).forEach(word -> pagesWith.merge(word, 1, Integer::sum)));
        for (int page = 0; page < texts.size(); page++) {
            List<String> words = texts.get(page);
            double length = SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * words.size() / meanLength);
            Map<String, Integer> counts = new HashMap<>();
            words.forEach(word -> counts.merge(word, 1, Integer::sum));
            for (Map.Entry<String, Integer> count : counts.entrySet()) {
                int n = pagesWith.getOrDefault(count.getKey(), 0);
                double rarity = Math.log(1 + (this.pages - n + 0.5) / (n + 0.5));
                double weight = rarity * count.getValue() * (SATURATION + 1) / (count.getValue() + length);
                postings.computeIfAbsent(count.getKey(), k -> new ArrayList<>()).add(new Posting(page, weight));
            }
        }
    }

    /** The scores of all pages, in their order, the best one being 1; all 0 if the question shares no word with any. */
    double[] scores(String question) {
        double[] scores = new double[pages];
        for (String word : new HashSet<>(Words.of(question))) {
            postings.getOrDefault(word, List.of()).forEach(posting -> scores[posting.page()] += posting.weight());
        }
        double best = 0;
        for (double score : scores) {
            best = Math.max(best, score);
        }
        for (int i = 0; best > 0 && i < scores.length; i++) {
            scores[i] /= best;
        }
        return scores;
    }
}
