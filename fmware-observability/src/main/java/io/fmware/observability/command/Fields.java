package io.fmware.observability.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.fmware.observability.recorder.EventJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** What an event says beside its head, and beside what it was recorded with. */
final class Fields {
    private static final String WITH = "with";
    private static final String ID = "#";

    private Fields() {}

    /**
     * A content that is named in an event.
     *
     * @param field where
     * @param id its id
     * @param bytes how long it is
     * @param isJson whether it is JSON, and no text
     */
    record Named(String field, String id, long bytes, boolean isJson) {
        static Named of(String field, JsonNode content) {
            return new Named(
                    field,
                    content.path(ID).asText(),
                    content.path("n").asLong(),
                    content.path("j").asBoolean());
        }
    }

    /** The contents that an event names, in their order. */
    static List<Named> contents(JsonNode event) {
        List<Named> found = new ArrayList<>();
        for (Map.Entry<String, JsonNode> each : event.properties()) {
            if (each.getValue().isContainerNode()) {
                contents(each.getKey(), each.getValue(), found);
            }
        }
        return found;
    }

    private static void contents(String field, JsonNode value, List<Named> found) {
        if (isContent(value)) {
            found.add(Named.of(field, value));
            return;
        }
        if (value.isArray()) {
            for (JsonNode each : value) {
                contents(field, each, found);
            }
        }
        for (Map.Entry<String, JsonNode> each : value.properties()) {
            contents(field + "." + each.getKey(), each.getValue(), found);
        }
    }

    static boolean isContent(JsonNode value) {
        return value.isObject() && value.path(ID).isTextual();
    }

    /** The texts and numbers of an event that are no contents, by their names, those inside of others too. */
    static void plain(JsonNode event, BiConsumer<String, JsonNode> told) {
        for (Map.Entry<String, JsonNode> each : event.properties()) {
            if (!EventJson.HEAD.contains(each.getKey()) && !each.getKey().equals(WITH)) {
                plain(each.getKey(), each.getValue(), told);
            }
        }
    }

    private static void plain(String field, JsonNode value, BiConsumer<String, JsonNode> told) {
        if (!value.isContainerNode()) {
            told.accept(field, value);
        } else if (value.isArray()) {
            for (JsonNode each : value) {
                plain(field, each, told);
            }
        } else if (!isContent(value)) {
            for (Map.Entry<String, JsonNode> each : value.properties()) {
                plain(field + "." + each.getKey(), each.getValue(), told);
            }
        }
    }
}
