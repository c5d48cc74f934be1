package io.fmware.observability.otel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.rag.content.ContentMetadata;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Content in the JSON of the conventions: redacted first, and bounded so that what is left is still JSON. */
final class ContentJson {
    /** What a message or a part takes beside its text. */
    private static final int FRAME = 64;

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    /** Takes no text for JSON that only begins like it, and keeps each number as it is written. */
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final Redaction redaction;
    private final int limit;

    ContentJson(Redaction redaction, int limit) {
        this.redaction = redaction;
        this.limit = limit;
    }

    /** A text by itself. */
    String text(String text) {
        return redaction.bounded(text, limit);
    }

    /** What a tool gave. */
    String any(Object value) {
        return text(shown(value));
    }

    /** What a tool gave that is more than one text. */
    String contents(List<?> contents) {
        return bounded(contents, this::partOf).toString();
    }

    @Nullable
    String system(List<ChatMessage> messages) {
        List<SystemMessage> system = messages.stream()
                .filter(SystemMessage.class::isInstance)
                .map(SystemMessage.class::cast)
                .toList();
        return system.isEmpty()
                ? null
                : bounded(system, (message, room) -> part("text", message.text(), room))
                        .toString();
    }

    /** The messages of a request, the newest ones first served where there are too many. */
    String input(List<ChatMessage> messages) {
        List<ChatMessage> others =
                messages.stream().filter(m -> !(m instanceof SystemMessage)).toList();
        return bounded(others, this::message).toString();
    }

    String output(AiMessage answer, String finish) {
        ObjectNode message = message(answer, new Room(limit));
        message.put("finish_reason", finish);
        return JSON.arrayNode().add(message).toString();
    }

    /** What somebody said who is no model: an agent or its caller. */
    String said(String role, @Nullable Object what, @Nullable String finish) {
        Room room = new Room(limit);
        ObjectNode message = JSON.objectNode().put("role", role);
        message.putArray("parts").add(part("text", shown(what), room));
        if (finish != null) {
            message.put("finish_reason", finish);
        }
        return JSON.arrayNode().add(message).toString();
    }

    String arguments(String arguments) {
        return json(arguments, new Room(limit)).toString();
    }

    String tools(List<ToolSpecification> tools) {
        return bounded(tools, this::tool).toString();
    }

    String documents(List<?> documents) {
        return bounded(documents, this::document).toString();
    }

    private JsonNode document(Object found, Room room) {
        ObjectNode json = JSON.objectNode();
        if (found instanceof dev.langchain4j.rag.content.Content content) {
            Map<ContentMetadata, Object> metadata = content.metadata();
            String id = String.valueOf(metadata.getOrDefault(ContentMetadata.EMBEDDING_ID, ""));
            json.put("id", redaction.bounded(id, Names.LONGEST));
            Object score = metadata.getOrDefault(ContentMetadata.RERANKED_SCORE, metadata.get(ContentMetadata.SCORE));
            if (score instanceof Number number) {
                json.put("score", number.doubleValue());
            }
            json.set("content", text(content.textSegment().text(), room));
        }
        return json;
    }

    private JsonNode tool(ToolSpecification tool, Room room) {
        ObjectNode json = JSON.objectNode().put("type", "function").put("name", Names.of(tool.name()));
        if (tool.description() != null) {
            json.set("description", text(tool.description(), room));
        }
        if (tool.parameters() != null) {
            json.set("parameters", json(parameters(tool), room));
        }
        return json;
    }

    private static String parameters(ToolSpecification tool) {
        try {
            return MAPPER.readTree(tool.toJson()).path("parameters").toString();
        } catch (JsonProcessingException e) {
            return "{}";
        }
    }

    private ObjectNode message(ChatMessage message, Room room) {
        ObjectNode json = JSON.objectNode();
        if (message instanceof UserMessage user) {
            json.put("role", "user");
            if (user.name() != null) {
                json.put("name", redaction.bounded(user.name(), Names.LONGEST));
            }
            json.set("parts", bounded(user.contents(), room, this::part));
        } else if (message instanceof AiMessage answer) {
            json.put("role", "assistant");
            json.set("parts", parts(answer, room));
        } else if (message instanceof ToolExecutionResultMessage result) {
            ObjectNode part = JSON.objectNode().put("type", "tool_call_response");
            if (result.id() != null) {
                part.put("id", Names.of(result.id()));
            }
            json.put("role", "tool");
            part.set(
                    "response",
                    result.hasSingleText()
                            ? text(String.valueOf(result.text()), room)
                            : bounded(result.contents(), room, this::part));
            json.putArray("parts").add(part);
        } else {
            json.put("role", message.type().name().toLowerCase(Locale.ROOT));
            json.putArray("parts").add(part("text", message.toString(), room));
        }
        return json;
    }

    private ArrayNode parts(AiMessage answer, Room room) {
        ArrayNode parts = JSON.arrayNode();
        if (answer.thinking() != null && !answer.thinking().isEmpty()) {
            parts.add(part("reasoning", answer.thinking(), room));
        }
        if (answer.text() != null && !answer.text().isEmpty()) {
            parts.add(part("text", answer.text(), room));
        }
        parts.addAll(bounded(answer.toolExecutionRequests(), room, this::toolCall));
        return parts;
    }

