package io.fmware.observability.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fmware.event.Redactor;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The marks that a redactor leaves, such as {@code [email:1f2e3d4c]}. The hash in them is made under a key that each process draws for
 * itself: with zeros in its place, what was redacted in two processes can be compared. It stays a mark, which a redactor lets stand
 * when what was answered is asked again.
 */
final class Marks {
    /** Of any redactor; also what only looks like a mark. */
    static final Marks ANY = new Marks(Pattern.compile("\\[([a-z0-9][a-z0-9-]{0,31}):[0-9a-f]{8}\\]"));

    private final Pattern mark;

    private Marks(Pattern mark) {
        this.mark = mark;
    }

    static Marks of(Redactor redactor) {
        String kinds = redactor.kinds().stream().map(Pattern::quote).collect(Collectors.joining("|"));
        return new Marks(
                kinds.isEmpty() ? Pattern.compile("(?!)") : Pattern.compile("\\[(" + kinds + "):[0-9a-f]{8}\\]"));
    }

    /** A text whose marks have no hash but zeros. */
    String plain(String text) {
        return text.indexOf('[') < 0 ? text : mark.matcher(text).replaceAll("[$1:00000000]");
    }

    /** Puts zeros in the place of the hashes of all marks in a tree, in place. */
    JsonNode plain(JsonNode json) {
        if (json instanceof ObjectNode object) {
            boolean named = false;
            for (Map.Entry<String, JsonNode> each : object.properties()) {
                each.setValue(plain(each.getValue()));
                named |= !plain(each.getKey()).equals(each.getKey());
            }
            if (named) {
                ObjectNode before = object.deepCopy();
                object.removeAll();
                before.properties().forEach(each -> object.set(plain(each.getKey()), each.getValue()));
            }
        } else if (json instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, plain(array.get(i)));
            }
        } else if (json.isTextual()) {
            String text = json.textValue();
            String plain = plain(text);
            return plain.equals(text) ? json : JsonNodeFactory.instance.textNode(plain);
        }
        return json;
    }
}
