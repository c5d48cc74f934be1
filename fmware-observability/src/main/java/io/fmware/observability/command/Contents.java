package io.fmware.observability.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fmware.observability.recorder.Recording;
import java.io.IOException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The contents that some events name, as far as they were recorded. Immutable. */
final class Contents {
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    /** Where values stand. */
    private static final Set<String> VALUES = Set.of("inputs", "output", "result", "documents", "content", "piece");

    private final Set<String> recorded;
    private final Map<String, String> texts;

    private Contents(Set<String> recorded, Map<String, String> texts) {
        this.recorded = recorded;
        this.texts = texts;
    }

    /** Those with some ids. */
    static Contents of(Recording recording, Set<String> ids, boolean wanted) throws IOException {
        if (wanted) {
            Map<String, String> texts = recording.contents(ids);
            return new Contents(texts.keySet(), texts);
        }
        Set<String> recorded = new HashSet<>();
        recording.contents((id, text) -> {
            if (ids.contains(id)) {
                recorded.add(id);
            }
        });
        return new Contents(recorded, Map.of());
    }

    boolean isRecorded(String id) {
        return recorded.contains(id);
    }

    int count() {
        return recorded.size();
    }

    /** A text, {@code null} where it was not recorded, or is not wanted. */
    @Nullable
    String text(String id) {
        return texts.get(id);
    }

    /**
     * Something that was said, and by whom.
     *
     * @param by such as {@code user}
     * @param text what was said
     */
    record Said(String by, String text) {}

    /** A message or a value as what it says; any other text as it is. */
    static Said said(Fields.Named content, String text) {
        String field = content.field();
        boolean message = field.equals("messages") || field.equals("answer");
        if (!content.isJson() || (!message && !VALUES.contains(field))) {
            return new Said(field, text);
        }
        JsonNode json;
        try {
            json = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return new Said(field, text);
        }
        if (!message) {
            return new Said(field, Values.shown(json));
        }
        String type = json.path("type").asText("");
        return switch (type) {
            case "SYSTEM", "USER", "TOOL_EXECUTION_RESULT" ->
                new Said(type.equals("TOOL_EXECUTION_RESULT") ? "tool" : type.toLowerCase(Locale.ROOT), parts(json));
            case "AI" -> new Said(field.equals("answer") ? field : "ai", parts(json) + asked(json));
            default -> new Said(field, text);
        };
    }

    /** The texts of a message, and what else is in it. */
    static String parts(JsonNode message) {
        StringBuilder out = new StringBuilder(message.path("text").asText(""));
        for (JsonNode each : message.path("contents")) {
            out.append(out.isEmpty() ? "" : "\n");
            out.append(
                    each.has("text")
                            ? each.path("text").asText()
                            : "[" + each.path("type").asText() + "]");
        }
        return out.toString();
    }

    private static String asked(JsonNode message) {
        StringBuilder out = new StringBuilder();
        for (JsonNode each : message.path("toolExecutionRequests")) {
            out.append(out.isEmpty() && !message.hasNonNull("text") ? "" : " ");
            out.append("-> ").append(each.path("name").asText()).append(' ');
            out.append(each.path("arguments").asText());
        }
        return out.toString();
    }
}
