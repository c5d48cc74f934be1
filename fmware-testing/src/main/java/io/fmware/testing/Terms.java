package io.fmware.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words of a text in a form that can be compared: lower case, without the commonest English words, with inflections
 * taken off ({@code charges}, {@code charged} and {@code charging} are the same term).
 */
final class Terms {

    private static final Pattern WORD = Pattern.compile("\\p{N}+(?:[.,]\\p{N}+)*|[\\p{L}\\p{N}]+");

    private static final Set<String> COMMON = Set.of(
            "a", "about", "after", "all", "am", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can",
            "could", "did", "do", "does", "for", "from", "had", "has", "have", "he", "her", "his", "how", "i", "if",
            "in", "into", "is", "it", "its", "me", "may", "much", "many", "my", "of", "on", "one", "or", "our",
            "please", "s", "she", "should", "so", "t", "tell", "than", "that", "the", "their", "them", "then", "there",
            "these", "they", "this", "to", "us", "was", "we", "were", "what", "when", "where", "which", "who", "why",
            "will", "with", "would", "you", "your");

    private Terms() {}

    /** The terms of a text in order, repetitions included. */
    static List<String> of(String text) {
        List<String> terms = new ArrayList<>();
        for (Matcher word = WORD.matcher(text.toLowerCase(Locale.ROOT)); word.find(); ) {
            if (!COMMON.contains(word.group())) {
                terms.add(stem(word.group()));
            }
        }
        return terms;
    }

    /** Takes the commonest English inflections off a word; a word that has none may lose its last letter as well. */
    static String stem(String word) {
        if (word.length() < 4 || !Character.isLetter(word.charAt(0))) {
            return word;
        }
        String stem = singular(word);
        if (stem.endsWith("ing") && stem.length() > 5) {
            stem = undoubled(stem.substring(0, stem.length() - 3));
        } else if (stem.endsWith("ed") && !stem.endsWith("eed") && stem.length() > 4) {
            stem = undoubled(stem.substring(0, stem.length() - 2));
        }
        if (stem.endsWith("e") && !stem.endsWith("ee") && stem.length() > 3) {
            return stem.substring(0, stem.length() - 1);
        }
        return stem.endsWith("y") ? stem.substring(0, stem.length() - 1) + "i" : stem;
    }

    private static String singular(String word) {
        if (word.endsWith("ies") && word.length() > 4) {
            return word.substring(0, word.length() - 3) + "y";
        }
        boolean plural = word.endsWith("s") && !word.endsWith("ss") && !word.endsWith("us") && !word.endsWith("is");
        return plural ? word.substring(0, word.length() - 1) : word;
    }

    private static String undoubled(String stem) {
        int last = stem.length() - 1;
        boolean twice = last > 1 && stem.charAt(last) == stem.charAt(last - 1);
        return twice && "bdgmnprt".indexOf(stem.charAt(last)) >= 0 ? stem.substring(0, last) : stem;
    }
}
