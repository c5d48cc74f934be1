package io.fmware.observability.command;

/**
 * Makes texts of a recording fit for a terminal: what would control it, reorder it or hide something is escaped, as in
 * {@code \u001b}, and so is the end of a line.
 */
final class Shown {
    /** The most characters of a name in a line. */
    static final int NAME = 60;
    /** The most characters of a content in a line. */
    static final int CONTENT = 160;

    private static final int ALL = Integer.MAX_VALUE;

    private Shown() {}

    /** All of a text. */
    static String all(String text) {
        return cut(text, ALL);
    }

    /** A text, cut to a number of characters as they are shown. */
    static String cut(String text, int most) {
        StringBuilder out = new StringBuilder(Math.min(text.length(), 256) + 8);
        int end = 0;
        int i = 0;
        while (i < text.length()) {
            int c = text.codePointAt(i);
            int before = out.length();
            append(out, c);
            if (out.length() > most) {
                out.setLength(Math.min(before, end));
                return out.append('\u2026').toString();
            }
            if (out.length() < most) {
                end = out.length(); // there is room for the mark that says it is cut
            }
            i += Character.charCount(c);
        }
        return out.toString();
    }

    private static void append(StringBuilder out, int c) {
        if (isPlain(c)) {
            out.appendCodePoint(c);
        } else if (c == '\n') {
            out.append("\\n");
        } else if (c == '\r') {
            out.append("\\r");
        } else if (c == '\t') {
            out.append("\\t");
        } else {
            for (char each : Character.toChars(c)) {
                String hex = Integer.toHexString(each);
                out.append("\\u").append("0".repeat(4 - hex.length())).append(hex);
            }
        }
    }

    private static boolean isPlain(int c) {
        if (c < 0x7f) {
            return c >= ' ';
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    /** The class of an error without its package. */
    static String simple(String error) {
        return error.substring(error.lastIndexOf('.') + 1);
    }

    /** Whether an id looks like a UUID. */
    static boolean isRandom(String id) {
        return id.length() == 36 && id.charAt(8) == '-' && id.charAt(13) == '-';
    }

    /** The first part of a random id, and all of one that the application made. */
    static String brief(String run) {
        return isRandom(run) ? all(run.substring(0, 8)) : cut(run, NAME);
    }

    /** A number of things: {@code 1 run}, {@code 2 runs}. */
    static String many(long number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }
}