    private JsonNode toolCall(ToolExecutionRequest call, Room room) {
        ObjectNode json = JSON.objectNode().put("type", "tool_call");
        if (call.id() != null) {
            json.put("id", Names.of(call.id()));
        }
        json.put("name", Names.of(String.valueOf(call.name())));
        if (call.arguments() != null) {
            json.set("arguments", json(call.arguments(), room));
        }
        return json;
    }

    private JsonNode partOf(@Nullable Object content, Room room) {
        return content instanceof Content part ? part(part, room) : part("text", shown(content), room);
    }

    private JsonNode part(Content content, Room room) {
        if (content instanceof TextContent text) {
            return part("text", text.text(), room);
        }
        ObjectNode json = JSON.objectNode();
        String modality = content.type().name().toLowerCase(Locale.ROOT);
        Image image = content instanceof ImageContent picture ? picture.image() : null;
        if (image != null
                && image.url() != null
                && !"data".equalsIgnoreCase(image.url().getScheme())) {
            json.put("type", "uri").put("modality", modality);
            json.set("uri", text(image.url().toString(), room));
        } else {
            // Bytes say nothing to a reader of traces and cannot be redacted: they are left out.
            json.put("type", "blob").put("modality", modality).put("content", "");
        }
        if (image != null && image.mimeType() != null) {
            json.put("mime_type", Names.of(image.mimeType()));
        }
        return json;
    }

    private ObjectNode part(String type, String text, Room room) {
        ObjectNode json = JSON.objectNode().put("type", type);
        json.set("content", text(text, room));
        return json;
    }

    private TextNode text(String text, Room room) {
        String kept = redaction.bounded(text, room.left());
        room.take(kept.length());
        return TextNode.valueOf(kept);
    }

    /**
     * A value of the application's as a text, without the bytes of images, sounds and files in it: those say nothing to a reader
     * of traces and cannot be redacted.
     */
    private static String shown(@Nullable Object value) {
        return String.valueOf(withoutBytes(value));
    }

    private static @Nullable Object withoutBytes(@Nullable Object value) {
        if (value instanceof Image) {
            return "[image]";
        }
        if (value instanceof Content content) {
            return content instanceof TextContent text
                    ? text.text()
                    : "[" + content.type().name().toLowerCase(Locale.ROOT) + "]";
        }
        if (value instanceof UserMessage message) {
            return withoutBytes(message.contents());
        }
        if (value instanceof Map<?, ?> map) {
            Map<@Nullable Object, @Nullable Object> shown = new LinkedHashMap<>();
            map.forEach((key, each) -> shown.put(key, withoutBytes(each)));
            return shown;
        }
        if (value instanceof Collection<?> all) {
            List<@Nullable Object> shown = new ArrayList<>();
            all.forEach(each -> shown.add(withoutBytes(each)));
            return shown;
        }
        return value;
    }

    /** JSON that somebody else wrote: as it is where it is whole, else as a text. */
    private JsonNode json(String written, Room room) {
        TextNode kept = text(written, room);
        JsonNode tree = parsed(kept.textValue());
        return tree == null ? kept : unescaped(kept.textValue(), tree);
    }

    /**
     * Parsing takes escapes out, and what stood behind them was not seen by the redactor: it looks again at the whole, for what
     * is known by its name, and at each text by itself, for what is broken by the escapes that are left.
     */
    private JsonNode unescaped(String written, JsonNode tree) {
        if (written.indexOf('\\') < 0) {
            return tree;
        }
        String redacted = redaction.redacted(tree.toString());
        JsonNode again = parsed(redacted);
        return again == null ? TextNode.valueOf(redacted) : redacted(again);
    }

    private JsonNode redacted(JsonNode tree) {
        if (tree.isTextual()) {
            return TextNode.valueOf(redaction.redacted(tree.textValue()));
        }
        if (tree.isArray()) {
            ArrayNode array = JSON.arrayNode();
            tree.forEach(each -> array.add(redacted(each)));
            return array;
        }
        if (tree.isObject()) {
            ObjectNode object = JSON.objectNode();
            tree.properties().forEach(each -> object.set(redaction.redacted(each.getKey()), redacted(each.getValue())));
            return object;
        }
        return tree;
    }

    private static @Nullable JsonNode parsed(String text) {
        try {
            JsonNode tree = MAPPER.readTree(text);
            return tree == null || tree.isMissingNode() ? null : tree;
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private interface Writer<T> {
        JsonNode write(T value, Room room);
    }

    private <T> ArrayNode bounded(List<T> values, Writer<T> writer) {
        return bounded(values, new Room(limit), writer);
    }

    private static <T> ArrayNode bounded(List<T> values, Room room, Writer<T> writer) {
        ArrayNode json = JSON.arrayNode();
        for (int i = values.size() - 1; i >= 0; i--) {
            if (room.left() == 0) {
                json.insert(0, JSON.objectNode().put("type", "fmware.cut").put("left_out", i + 1));
                break;
            }
            room.take(FRAME);
            json.insert(0, writer.write(values.get(i), room));
        }
        return json;
    }

    /** How many characters an attribute may still take. */
    private static final class Room {
        private int left;

        Room(int left) {
            this.left = left;
        }

        int left() {
            return left;
        }

        void take(int characters) {
            left = Math.max(0, left - characters);
        }
    }
}
