package io.fmware.text;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** JSON objects and arrays compared by what they hold. */
final class JsonTrees {
    private static final String FENCE = "```";

    private static final ObjectReader READER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build()
            .readerFor(JsonNode.class);

    private JsonTrees() {}

    /** Without a fence of Markdown around the whole. */
    static String unfenced(String text) {
        String stripped = text.strip();
        int line = stripped.indexOf('\n');
        return stripped.startsWith(FENCE) && stripped.endsWith(FENCE) && line > 0 && line < stripped.length() - 3
                ? stripped.substring(line, stripped.length() - 3).strip()
                : stripped;
    }

    /** Whether it looks like an object or an array. */
    static boolean isTree(String text) {
        return (text.startsWith("{") && text.endsWith("}")) || (text.startsWith("[") && text.endsWith("]"));
    }

    /** Whether both are JSON, and the same. */
    static boolean same(String first, String second) {
        try {
            return same(READER.<JsonNode>readValue(first), READER.<JsonNode>readValue(second));
        } catch (JsonProcessingException | NumberFormatException noJson) { // or 1e-99999999999, which nothing can hold
            return false;
        }
    }

    /** An object or an array, in a fence or not; {@code null} where a text is neither. */
    static @Nullable JsonNode read(String text) {
        String unfenced = unfenced(text);
        try {
            return isTree(unfenced) ? READER.<JsonNode>readValue(unfenced) : null;
        } catch (JsonProcessingException | NumberFormatException noJson) { // as above
            return null;
        }
    }

    /**
     * A tree without some of its parts.
     *
     * @param names the names of members, at any depth
     * @param pointers where else parts are, seen from this node
     */
    static JsonNode without(JsonNode node, Set<String> names, List<JsonPointer> pointers) {
        if (node.isObject()) {
            ObjectNode rest = JsonNodeFactory.instance.objectNode();
            node.properties().forEach(member -> {
                List<JsonPointer> below = below(pointers, pointer -> pointer.matchProperty(member.getKey()));
                if (!names.contains(member.getKey()) && below.stream().noneMatch(JsonPointer::matches)) {
                    rest.set(member.getKey(), without(member.getValue(), names, below));
                }
            });
            return rest;
        }
        if (node.isArray()) {
            ArrayNode rest = JsonNodeFactory.instance.arrayNode();
            for (int i = 0; i < node.size(); i++) {
                int index = i;
                List<JsonPointer> below = below(pointers, pointer -> pointer.matchElement(index));
                if (below.stream().noneMatch(JsonPointer::matches)) {
                    rest.add(without(node.get(i), names, below));
                }
            }
            return rest;
        }
        return node;
    }

    private static List<JsonPointer> below(List<JsonPointer> pointers, UnaryOperator<JsonPointer> step) {
        return pointers.stream().map(step).filter(Objects::nonNull).toList();
    }

    static boolean same(JsonNode first, JsonNode second) {
        if (first.isNumber() && second.isNumber()) {
            return first.decimalValue().compareTo(second.decimalValue()) == 0;
        }
        if (first.isTextual() && second.isTextual()) {
            return Equivalence.exact().same(first.textValue(), second.textValue());
        }
        if (first.getNodeType() != second.getNodeType() || first.size() != second.size()) {
            return false;
        }
        if (first.isObject()) {
            return first.properties().stream().allMatch(each -> isMember(each, second));
        }
        if (first.isArray()) {
            Iterator<JsonNode> others = second.elements();
            for (JsonNode each : first) {
                if (!same(each, others.next())) {
                    return false;
                }
            }
            return true;
        }
        return first.equals(second);
    }

    private static boolean isMember(Map.Entry<String, JsonNode> member, JsonNode object) {
        JsonNode value = object.get(member.getKey());
        return value != null && same(member.getValue(), value);
    }
}
