package io.fmware.observability.command;

import java.util.ArrayList;
import java.util.List;
import javax.lang.model.SourceVersion;

/** Java source of texts and names that were recorded. What was recorded is hostile: nothing in it may end a literal or a comment. */
final class JavaText {
    /** A constant in a class file has 65,535 bytes at most. */
    private static final int LONGEST = 16_000;

    private JavaText() {}

    /** A character as a literal. */
    static String character(char c) {
        return c == '"'
                ? "'\"'"
                : c == '\'' ? "'\\''" : lines(String.valueOf(c)).replace('"', '\'');
    }

    /** A text as an expression, with a line of source for each of its lines. */
    static String literal(String text) {
        if (text.length() <= LONGEST) {
            return lines(text);
        }
        List<String> parts = new ArrayList<>();
        for (int at = 0; at < text.length(); at += LONGEST) {
            parts.add(lines(text.substring(at, Math.min(text.length(), at + LONGEST))));
        }
        return "String.join(\"\", " + String.join(", ", parts) + ")";
    }

    private static String lines(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> out.append(i + 1 < text.length() ? "\\n\"\n                + \"" : "\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '"', '\\' -> out.append('\\').append(c);
                default -> {
                    if ((c >= ' ' && c < 0x7f) || Character.isLetterOrDigit(c)) {
                        out.append(c);
                    } else {
                        out.append(String.format("\\u%04x", (int) c));
                    }
                }
            }
        }
        return out.append('"').toString();
    }

    /** A text in a comment, in one line: it cannot end the comment, nor be read as an escape. */
    static String comment(String text, int most) {
        return Shown.cut(text, most).replace("\\", "\\\\").replace("*/", "* /");
    }

    /** A name of Java's, made of any text. */
    static String identifier(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(c < 0x7f && Character.isLetterOrDigit(c) ? c : '_');
        }
        if (out.isEmpty() || !Character.isJavaIdentifierStart(out.charAt(0))) {
            out.insert(0, '_');
        }
        return SourceVersion.isKeyword(out) || out.toString().equals("_")
                ? out.append('_').toString()
                : out.toString();
    }
}
