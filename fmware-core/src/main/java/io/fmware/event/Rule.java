package io.fmware.event;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Looks at the places where one of its literals stands. What it finds there depends on nothing but the text from
 * {@link Scan#BEHIND} characters before the end of the literal to {@link #ahead} after it: so a text in pieces gives what the
 * whole gives. Immutable.
 */
abstract class Rule {
    private final String kind;
    private final List<String> anchors;

    Rule(String kind, String... anchors) {
        this.kind = kind;
        this.anchors = Arrays.stream(anchors)
                .map(literal -> literal.toLowerCase(Locale.ROOT))
                .distinct()
                .toList();
    }

    /** What a rule does at a literal. */
    interface Look {
        void at(Rule rule, Scan scan, int from, int to);
    }

    /** Which two characters may stand before a literal of one character. */
    interface Context {
        boolean allows(char first, char second);
    }

    static Rule of(String kind, Look look, String... anchors) {
        return of(kind, look, (first, second) -> true, anchors);
    }

    static Rule of(String kind, Look look, Context context, String... anchors) {
        return new Rule(kind, anchors) {
            @Override
            void look(Scan scan, int from, int to) {
                look.at(this, scan, from, to);
            }

            @Override
            boolean follows(char first, char second) {
                return context.allows(first, second);
            }
        };
    }

    final String kind() {
        return kind;
    }

    /** The literals, in lower case; they are found in any case. */
    final List<String> anchors() {
        return anchors;
    }

    /**
     * Whether a literal of one character can mean anything behind two others. The others are the first of their group:
     * a letter or a space for itself, 0 for all digits.
     */
    boolean follows(char first, char second) {
        return true;
    }

    /** Whether its literal, a digit, stands for all of them. */
    boolean takesAnyDigit() {
        return false;
    }

    /** How far behind its literal it looks. */
    int ahead() {
        return Scan.AHEAD;
    }

    /** Reports what it finds with {@link Scan#found}; the literal stands from {@code from} to {@code to}. */
    abstract void look(Scan scan, int from, int to);

    @Override
    public String toString() {
        return kind + anchors;
    }
}
