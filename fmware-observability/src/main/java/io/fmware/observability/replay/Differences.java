package io.fmware.observability.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

    /** How much of two is the same, from 0 to 1: the share of lines that both have. */
    static double likeness(JsonNode one, JsonNode other) {
        List<String> first = ReadableJson.lines(one);
        List<String> second = ReadableJson.lines(other);
        Map<String, Integer> counts = new HashMap<>();
        first.forEach(line -> counts.merge(line.strip(), 1, Integer::sum));
        int common = 0;
        for (String line : second) {
            if (counts.merge(line.strip(), -1, Integer::sum) >= 0) {
                common++;
            }
        }
        return 2.0 * common / (first.size() + second.size());
    }
}
