package io.fmware.examples.support;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of a text as the keyword index counts them: without the commonest ones, with English inflections taken off. */
final class Words {
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");
    private static final int SHORTEST_TO_STEM = 4;
    private static final Set<String> COMMON = Set.of(
            "a", "am", "an", "and", "are", "at", "be", "been", "but", "by", "can", "could", "did", "do", "does", "for",
            "from", "had", "has", "have", "how", "i", "if", "in", "is", "it", "its", "m", "me", "my", "not", "of", "on",
            "or", "our", "s", "should", "so", "t", "that", "the", "there", "these", "this", "those", "to", "us", "ve",
            "was", "we", "were", "what", "when", "where", "which", "who", "why", "will", "with", "would", "you",
            "your");

    private Words() {}

    static List<String> of(String text) {
        List<String> words = new ArrayList<>();
        for (Matcher word = WORD.matcher(text.toLowerCase(Locale.ROOT)); word.find(); ) {
            if (!COMMON.contains(word.group())) {
                words.add(stem(word.group()));
            }
        }
        return words;
    }

    /** The same stem for {@code charge}, {@code charges}, {@code charged} and {@code charging}. */
    private static String stem(String word) {
        if (word.length() < SHORTEST_TO_STEM) {
            return word;
        }
        String stem = word.endsWith("ies") ? cut(word, 3) + "y" : word;
        if (stem.endsWith("s") && !stem.endsWith("ss") && !stem.endsWith("us") && !stem.endsWith("is")) {
            stem = cut(stem, 1);
        }
        if (stem.endsWith("ing") && stem.length() > 5) {
            stem = cut(stem, 3);
        } else if (stem.endsWith("ed") && !stem.endsWith("eed") && stem.length() > 4) {
            stem = cut(stem, 2);
        }
        int last = stem.length() - 1;
        if (last > 1 && stem.charAt(last) == stem.charAt(last - 1) && "bdgmnprt".indexOf(stem.charAt(last)) >= 0) {
            stem = cut(stem, 1);
        }
        if (stem.endsWith("e") && stem.length() > 3) {
            stem = cut(stem, 1);
        }
        return stem.endsWith("y") ? cut(stem, 1) + "i" : stem;
    }

    private static String cut(String word, int letters) {
        return word.substring(0, word.length() - letters);
    }
}
