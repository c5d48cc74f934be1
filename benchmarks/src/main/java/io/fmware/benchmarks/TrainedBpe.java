package io.fmware.benchmarks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A byte pair encoding (Sennrich et al. 2016) trained on some text, as the tokenizer of a model that nobody knows. */
final class TrainedBpe {
    private static final Pattern PIECES = Pattern.compile(" ?\\p{L}+| ?\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+|\\s+");

    private final Map<String, Integer> ranks = new HashMap<>();
    private final Map<String, Integer> counted = new HashMap<>();

    private TrainedBpe() {}

    static TrainedBpe train(List<String> texts, int merges) {
        TrainedBpe bpe = new TrainedBpe();
        Map<String, Integer> words = new HashMap<>();
        for (String text : texts) {
            pieces(text).forEach(piece -> words.merge(piece, 1, Integer::sum));
        }
        new Training(words, bpe.ranks).run(merges);
        return bpe;
    }

    private static List<String> pieces(String text) {
        List<String> pieces = new ArrayList<>();
        Matcher matcher = PIECES.matcher(text);
        while (matcher.find()) {
            pieces.add(matcher.group());
        }
        return pieces;
    }

    int count(String text) {
        int sum = 0;
        for (String piece : pieces(text)) {
            sum += counted.computeIfAbsent(piece, this::encoded);
        }
        return sum;
    }

    private int encoded(String piece) {
        List<String> symbols = symbols(piece);
        while (symbols.size() > 1) {
            int best = -1;
            int rank = Integer.MAX_VALUE;
            for (int i = 0; i + 1 < symbols.size(); i++) {
                int at = ranks.getOrDefault(symbols.get(i) + '\0' + symbols.get(i + 1), Integer.MAX_VALUE);
                if (at < rank) {
                    rank = at;
                    best = i;
                }
            }
            if (best < 0) {
                break;
            }
            symbols.set(best, symbols.get(best) + symbols.remove(best + 1));
        }
        // A character beyond ASCII that nothing was merged with is as many tokens as it has bytes.
        return symbols.stream()
                .mapToInt(s ->
                        s.codePointCount(0, s.length()) == 1 && s.charAt(0) > 0x7f ? s.charAt(0) > 0x7ff ? 3 : 2 : 1)
                .sum();
    }

    private static List<String> symbols(String piece) {
        List<String> symbols = new ArrayList<>();
        piece.codePoints().forEach(c -> symbols.add(Character.toString(c)));
        return symbols;
    }

    /** Merges the most frequent pair, again and again; counts are kept up to date by the words that a pair is in. */
    private static final class Training {
        private final List<List<String>> words = new ArrayList<>();
        private final List<Integer> counts = new ArrayList<>();
        private final Map<String, Integer> pairs = new HashMap<>();
        private final Map<String, Set<Integer>> places = new HashMap<>();
        private final Map<String, Integer> ranks;

        Training(Map<String, Integer> given, Map<String, Integer> ranks) {
            this.ranks = ranks;
            given.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(each -> {
                words.add(symbols(each.getKey()));
                counts.add(each.getValue());
            });
            for (int i = 0; i < words.size(); i++) {
                add(i, 1);
            }
        }

        private void add(int word, int sign) {
            List<String> symbols = words.get(word);
            for (int i = 0; i + 1 < symbols.size(); i++) {
                String pair = symbols.get(i) + '\0' + symbols.get(i + 1);
                pairs.merge(pair, sign * counts.get(word), Integer::sum);
                places.computeIfAbsent(pair, p -> new HashSet<>()).add(word);
            }
        }

        void run(int merges) {
            for (int rank = 0; rank < merges; rank++) {
                String best = null;
                int most = 1;
                for (Map.Entry<String, Integer> each : pairs.entrySet()) {
                    boolean more = each.getValue() > most
                            || (each.getValue() == most
                                    && best != null
                                    && each.getKey().compareTo(best) < 0);
                    if (more) {
                        best = each.getKey();
                        most = each.getValue();
                    }
                }
                if (best == null) {
                    return;
                }
                ranks.put(best, rank);
                merge(best);
            }
        }

        private void merge(String pair) {
            String one = pair.substring(0, pair.indexOf('\0'));
            String other = pair.substring(pair.indexOf('\0') + 1);
            for (int word : new ArrayList<>(places.get(pair))) {
                add(word, -1);
                List<String> symbols = words.get(word);
                for (int i = 0; i + 1 < symbols.size(); i++) {
                    if (symbols.get(i).equals(one) && symbols.get(i + 1).equals(other)) {
                        symbols.set(i, one + other);
                        symbols.remove(i + 1);
                    }
                }
                add(word, 1);
            }
            pairs.remove(pair);
            places.remove(pair);
        }
    }
}
