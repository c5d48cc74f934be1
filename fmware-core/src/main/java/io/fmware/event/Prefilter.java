package io.fmware.event;

import java.util.ArrayList;
import java.util.List;

/**
 * Says where a literal may end, from three characters: each has one of 32 codes, and a literal ends in three of them. Two places
 * are asked for at once: a bit for each four codes in a row says whether any literal ends behind the third or the fourth. Unlike
 * the states of an automaton these bits do not wait for one another, and those of a language fit into the nearest cache.
 * Immutable.
 */
final class Prefilter {
    /**
     * A literal and the rule that looks at the places where it stands.
     *
     * @param told whether the codes alone say that it stands there
     */
    record Anchor(String literal, Rule rule, boolean told) {
        static Anchor of(String literal, Rule rule) {
            boolean told = literal.length() <= 3 && literal.chars().allMatch(Prefilter::isAlone);
            return new Anchor(literal, rule, told || rule.takesAnyDigit());
        }

        /** Whether the literal ends at a place where its codes do, in any case. */
        boolean endsAt(char[] text, int end) {
            return told || stands(text, end);
        }

        private boolean stands(char[] text, int end) {
            int start = end - literal.length();
            if (start < 0) {
                return false;
            }
            for (int i = literal.length() - 1; i >= 0; i--) {
                if (Scan.lower(text[start + i]) != literal.charAt(i)) {
                    return false;
                }
            }
            return true;
        }
    }

    static final int BITS = 5;
    /** Of three codes. */
    static final int THREE = (1 << (3 * BITS)) - 1;
    /** Of four codes. */
    static final int FOUR = (1 << (4 * BITS)) - 1;

    private static final int CODES = 1 << BITS;
    private static final int ASCII = 128;
    private static final int DIGIT = 27;
    private static final Anchor[] NONE = {};

    /** The codes of all characters, so that none is compared before; those outside of ASCII, and most signs, have 0. */
    static final byte[] CODE = new byte[Character.MAX_VALUE + 1];

    static {
        for (char c = 'a'; c <= 'z'; c++) {
            CODE[c] = (byte) (c - 'a' + 1);
            CODE[c - 'a' + 'A'] = CODE[c];
        }
        for (char c = '0'; c <= '9'; c++) {
            CODE[c] = DIGIT;
        }
        CODE['-'] = 28;
        CODE['_'] = 28;
        CODE['.'] = 29;
        CODE[':'] = 30;
        for (char c : "@+%/=".toCharArray()) {
            CODE[c] = 31;
        }
    }

    /** A bit for each four codes. */
    final long[] bits = new long[(FOUR + 1) / Long.SIZE];

    private final Anchor[][] anchors = new Anchor[THREE + 1][];

    Prefilter(List<Anchor> all) {
        List<List<Anchor>> keyed = new ArrayList<>();
        for (int key = 0; key <= THREE; key++) {
            keyed.add(List.of());
        }
        for (Anchor anchor : all) {
            String literal = anchor.literal();
            int length = literal.length();
            for (int first = 0; first < CODES; first++) {
                for (int second = 0; second < CODES; second++) {
                    boolean fits = (length < 3 || first == CODE[literal.charAt(length - 3)])
                            && (length < 2 || second == CODE[literal.charAt(length - 2)])
                            && (length > 1 || anchor.rule().follows(first == 0 ? ' ' : sample(first), sample(second)));
                    if (fits) {
                        int key = (first << (2 * BITS)) | (second << BITS) | CODE[literal.charAt(length - 1)];
                        List<Anchor> more = new ArrayList<>(keyed.get(key));
                        more.add(anchor);
                        keyed.set(key, more);
                        allow(key);
                    }
                }
            }
        }
        for (int key = 0; key <= THREE; key++) {
            anchors[key] = keyed.get(key).isEmpty() ? NONE : keyed.get(key).toArray(Anchor[]::new);
        }
    }

    /** Whether no other character has its code, but for its case. */
    private static boolean isAlone(int c) {
        return (c >= 'a' && c <= 'z') || c == '.' || c == ':';
    }

    /** Sets the bits of all four codes that end in these three, or in these and one more. */
    private void allow(int key) {
        for (int code = 0; code < CODES; code++) {
            int before = code << (3 * BITS) | key;
            int behind = key << BITS | code;
            bits[before / Long.SIZE] |= 1L << before;
            bits[behind / Long.SIZE] |= 1L << behind;
        }
    }

    /** A character that has a code. */
    private static char sample(int code) {
        char c = 'a';
        while (c < ASCII + 'a' && CODE[c % ASCII] != code) {
            c++;
        }
        return (char) (c % ASCII);
    }

    /** Those that may end behind three codes. */
    Anchor[] at(int key) {
        return anchors[key];
    }
}
