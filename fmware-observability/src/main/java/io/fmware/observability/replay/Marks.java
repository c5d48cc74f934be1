package io.fmware.observability.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fmware.event.Redactor;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The marks that a redactor leaves, such as {@code [email:1f2e3d4c]}. The hash in them is made under a key that each process draws for
 * itself: in a cassette they have a number in its place, so that two stay two, and the next recording says the same; in paths zeros. It
 * stays a mark, which a redactor lets stand when what was answered is asked again.
 */
final class Marks {
    /** Of any redactor; also what only looks like a mark. */
    static final Marks ANY = new Marks(Redactor.MARK);

    /** In the place of a hash: that of any mark of the kind. How a mark ends. */
    static final String NONE = "00000000]";

    private final Pattern mark;

    private Marks(Pattern mark) {
        this.mark = mark;
    }

    static Marks of(Redactor redactor) {
        String kinds = redactor.kinds().stream().map(Pattern::quote).collect(Collectors.joining("|"));
        return new Marks(
                kinds.isEmpty() ? Pattern.compile("(?!)") : Pattern.compile("\\[(" + kinds + "):[0-9a-f]{8}\\]"));
    }

    /** Finds a mark; its first group is the kind. */
    Pattern pattern() {
        return mark;
    }

    /** A text whose marks have no hash but zeros. */
    String plain(String text) {
        return text.indexOf('[') < 0 ? text : mark.matcher(text).replaceAll("[$1:" + NONE);
    }

    /** Puts zeros in the place of the hashes of all marks in a tree, in place. */
    JsonNode plain(JsonNode json) {
        return mapped(json, this::plain);
    }

    /**
     * Puts numbers in the place of the hashes of all marks in a tree, in place: the first one of a kind gets 1, and keeps it.
     *
     * @param numbers those that were given by now, by mark
     */
    JsonNode numbered(JsonNode json, Map<String, String> numbers) {
        return mapped(
                json,
                text -> text.indexOf('[') < 0
                        ? text
                        : mark.matcher(text).replaceAll(found -> number(found.group(), found.group(1), numbers)));
    }

    private static String number(String found, String kind, Map<String, String> numbers) {
        return found.endsWith(NONE)
                ? found
                : numbers.computeIfAbsent(
                        found, key -> String.format(Locale.ROOT, "[%s:%08x]", kind, numbers.size() + 1));
    }

    /** Changes all texts in a tree and the names of its fields, in place. */
    static JsonNode mapped(JsonNode json, UnaryOperator<String> change) {
        if (json instanceof ObjectNode object) {
            boolean named = false;
            for (Map.Entry<String, JsonNode> each : object.properties()) {
                each.setValue(mapped(each.getValue(), change));
                named |= !change.apply(each.getKey()).equals(each.getKey());
            }
            if (named) {
                ObjectNode before = object.deepCopy();
                object.removeAll();
                before.properties().forEach(each -> object.set(change.apply(each.getKey()), each.getValue()));
            }
        } else if (json instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, mapped(array.get(i), change));
            }
        } else if (json.isTextual()) {
            String text = json.textValue();
            String changed = change.apply(text);
            return changed.equals(text) ? json : JsonNodeFactory.instance.textNode(changed);
        }
        return json;
    }
}
