package io.fmware.event;

import java.util.ArrayList;
import java.util.List;

/**
 * Says where a literal may end, from three characters: each has one of 32 codes, and a bit for each three codes in a row says
 * whether any literal ends so. Unlike the states of an automaton these bits do not wait for one another, and they fit into the
 * nearest cache. Immutable.
 */
final class Prefilter {
    /** A literal and the rule that looks at the places where it stands. */
    record Anchor(String literal, Rule rule) {
        /** Whether the literal ends at a place, in any case. */
        boolean endsAt(char[] text, int end) {
            if (rule.takesAnyDigit()) {
                return true; // the code says that it is one
            }
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

    static final int CODED = 128;
    static final int BITS = 5;
    static final int MASK = (1 << (3 * BITS)) - 1;

    private static final int CODES = 1 << BITS;
    private static final int DIGIT = 27;
    private static final Anchor[] NONE = {};

    /** The codes of ASCII; all other characters, and most signs, have 0. */
    static final byte[] CODE = new byte[CODED];

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

    /** A bit for each key of three codes. */
    final long[] bits = new long[(MASK + 1) / Long.SIZE];

    private final Anchor[][] anchors = new Anchor[MASK + 1][];

    Prefilter(List<Anchor> all) {
        List<List<Anchor>> keyed = new ArrayList<>();
        for (int key = 0; key <= MASK; key++) {
            keyed.add(List.of());
        }
        for (Anchor anchor : all) {
            String literal = anchor.literal();
            int length = literal.length();
            for (int first = 0; first < CODES; first++) {
                for (int second = 0; second < CODES; second++) {
                    boolean fits = (length < 3 || first == code(literal.charAt(length - 3)))
                            && (length < 2 || second == code(literal.charAt(length - 2)))
                            && (length > 1 || anchor.rule().follows(first == 0 ? ' ' : sample(first), sample(second)));
                    if (fits) {
                        int key = (first << (2 * BITS)) | (second << BITS) | code(literal.charAt(length - 1));
                        List<Anchor> more = new ArrayList<>(keyed.get(key));
                        more.add(anchor);
                        keyed.set(key, more);
                        bits[key / Long.SIZE] |= 1L << key;
                    }
                }
            }
        }
        for (int key = 0; key <= MASK; key++) {
            anchors[key] = keyed.get(key).isEmpty() ? NONE : keyed.get(key).toArray(Anchor[]::new);
        }
    }

    private static int code(char c) {
        return c < CODED ? CODE[c] : 0;
    }

    /** A character that has a code. */
    private static char sample(int code) {
        char c = 'a';
        while (c < CODED + 'a' && CODE[c % CODED] != code) {
            c++;
        }
        return (char) (c % CODED);
    }

    Anchor[] at(int key) {
        return anchors[key];
    }
}
