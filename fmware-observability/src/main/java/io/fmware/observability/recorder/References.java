package io.fmware.observability.recorder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.util.Map;

/** Contents that are named in events: {@code {"#":"2f1c..","n":512}} for a text, with {@code "j":true} behind it for JSON. */
final class References {
    private static final String ID = "#";
    private static final String LENGTH = "n";
    private static final String JSON = "j";

    private References() {}

    /** Whether this names a content. */
    static boolean isOne(JsonNode value) {
        int members = value.isObject() ? value.size() : 0;
        return (members == 2 || (members == 3 && value.path(JSON).asBoolean()))
                && value.path(LENGTH).isIntegralNumber()
                && value.path(ID).isTextual()
                && BlobId.parsed(value.path(ID).textValue()) != null;
    }

    /** A copy of an event in which contents stand that it names. */
    static JsonNode replaced(JsonNode value, Map<String, String> contents) {
        if (value instanceof ArrayNode array) {
            ArrayNode copy = array.arrayNode(array.size());
            for (JsonNode each : array) {
                copy.add(replaced(each, contents));
            }
            return copy;
        }
        if (!value.isObject()) {
            return value;
        }
        if (isOne(value)) {
            String content = contents.get(value.path(ID).textValue());
            return content == null ? value.deepCopy() : placed(content, value.has(JSON));
        }
        ObjectNode copy = ((ObjectNode) value).objectNode();
        for (Map.Entry<String, JsonNode> each : value.properties()) {
            copy.set(each.getKey(), replaced(each.getValue(), contents));
        }
        return copy;
    }

    private static JsonNode placed(String content, boolean isJson) {
        if (isJson) {
            try {
                return Json.read(content);
            } catch (IOException e) {
                return TextNode.valueOf(content); // a content that was changed; whoever checks the recording is told
            }
        }
        return TextNode.valueOf(content);
    }
}
