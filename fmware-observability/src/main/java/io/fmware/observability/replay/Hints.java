package io.fmware.observability.replay;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says what a difference looks like: values that are other ones in each run are of few kinds. */
final class Hints {

    /** A value that nobody can repeat, and where it is to come from. */
    private enum Fleeting {
        UUID(
                "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
                "an identifier", "makes one by itself", "Sources.ids(..)"),
        DATE_TIME(
                "\\d{4}-\\d{2}-\\d{2}(?:[T ]\\d{2}:\\d{2}(?::\\d{2}(?:[.,]\\d+)?)?(?:Z|[+-]\\d{2}:?\\d{2})?)?",
                "a time", "reads the real clock", "Sources.clock(..)"),
        TIME("\\b\\d{1,2}:\\d{2}(?::\\d{2}(?:[.,]\\d+)?)?\\b", "a time", "reads the real clock", "Sources.clock(..)"),
        MILLIS(
                "\\b1[5-9]\\d{11}\\b|\\b[12]\\d{9}\\b|\\b1[5-9]\\d{17}\\b",
                "a time", "reads the real clock", "Sources.clock(..)"),
        NUMBER(
                "-?\\b\\d+(?:\\.\\d+)?(?:[eE]-?\\d+)?\\b",
                "a number",
                "takes it from chance, the clock or a counter",
                "Sources.random(..)"),
        ADDRESS("@[0-9a-f]{5,8}\\b", "the address of an object", "prints an object without a toString()", "its values");

        private final Pattern pattern;
        private final String what;
        private final String deed;
        private final String source;

        Fleeting(String pattern, String what, String deed, String source) {
            this.pattern = Pattern.compile(pattern);
            this.what = what;
            this.deed = deed;
            this.source = source;
        }
    }

    private Hints() {}

    /** What the lines of a diff differ in, where it is one thing; empty otherwise. */
    static String of(List<String> difference) {
        String before = side(difference, '-');
        String after = side(difference, '+');
        if (before.isEmpty() || after.isEmpty()) {
            return "";
        }
        for (Fleeting each : Fleeting.values()) {
            if (masked(each, before).equals(masked(each, after))) {
                return "It differs only in what looks like " + each.what + " (" + first(each, before, after)
                        + "): code that " + each.deed + "; take it from " + each.source + " to have it recorded";
            }
        }
        return "";
    }

    private static String masked(Fleeting each, String text) {
        return each.pattern.matcher(text).replaceAll("~");
    }

    /** The first value that is another one, before and after. */
    private static String first(Fleeting each, String before, String after) {
        Matcher one = each.pattern.matcher(before);
        Matcher other = each.pattern.matcher(after);
        while (one.find() && other.find()) {
            if (!one.group().equals(other.group())) {
                return one.group() + " was recorded, " + other.group() + " came";
            }
        }
        return "";
    }

    private static String side(List<String> difference, char sign) {
        StringBuilder side = new StringBuilder();
        for (String line : difference) {
            if (!line.isEmpty() && line.charAt(0) == sign && !line.startsWith("---") && !line.startsWith("+++")) {
                side.append(line, 1, line.length()).append('\n');
            }
        }
        return side.toString();
    }
}
