package io.fmware.text;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a text says by the order of its words: "7 / 5" is not "5 / 7", "only admins can" is not "admins can only". */
final class Order {
    /** The most words between two numbers that belong together, such as "divided by". */
    private static final int BETWEEN = 2;

    /** Numbers with what is between them, and the same the other way round. */
    private final Set<String> pairs = new HashSet<>();

    private final Set<String> turned = new HashSet<>();

    /** For words such as "only", the word each of them is about. */
    private final Map<String, Set<String>> focused = new HashMap<>();

    private final Set<String> words = new HashSet<>();

    private String last = "";
    private String focusing = "";

    private String number = "";
    private int end = -1;

    void focusing(String word) {
        focusing = word;
    }

    void word(String lemma) {
        words.add(lemma);
        last = lemma;
        focus();
    }

    /** A number in the tokens from one place to another. */
    void number(String value, List<Token> tokens, int from, int to) {
        boolean dash = from > end && from > 0 && tokens.get(from - 1).norm().equals("-");
        if (end >= 0 && from - end <= BETWEEN && (dash || !tokens.get(from).opensClause())) {
            StringBuilder between = new StringBuilder();
            boolean free = false;
            for (Token token : tokens.subList(end, from)) {
                free |= token.opensClause() || Words.COMMUTATIVE.contains(token.norm());
                between.append(token.norm()).append(' ');
            }
            if (!free) {
                pairs.add(number + ' ' + between + value);
                turned.add(value + ' ' + between + number);
            }
        }
        number = value;
        end = to;
        word(value);
    }

    /** At the end of a clause: "for admins only". */
    void close() {
        focus();
        last = "";
    }

    private void focus() {
        if (!focusing.isEmpty() && !last.isEmpty()) {
            focused.computeIfAbsent(focusing, each -> new HashSet<>()).add(last);
        }
        focusing = "";
    }

    /** Whether two numbers, or what "only" is about, have changed places. */
    boolean isTurned(Order other) {
        if (pairs.stream().anyMatch(pair -> other.turned.contains(pair) && !other.pairs.contains(pair))) {
            return true;
        }
        return focused.entrySet().stream().anyMatch(each -> {
            Set<String> there = other.focused.getOrDefault(each.getKey(), Set.of());
            return isElsewhere(each.getValue(), there, other.words) && isElsewhere(there, each.getValue(), words);
        });
    }

    private static boolean isElsewhere(Set<String> here, Set<String> there, Set<String> words) {
        return here.stream().anyMatch(each -> !there.contains(each) && words.contains(each));
    }
}
