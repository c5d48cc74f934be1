package io.fmware.text;

import java.text.Normalizer;

/** Text without the differences that nobody sees: compatibility forms, invisible characters, kinds of quotes, spaces, digits. */
final class Plain {
    /** Reordering longer runs of marks takes time that grows with the square of their length. */
    private static final int MARKS = 30;

    private static final char GRAPHEME_JOINER = '\u034f';

    private Plain() {}

    static String of(String text) {
        return isAscii(text) ? text : folded(Normalizer.normalize(visible(text), Normalizer.Form.NFKC));
    }

    /** With one space where there is white space, and none at the ends. */
    static String spaced(String text) {
        StringBuilder spaced = new StringBuilder(text.length());
        boolean pending = false;
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (isSpace(each)) {
                pending = !spaced.isEmpty();
            } else {
                if (pending) {
                    spaced.append(' ');
                    pending = false;
                }
                spaced.append(each);
            }
        }
        return spaced.toString();
    }

    /** As {@link #spaced}, but with the white space that lines after the first one begin with: in code it has a meaning. */
    static String indented(String text) {
        StringBuilder indented = new StringBuilder(text.length());
        StringBuilder indentation = new StringBuilder();
        boolean pending = false;
        boolean line = false;
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (isSpace(each)) {
                pending = true;
                if (each == '\n') {
                    line = true;
                    indentation.setLength(0);
                } else if (line && each != '\r') {
                    indentation.append(each);
                }
            } else {
                if (pending && !indented.isEmpty()) {
                    indented.append(indentation.isEmpty() ? " " : "\n").append(indentation);
                }
                indented.append(each);
                indentation.setLength(0);
                pending = false;
                line = false;
            }
        }
        return indented.toString();
    }

    static boolean isSpace(int character) {
        return Character.isWhitespace(character)
                || Character.isSpaceChar(character)
                || Character.isISOControl(character);
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private static String visible(String text) {
        StringBuilder visible = new StringBuilder(text.length());
        int marks = 0;
        char script = ' ';
        int next;
        for (int i = 0; i < text.length(); i = next) {
            int each = text.codePointAt(i);
            next = i + Character.charCount(each);
            int type = Character.getType(each);
            if (type == Character.FORMAT || isVariationSelector(each)) {
                continue;
            }
            boolean mark = type == Character.NON_SPACING_MARK
                    || type == Character.ENCLOSING_MARK
                    || type == Character.COMBINING_SPACING_MARK;
            marks = mark ? marks + 1 : 0;
            if (marks == MARKS) {
                visible.append(GRAPHEME_JOINER);
                marks = 0;
            }
            char here = script(each);
            if (here != script && here != ' ') {
                visible.append(here); // otherwise ten squared would be 102
            }
            script = here;
            visible.appendCodePoint(each);
        }
        return visible.toString();
    }

    /** What is written before signs that are raised or lowered. */
    private static char script(int character) {
        boolean raised = (character >= 0x2070 && character <= 0x207f)
                || character == 0xb2
                || character == 0xb3
                || character == 0xb9;
        return raised ? '^' : character >= 0x2080 && character <= 0x209c ? '_' : ' ';
    }

    private static boolean isVariationSelector(int character) {
        return (character >= 0xfe00 && character <= 0xfe0f) || (character >= 0xe0100 && character <= 0xe01ef);
    }

    private static String folded(String text) {
        StringBuilder folded = new StringBuilder(text.length());
        int next;
        for (int i = 0; i < text.length(); i = next) {
            int each = text.codePointAt(i);
            next = i + Character.charCount(each);
            switch (each) {
                case '\u2018', '\u2019', '\u201a', '\u201b', '\u2032', '\u02bc', '\u00b4' -> folded.append('\'');
                case '\u201c', '\u201d', '\u201e', '\u201f', '\u00ab', '\u00bb', '\u2033' -> folded.append('"');
                case '\u2010', '\u2011', '\u2012', '\u2212' -> folded.append('-');
                case '\u2013', '\u2014', '\u2015' -> folded.append(isBetweenDigits(text, i) ? "-" : " , ");
                case '\u2264' -> folded.append("<=");
                case '\u2265' -> folded.append(">=");
                case '\u2260' -> folded.append("!=");
                default -> {
                    if (Character.isDigit(each)) {
                        folded.append((char) ('0' + Character.digit(each, 10)));
                    } else {
                        folded.appendCodePoint(each);
                    }
                }
            }
        }
        return folded.toString();
    }

    private static boolean isBetweenDigits(String text, int at) {
        return at > 0
                && at + 1 < text.length()
                && Character.isDigit(text.charAt(at - 1))
                && Character.isDigit(text.charAt(at + 1));
    }
}
