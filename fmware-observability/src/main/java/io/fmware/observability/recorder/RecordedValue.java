package io.fmware.observability.recorder;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ChatMessageDeserializer;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.moderation.Moderation;
import dev.langchain4j.model.moderation.ModerationResponse;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.ContentMetadata;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes values again that were recorded: what agents and tools took and gave, documents, times, random numbers, ids.
 *
 * <p>Made again are texts, numbers, truth values, times, UUIDs, URIs, bytes, enums, lists, sets, maps with texts as keys, records,
 * and of langchain4j: messages, documents and segments, embeddings, moderations, results of tools. Of the application's own classes
 * only enums and records are looked up, by the names that the recording gives, and of a record the canonical constructor is called;
 * read recordings that you trust.
 *
 * <p>Lists, sets and maps cannot be changed. Thread-safe.
 */
public final class RecordedValue {

    private RecordedValue() {}

    /**
     * Makes a value again.
     *
     * @param json the JSON of a value, as it stands in {@link RecordedEvent#whole}: {@code output} of {@code agent.ended} and
     *     {@code boundary}, {@code inputs} of {@code agent.started}, {@code result} of {@code tool.returned}, {@code content} of
     *     {@code message}, each of {@code documents} of {@code retrieval.ended}
     * @return the value, {@code null} for what was {@code null} or is missing
     * @throws IllegalArgumentException if it cannot be made again: since it was recorded as text only, its content was not recorded,
     *     a part of it was redacted that was no text, or its class is not there, or not what it was
     */
    public static @Nullable Object restored(JsonNode json) {
        if (json.isNull() || json.isMissingNode()) {
            return null;
        }
        if (json.isTextual()) {
            return json.textValue();
        }
        if (json.isBoolean()) {
            return json.booleanValue();
        }
        if (json.isNumber()) {
            return json.numberValue();
        }
        if (json.isArray()) {
            return Collections.unmodifiableList(addAll(json, new ArrayList<>()));
        }
        if (References.isOne(json)) {
            throw new IllegalArgumentException("the content " + json.path("#").asText() + " was not recorded");
        }
        Map.Entry<String, JsonNode> first =
                json.isEmpty() ? null : json.properties().iterator().next();
        if (first == null) {
            throw new IllegalArgumentException("an empty object is not a value that was recorded");
        }
        return tagged(first.getKey(), first.getValue(), json);
    }

    private static Object tagged(String tag, JsonNode value, JsonNode whole) {
        Scalar scalar = Scalar.named(tag);
        if (scalar != null) {
            return scalar(scalar, value.asText());
        }
        return switch (tag) {
            case "set" -> Collections.unmodifiableSet(addAll(value, new LinkedHashSet<>()));
            case "map" -> map(value);
            case "bytes" -> Base64.getDecoder().decode(value.asText());
            case "enum" -> constant(value.asText(), whole.path("of").asText());
            case "record" -> record(value.asText(), whole.path("of"));
            case "message" -> message(value);
            case "content" -> Content.from(segment(value), metadata(value.path("content")));
            case "segment" -> segment(value);
            case "moderation" -> moderation(value);
            case "embedding" -> Vectors.read(value.asText());
            case "json" -> value.deepCopy(); // the application may change it
            case "toolResult" -> ToolResults.read(value);
            case "type" ->
                throw new IllegalArgumentException("a " + value.asText()
                        + " was recorded as text only, and cannot be made again; give a record, or a type of the JDK");
            default ->
                throw new IllegalArgumentException("a value that was recorded as '" + tag + "' is not known here");
        };
    }

    private static Object scalar(Scalar scalar, String text) {
        try {
            return scalar.read().apply(text);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("'" + text + "' is no " + scalar.tag(), e);
        }
    }

    private static <T extends Collection<@Nullable Object>> T addAll(JsonNode from, T to) {
        for (JsonNode each : from) {
            to.add(restored(each));
        }
        return to;
    }

    static Map<String, @Nullable Object> map(JsonNode json) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> each : json.properties()) {
            map.put(each.getKey(), restored(each.getValue()));
        }
        return Collections.unmodifiableMap(map);
    }

    private static Class<?> type(String name) {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        ClassLoader loader = context == null ? RecordedValue.class.getClassLoader() : context;
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException | LinkageError e) {
            throw new IllegalArgumentException("class " + name + ", of which a value was recorded, is not there", e);
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Object constant(String name, String constant) {
        Class<?> type = type(name);
        if (!type.isEnum()) {
            throw new IllegalArgumentException(name + " was recorded as an enum, and is none");
        }
        try {
            return Enum.valueOf((Class<? extends Enum>) type, constant);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("enum " + name + " has no constant '" + constant + "' any more", e);
        }
    }

    private static Object record(String name, JsonNode of) {
        Class<?> type = type(name);
        if (!type.isRecord()) {
            throw new IllegalArgumentException(name + " was recorded as a record, and is none");
        }
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        @Nullable Object[] values = new @Nullable Object[components.length];
        List<String> names = new ArrayList<>();
        for (int i = 0; i < components.length; i++) {
            names.add(components[i].getName());
            types[i] = components[i].getType();
            values[i] = restored(of.path(names.get(i)));
        }
        List<String> recorded = new ArrayList<>();
        of.fieldNames().forEachRemaining(recorded::add);
        if (!recorded.equals(names)) {
            throw new IllegalArgumentException(
                    "record " + name + " was recorded with components " + recorded + ", but has " + names);
        }
        return RecordValues.made(type, types, values);
    }

    /**
     * Makes a message again.
     *
     * @param json the JSON of a message, as it stands in {@link RecordedEvent#whole}: each of {@code messages}, or {@code answer}
     * @return the message
     * @throws IllegalArgumentException if it is none, or was not recorded
     */
    public static ChatMessage message(JsonNode json) {
        if (References.isOne(json)) {
            throw new IllegalArgumentException("the content " + json.path("#").asText() + " was not recorded");
        }
        try {
            return ChatMessageDeserializer.messageFromJson(json.toString());
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("langchain4j cannot read a message that was recorded", e);
        }
    }

    private static TextSegment segment(JsonNode json) {
        return TextSegment.from(json.path("text").asText(), Metadata.from(map(json.path("metadata"))));
    }

    private static Map<ContentMetadata, Object> metadata(JsonNode json) {
        Map<ContentMetadata, Object> metadata = new EnumMap<>(ContentMetadata.class);
        map(json).forEach((name, value) -> {
            if (value != null) {
                metadata.put((ContentMetadata) constant(ContentMetadata.class.getName(), name), value);
            }
        });
        return metadata;
    }

    private static ModerationResponse moderation(JsonNode json) {
        boolean flagged = json.path("flagged").asBoolean();
        ModerationResponse.Builder response = ModerationResponse.builder()
                .moderation(flagged ? Moderation.flagged(json.path("text").asText()) : Moderation.notFlagged());
        Map<String, Object> metadata = new LinkedHashMap<>();
        map(json.path("metadata")).forEach((name, value) -> {
            if (value != null) {
                metadata.put(name, value);
            }
        });
        return json.has("metadata") ? response.metadata(metadata).build() : response.build();
    }
}
