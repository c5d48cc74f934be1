package io.fmware.observability.replay;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Says what a difference looks like: values that are other ones in each run are of few kinds. */
final class Hints {

    private static final String MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\\.?";
    private static final String DAY = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? ";
    private static final String TIME = "\\d{1,2}:\\d{2}(?::\\d{2}(?:[.,]\\d+)?)?(?: ?[AaPp]\\.?[Mm]\\.?)?";
    private static final String ZONE = " ?(?:Z\\b|GMT|UTC|[+-]\\d{2}:?\\d{2})?(?:\\[[A-Za-z/_+-]+])?";

    /** A value that nobody can repeat, and where it is to come from. */
    private enum Fleeting {
        UUID(
                "an identifier",
                "makes one by itself",
                "Sources.ids(..)",
                "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|\\b[0-9a-fA-F]{32}\\b"),
        CLOCK(
                "a time",
                "reads the real clock",
                "Sources.clock(..)",
                "(?:" + DAY + ")?\\d{1,2} " + MONTH + " \\d{4}(?:,? " + TIME + ZONE + ")?",
                "(?:" + DAY + ")?" + MONTH + " \\d{1,2},? (?:\\d{4}|" + TIME + ZONE + "(?: \\d{4})?)",
                "\\d{4}-\\d{2}-\\d{2}(?:[T ]" + TIME + ZONE + ")?",
                "\\b\\d{8}T\\d{6}(?:Z|[+-]\\d{4})?|\\b20\\d{6}\\b",
                "\\b\\d{1,4}[./]\\d{1,2}[./]\\d{2,4}\\b(?:,? " + TIME + ")?",
                "\\b" + TIME + ZONE,
                "\\b1[5-9]\\d{8}(?:\\d{3}){0,3}\\b"),
        ADDRESS("the address of an object", "prints an object without a toString()", "its values", "@[0-9a-f]{5,8}\\b"),
        NUMBER(
                "a number",
                "takes it from chance, the clock or a counter",
                "Sources.random(..)",
                "-?\\b\\d+(?:\\.\\d+)?(?:[eE]-?\\d+)?\\b",
                "\\b(?=[0-9a-fA-F]*\\d)[0-9a-fA-F]{6,}\\b");

        private final String what;
        private final String deed;
        private final String source;
        private final Pattern pattern;

        Fleeting(String what, String deed, String source, String... patterns) {
            this.what = what;
            this.deed = deed;
            this.source = source;
            this.pattern = Pattern.compile(String.join("|", patterns));
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
        return words(before).equals(words(after))
                ? "It says the same in another order: code that shuffles by chance, or lists a set or a map that has no order; sort it,"
                        + " or shuffle with Sources.random(..)"
                : "";
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.split("[^\\p{L}\\p{N}]+")).sorted().toList();
    }

    /** What it looks like that something recorded did not come. */
    static String ofMissing(@Nullable Step missing) {
        if (missing == null) {
            return "";
        }
        return switch (missing.kind()) {
            case CLOCK ->
                "The time was asked for there: if code reads the real clock now, take it from Sources.clock(..)";
            case RANDOM ->
                "A random number was asked for there: if code makes its own now, take it from Sources.random(..)";
            case ID -> "An identifier was asked for there: if code makes its own now, take it from Sources.ids(..)";
            default -> "";
        };
    }

    /**
     * What it looks like that something gives a result now.
     *
     * @param error the class of what it failed with
     */
    static String ofFixed(String error) {
        return "It failed with " + error.substring(error.lastIndexOf('.') + 1)
                + " when it was recorded, and does not now. If that is what you have put right: Mode.OBSERVE goes on with what was"
                + " recorded, Replay.Builder.forkAt(..) for real from here, or record again";
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
                return one.group().strip() + " was recorded, " + other.group().strip() + " came";
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
