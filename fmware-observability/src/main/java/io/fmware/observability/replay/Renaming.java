package io.fmware.observability.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * Which mark of a replay stands for which recorded one. Each process makes its own marks, so the first time a recorded one meets one
 * of the same kind the two belong together for this repetition of the cassette; later another pair is a difference. A mark that came
 * with a recorded answer stands for itself. Thread-safe.
 */
final class Renaming {
    private final Marks marks;
    private final Cassette cassette;
    private final Map<String, String> there = new HashMap<>();
    private final Map<String, String> back = new HashMap<>();
    private @Nullable Set<String> recorded;

    Renaming(Cassette cassette, Marks marks) {
        this.cassette = cassette;
        this.marks = marks;
    }

    /** Whether two say the same; if they do, their marks belong together from now on. */
    synchronized boolean isSame(JsonNode before, JsonNode after) {
        Map<String, String> met = new HashMap<>();
        if (!matches(before, after, met)) {
            return false;
        }
        met.forEach((mark, with) -> {
            there.put(mark, with);
            back.put(with, mark);
        });
        return true;
    }

    /** Whether two say the same as far as is known; nothing is learned of it. */
    synchronized boolean isLike(JsonNode before, JsonNode after) {
        return matches(before, after, new HashMap<>());
    }

    /** What came, with the recorded marks in the place of those that belong to them: what is left differs. */
    synchronized JsonNode translated(JsonNode after) {
        return Marks.mapped(after.deepCopy(), this::translated);
    }

    private String translated(String text) {
        return text.indexOf('[') < 0
                ? text
                : marks.pattern().matcher(text).replaceAll(mark -> back.getOrDefault(mark.group(), mark.group()));
    }

    private boolean matches(JsonNode before, JsonNode after, Map<String, String> met) {
        if (before instanceof ObjectNode one && after instanceof ObjectNode other) {
            if (one.size() != other.size()) {
                return false;
            }
            for (Map.Entry<String, JsonNode> each : one.properties()) {
                JsonNode with = other.get(each.getKey());
                if (with == null) { // which of the names belong together is not known
                    return plain(one).equals(plain(other));
                }
                if (!matches(each.getValue(), with, met)) {
                    return false;
                }
            }
            return true;
        }
        if (before instanceof ArrayNode one && after instanceof ArrayNode other) {
            Iterator<JsonNode> with = other.iterator();
            boolean same = one.size() == other.size();
            for (Iterator<JsonNode> each = one.iterator(); same && each.hasNext(); ) {
                same = matches(each.next(), with.next(), met);
            }
            return same;
        }
        return before.equals(after)
                || (before.isTextual() && after.isTextual() && matches(before.textValue(), after.textValue(), met));
    }

    private JsonNode plain(JsonNode json) {
        return marks.plain(json.deepCopy());
    }

    private boolean matches(String before, String after, Map<String, String> met) {
        Matcher one = marks.pattern().matcher(before);
        Matcher other = marks.pattern().matcher(after);
        int from = 0;
        int with = 0;
        while (one.find()) {
            if (!other.find()
                    || !before.substring(from, one.start()).equals(after.substring(with, other.start()))
                    || !one.group(1).equals(other.group(1))
                    || !belong(one.group(), other.group(), met)) {
                return false;
            }
            from = one.end();
            with = other.end();
        }
        return !other.find() && before.substring(from).equals(after.substring(with));
    }

    private boolean belong(String mark, String with, Map<String, String> met) {
        if (mark.equals(with) || mark.endsWith(Marks.NONE)) {
            return true;
        }
        String known = there.getOrDefault(mark, met.get(mark));
        if (known != null) {
            return known.equals(with);
        }
        if (back.containsKey(with) || met.containsValue(with) || recorded().contains(with)) {
            return false; // it stands for another one
        }
        met.put(mark, with);
        return true;
    }

    /** All marks of the recording: one that comes in a replay came with an answer. */
    private Set<String> recorded() {
        Set<String> known = recorded;
        if (known == null) {
            known = new HashSet<>();
            for (Taped run : cassette.runs()) {
                for (Step each : run.steps().values()) {
                    add(each.asked(), known);
                    add(each.given(), known);
                }
            }
            recorded = known;
        }
        return known;
    }

    private void add(@Nullable JsonNode json, Set<String> to) {
        if (json == null) {
            return;
        }
        if (json.isTextual() && json.textValue().indexOf('[') >= 0) {
            Matcher found = marks.pattern().matcher(json.textValue());
            while (found.find()) {
                to.add(found.group());
            }
        }
        json.forEach(each -> add(each, to));
    }
}
