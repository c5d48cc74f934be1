package io.fmware.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Iterator;
import java.util.Map;

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
        } catch (JsonProcessingException noJson) {
            return false;
        }
    }

    private static boolean same(JsonNode first, JsonNode second) {
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
