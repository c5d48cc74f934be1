package io.fmware.observability.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fmware.BoundaryKind;
import io.fmware.observability.recorder.EventJson;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the JSON of one event tells of a boundary: what went in, what came out, or both. What differs from run to run is left
 * out: numbers, times, ids.
 *
 * @param path where in the run
 * @param kind what kind of boundary
 * @param asked what went in, {@code null} where the event does not tell of that
 * @param given what came out, {@code null} where the event does not tell of that
 */
record Told(
        String path,
        BoundaryKind kind,
        @Nullable ObjectNode asked,
        @Nullable ObjectNode given) {

    private static final Map<String, BoundaryKind> BY_WORD = new HashMap<>();

    static {
        for (BoundaryKind each : BoundaryKind.values()) {
            BY_WORD.put(each.word(), each);
        }
    }

    /** The kind of boundary that a word means, {@code null} for none that is known. */
    static @Nullable BoundaryKind kind(String word) {
        return BY_WORD.get(word);
    }

    /** Reads an event; {@code null} for one that tells of no boundary. */
    static @Nullable Told of(ObjectNode event) {
        String path = event.path("p").asText();
        return switch (event.path("t").asText()) {
            case "agent.started" -> new Told(path, BoundaryKind.AGENT, fields(event, "description"), null);
            case "agent.ended" -> new Told(path, BoundaryKind.AGENT, null, fields(event));
            case "step.started" -> new Told(path, BoundaryKind.STEP, fields(event), null);
            case "step.ended" -> new Told(path, BoundaryKind.STEP, null, fields(event));
            case "call.started" -> new Told(path, callOrEmbedding(path), fields(event), null);
            case "call.ended" -> new Told(path, callOrEmbedding(path), null, fields(event));
            case "attempt.started" -> new Told(path, BoundaryKind.ATTEMPT, fields(event), null);
            case "attempt.ended" -> new Told(path, BoundaryKind.ATTEMPT, null, fields(event));
            case "tool.called" -> new Told(path, BoundaryKind.TOOL, fields(event, "id"), null);
            case "tool.returned" -> new Told(path, BoundaryKind.TOOL, null, fields(event, "id"));
            case "retrieval.started" -> new Told(path, BoundaryKind.RETRIEVAL, fields(event), null);
            case "retrieval.ended" -> new Told(path, BoundaryKind.RETRIEVAL, null, fields(event));
            case "memory.read" ->
                new Told(path, BoundaryKind.MEMORY_READ, only(event, "memory"), fields(event, "memory"));
            case "memory.written" ->
                new Told(path, BoundaryKind.MEMORY_WRITE, only(event, "memory", "messages"), failure(event));
            case "plan" ->
                Paths.last(path).startsWith("plan:")
                        ? new Told(path, BoundaryKind.PLAN, only(event), fields(event))
                        : null;
            case "boundary" -> crossed(path, event);
            default -> null;
        };
    }

    private static @Nullable Told crossed(String path, ObjectNode event) {
        BoundaryKind kind = BY_WORD.get(event.path("boundary").asText());
        if (kind == null) {
            return null;
        }
        ObjectNode given = failure(event);
        if (event.has("output")) {
            given.set("output", event.get("output"));
        }
        return new Told(path, kind, only(event, "name", "input"), given);
    }

    private static ObjectNode failure(ObjectNode event) {
        return only(event, "error", "message", "status", "causes");
    }

    private static BoundaryKind callOrEmbedding(String path) {
        return Paths.last(path).startsWith("embedding:") ? BoundaryKind.EMBEDDING : BoundaryKind.CALL;
    }

    /** All but those of every event, and others. */
    static ObjectNode fields(ObjectNode event, String... others) {
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        List<String> without = List.of(others);
        for (Map.Entry<String, JsonNode> each : event.properties()) {
            if (!EventJson.HEAD.contains(each.getKey()) && !without.contains(each.getKey())) {
                fields.set(each.getKey(), each.getValue());
            }
        }
        return fields;
    }

    private static ObjectNode only(ObjectNode event, String... names) {
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        for (String each : names) {
            JsonNode value = event.get(each);
            if (value != null) {
                fields.set(each, value);
            }
        }
        return fields;
    }
}
