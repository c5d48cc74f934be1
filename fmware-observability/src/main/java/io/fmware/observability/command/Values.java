package io.fmware.observability.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.StringJoiner;

/** Values of a recording as somebody reads them: much like the text that Java makes of them. */
final class Values {

    private Values() {}

    static String shown(JsonNode value) {
        if (value.isArray()) {
            return list(value);
        }
        if (value.isObject() && !value.isEmpty()) {
            Map.Entry<String, JsonNode> first = value.properties().iterator().next();
            return tagged(first.getKey(), first.getValue(), value);
        }
        return value.asText();
    }

    private static String tagged(String tag, JsonNode of, JsonNode whole) {
        return switch (tag) {
            case "set" -> list(of);
            case "map" -> members("{", of, "}");
            case "record" -> members(simple(of.asText()) + "[", whole.path("of"), "]");
            case "enum" -> whole.path("of").asText();
            case "type" -> whole.path("text").asText();
            case "message" -> Contents.parts(of);
            case "content", "segment" -> of.path("text").asText();
            case "toolResult" -> result(of);
            case "moderation" -> of.path("flagged").asBoolean() ? "flagged" : "not flagged";
            default -> of.isTextual() ? of.textValue() : of.toString();
        };
    }

    private static String result(JsonNode of) {
        return of.has("contents")
                ? Contents.parts(of.path("contents"))
                : of.path("text").asText();
    }

    private static String list(JsonNode values) {
        StringJoiner out = new StringJoiner(", ", "[", "]");
        for (JsonNode each : values) {
            out.add(shown(each));
        }
        return out.toString();
    }

    private static String members(String before, JsonNode values, String behind) {
        StringJoiner out = new StringJoiner(", ", before, behind);
        for (Map.Entry<String, JsonNode> each : values.properties()) {
            out.add(each.getKey() + "=" + shown(each.getValue()));
        }
        return out.toString();
    }

    /** The name of a class without its package and what is around it. */
    private static String simple(String name) {
        return name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
    }
}
