package io.fmware.observability.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import java.util.ArrayList;
import java.util.List;

/** Compares what was recorded with what came instead. */
final class Differences {
    private static final int AROUND = 2;
    private static final int MOST_LINES = 60;

    private Differences() {}

    /** The lines that differ, with some around them, as {@code diff -u} shows them. */
    static List<String> between(JsonNode recorded, JsonNode replayed) {
        List<String> before = ReadableJson.lines(recorded);
        List<String> after = ReadableJson.lines(replayed);
        List<String> lines = UnifiedDiffUtils.generateUnifiedDiff(
                "recorded", "replayed", before, DiffUtils.diff(before, after), AROUND);
        if (lines.size() <= MOST_LINES) {
            return lines;
        }
        List<String> first = new ArrayList<>(lines.subList(0, MOST_LINES));
        first.add("... and " + (lines.size() - MOST_LINES) + " lines more");
        return first;
    }

    /** The lines of something, to be compared with those of others: a number for each, sorted. */
    static int[] fingerprint(JsonNode json) {
        return ReadableJson.lines(json).stream()
                .mapToInt(line -> line.strip().hashCode())
                .sorted()
                .toArray();
    }

    /** How much of two is the same, from 0 to 1: the share of lines that both have. */
    static double likeness(int[] one, int[] other) {
        int common = 0;
        int at = 0;
        for (int i = 0; i < one.length && at < other.length; ) {
            if (one[i] == other[at]) {
                common++;
                i++;
                at++;
            } else if (one[i] < other[at]) {
                i++;
            } else {
                at++;
            }
        }
        return 2.0 * common / (one.length + other.length);
    }
}
