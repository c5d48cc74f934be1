package io.fmware.text;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** Numbers in English words. */
final class NumberWords {
    private static final Map<String, Integer> SMALL = Map.ofEntries(
            Map.entry("zero", 0),
            Map.entry("one", 1),
            Map.entry("two", 2),
            Map.entry("three", 3),
            Map.entry("four", 4),
            Map.entry("five", 5),
            Map.entry("six", 6),
            Map.entry("seven", 7),
            Map.entry("eight", 8),
            Map.entry("nine", 9),
            Map.entry("ten", 10),
            Map.entry("eleven", 11),
            Map.entry("twelve", 12),
            Map.entry("thirteen", 13),
            Map.entry("fourteen", 14),
            Map.entry("fifteen", 15),
            Map.entry("sixteen", 16),
            Map.entry("seventeen", 17),
            Map.entry("eighteen", 18),
            Map.entry("nineteen", 19),
            Map.entry("twenty", 20),
            Map.entry("thirty", 30),
            Map.entry("forty", 40),
            Map.entry("fifty", 50),
            Map.entry("sixty", 60),
            Map.entry("seventy", 70),
            Map.entry("eighty", 80),
            Map.entry("ninety", 90));

    private static final Map<String, Long> SCALES =
            Map.of("hundred", 100L, "thousand", 1000L, "million", 1_000_000L, "billion", 1_000_000_000L, "dozen", 12L);

    private static final Map<String, String> ORDINALS = Map.of(
            "first", "1",
            "second", "2",
            "third", "3",
            "fourth", "4",
            "fifth", "5",
            "sixth", "6",
            "seventh", "7",
            "eighth", "8",
            "ninth", "9",
            "tenth", "10");

    private static final long MOST = 1_000_000_000_000L;

    private NumberWords() {}

    /**
     * A number that begins at a token.
     *
     * @param value its value
     * @param length how many tokens it takes
     */
    record Found(String value, int length) {}

    static final Found NONE = new Found("", 0);

    static boolean isNumber(String word) {
        return SMALL.containsKey(word) || SCALES.containsKey(word);
    }

    /** The digits of a word such as "third", or nothing. */
    static String ordinal(String word) {
        return ORDINALS.getOrDefault(word, "");
    }

    static Found at(List<Token> tokens, int start) {
        Token first = tokens.get(start);
        if (first.isNumber()) {
            return scaled(tokens, start);
        }
        if (!first.isWord() || !isNumber(first.norm())) {
            return NONE;
        }
        long total = 0;
        long current = 0;
        int last = start;
        int at = start;
        int smallest = Integer.MAX_VALUE;
        for (; at < tokens.size() && total < MOST; at++) {
            String word = tokens.get(at).norm();
            Integer small = SMALL.get(word);
            Long scale = SCALES.get(word);
            if (at > start && tokens.get(at).opensClause()) {
                break;
            }
            if (small != null) {
                boolean joins = current % 100 == 0 || (smallest >= 20 && smallest < 100 && small < 10);
                if (at > start && (!joins || (current == 0 && total == 0))) {
                    break;
                }
                current += small;
                smallest = small;
            } else if (scale != null) {
                long factor = Math.max(1, current);
                if (scale == 100 || scale == 12) {
                    current = factor * scale;
                } else {
                    total += factor * scale;
                    current = 0;
                }
                smallest = Integer.MAX_VALUE;
            } else if (!word.equals("and")
                    || at == start
                    || SCALES.get(tokens.get(at - 1).norm()) == null) {
                break;
            } else {
                continue;
            }
            last = at;
        }
        return new Found(Long.toString(total + current), last - start + 1);
    }

    private static Found scaled(List<Token> tokens, int start) {
        String value = tokens.get(start).norm();
        int at = start + 1;
        while (at < tokens.size() && at < start + 3) {
            Long scale = SCALES.get(tokens.get(at).norm());
            if (scale == null) {
                break;
            }
            value = Digits.times(value, BigDecimal.valueOf(scale));
            at++;
        }
        return new Found(value, at - start);
    }
}
