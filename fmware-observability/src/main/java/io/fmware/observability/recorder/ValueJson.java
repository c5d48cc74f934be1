package io.fmware.observability.recorder;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.data.document.Metadata;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ChatMessageSerializer;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.moderation.ModerationResponse;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.ContentMetadata;
import io.fmware.event.Redactor;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Values as JSON of which {@link RecordedValue} makes them again. Texts are redacted one by one, behind the name under which they
 * stand; numbers too where they have such a name, as in any JSON, but not a number that stands for itself: a random one is no
 * account. Times, UUIDs and bytes stay as they are. Thread-safe.
 *
 * <p>Long because each type has its branch.
 */
final class ValueJson {
    /** What is larger is told by its size. */
    static final int MOST_BYTES = 256 << 10;

    private static final int DEEPEST = 60;
    private static final int MOST_VALUES = 200_000;
    private static final String TOOL_RESULT =
            "dev.langchain4j.service.tool.ToolExecutionResult"; // which may not be there

    private final Redactor redactor;

    ValueJson(Redactor redactor) {
        this.redactor = redactor;
    }

    /** A value as JSON; what cannot be taken apart is named by its type and shown as text. */
    byte[] of(Object value) {
        try {
            Writing writing = new Writing();
            writing.value("", value);
            return writing.json.bytes();
        } catch (RuntimeException | Error e) { // of what the application gave
            Writing writing = new Writing();
            writing.unknown(value);
            return writing.json.bytes();
        }
    }

    /** Texts by their names. */
    byte[] members(Map<String, String> texts) {
        Writing writing = new Writing();
        writing.map(texts);
        return writing.json.bytes();
    }

    /** What an application gave, as text: what it is made of is its own affair, and may fail. */
    static String shown(Object value) {
        try {
            return String.valueOf(value);
        } catch (RuntimeException | Error e) {
            return "[" + value.getClass().getName() + " cannot be shown: "
                    + e.getClass().getName() + "]";
        }
    }

    /** The writing of one value. */
    final class Writing {
        final JsonWriter json = new JsonWriter(128);
        private int depth;
        private int values;

        /** Writes a value that stands under a name, which is empty where it has none. */
        void value(String name, @Nullable Object value) {
            if (++values > MOST_VALUES || ++depth > DEEPEST) {
                throw new IllegalStateException("a value with more than " + MOST_VALUES + " parts, or nested more than "
                        + DEEPEST + " deep, is not taken apart");
            }
            if (value == null) {
                json.json(Skeleton.utf8("null"));
            } else if (value instanceof String text) {
                text(name, text);
            } else if (value instanceof Boolean flag) {
                json.flag(flag);
            } else if (value instanceof Integer || (value instanceof Double real && Double.isFinite(real))) {
                json.json(Skeleton.utf8(redacted(name, value.toString())));
            } else {
                Scalar scalar = Scalar.of(value);
                if (scalar == null) {
                    compound(name, value);
                } else {
                    scalar(name, scalar, value.toString());
                }
            }
            depth--;
        }

        private void scalar(String name, Scalar scalar, String text) {
            if (scalar.isNumber() && Character.isDigit(text.charAt(text.length() - 1))) {
                String redacted = redacted(name, text);
                if (!redacted.equals(text)) {
                    json.json(Skeleton.utf8(redacted)); // a mark
                    return;
                }
            }
            json.beginObject().name(scalar.tag());
            if (scalar.text()) {
                text(name, text);
            } else {
                json.text(WellFormed.text(text));
            }
            json.endObject();
        }

        private void compound(String name, Object value) {
            if (value instanceof List<?> list) {
                list(name, list);
            } else if (value instanceof Set<?> set) {
                json.beginObject().name("set");
                if (Unordered.is(set)) {
                    sorted(name, set);
                } else {
                    list(name, set);
                }
                json.endObject();
            } else if (value instanceof Map<?, ?> map && map.keySet().stream().allMatch(String.class::isInstance)) {
                json.beginObject().name("map");
                map(map);
                json.endObject();
            } else if (value instanceof Enum<?> constant) {
                json.beginObject();
                json.name("enum").text(constant.getDeclaringClass().getName());
                json.name("of").text(constant.name());
                json.endObject();
            } else if (value instanceof byte[] bytes && bytes.length <= MOST_BYTES) {
                json.beginObject();
                json.name("bytes").text(Base64.getEncoder().encodeToString(bytes));
                json.endObject();
            } else if (value instanceof Record) {
                record(value);
            } else {
                ofLangchain4j(value);
            }
        }

        private void list(String name, Iterable<?> values) {
            json.beginArray();
            for (Object each : values) {
                value(name, each);
            }
            json.endArray();
        }

        /** The same in each recording, however the set is laid out this time. */
        private void sorted(String name, Set<?> set) {
            List<String> texts = new ArrayList<>();
            for (Object each : set) {
                Writing writing = new Writing();
                writing.depth = depth;
                writing.values = values;
                writing.value(name, each);
                values = writing.values;
                texts.add(new String(writing.json.bytes(), StandardCharsets.UTF_8));
            }
            json.beginArray();
            texts.stream().sorted().forEach(each -> json.json(Skeleton.utf8(each)));
            json.endArray();
        }

        void map(Map<?, ?> map) {
            json.beginObject();
            for (Map.Entry<?, ?> each : (Unordered.is(map) ? new TreeMap<>(map) : map).entrySet()) {
                String name = WellFormed.text((String) each.getKey());
                json.name(redactor.redact(name));
                value(name, each.getValue());
            }
            json.endObject();
        }

        private void record(Object value) {
            json.beginObject();
            json.name("record").text(value.getClass().getName());
            json.name("of").beginObject();
            for (RecordComponent each : value.getClass().getRecordComponents()) {
                json.name(each.getName());
                value(each.getName(), component(value, each));
            }
            json.endObject().endObject();
        }

        private static @Nullable Object component(Object of, RecordComponent component) {
            try {
                component.getAccessor().setAccessible(true);
                return component.getAccessor().invoke(of);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("component " + component + " of a record cannot be read", e);
            }
        }

        private void ofLangchain4j(Object value) {
            if (value instanceof ChatMessage message) {
                json.beginObject().name("message");
                message(message);
                json.endObject();
            } else if (value instanceof Content document) {
                json.beginObject().name("content");
                document(document);
                json.endObject();
            } else if (value instanceof TextSegment segment) {
                json.beginObject().name("segment").beginObject();
                segment(segment);
                json.endObject().endObject();
            } else if (value instanceof ModerationResponse response) {
                json.beginObject().name("moderation").beginObject();
                moderation(response);
                json.endObject().endObject();
            } else if (value instanceof Embedding embedding && embedding.dimension() * Float.BYTES <= MOST_BYTES) {
                json.beginObject()
                        .name("embedding")
                        .text(Vectors.text(embedding))
                        .endObject();
            } else if (value instanceof JsonNode node) {
                json.beginObject().name("json").json(Skeleton.utf8(redactor.redactJson(node.toString())));
                json.endObject();
            } else if (value.getClass().getName().equals(TOOL_RESULT)) {
                json.beginObject().name("toolResult").beginObject();
                ToolResults.write(value, this);
                json.endObject().endObject();
            } else {
                unknown(value);
            }
        }

        void message(ChatMessage message) {
            json.json(Skeleton.utf8(redactor.redactJson(ChatMessageSerializer.messageToJson(message))));
        }

        private void document(Content document) {
            json.beginObject();
            segment(document.textSegment());
            Map<ContentMetadata, Object> metadata = document.metadata();
            if (!metadata.isEmpty()) {
                json.name("content").beginObject();
                for (Map.Entry<ContentMetadata, Object> each : metadata.entrySet()) {
                    json.name(each.getKey().name());
                    value("", each.getValue());
                }
                json.endObject();
            }
            json.endObject();
        }

        private void segment(TextSegment segment) {
            json.name("text");
            text("", segment.text());
            Metadata metadata = segment.metadata();
            if (metadata != null && !metadata.toMap().isEmpty()) {
                json.name("metadata");
                map(metadata.toMap());
            }
        }

        private void moderation(ModerationResponse response) {
            json.name("flagged").flag(response.moderation().flagged());
            if (response.moderation().flaggedText() != null) {
                json.name("text");
                text("", response.moderation().flaggedText());
            }
            if (response.metadata() != null && !response.metadata().isEmpty()) {
                json.name("metadata");
                map(response.metadata());
            }
        }

        void unknown(Object value) {
            json.beginObject();
            json.name("type")
                    .text(WellFormed.text(redactor.redact(value.getClass().getName())));
            json.name("text");
            text("", value instanceof byte[] bytes ? "byte[" + bytes.length + "]" : shown(value));
            json.endObject();
        }

        void text(String name, String text) {
            String clean = WellFormed.text(text);
            if (name.isEmpty()) {
                json.text(WellFormed.text(redactor.redact(clean)));
            } else {
                json.json(Skeleton.utf8(redacted(name, Json.quoted(clean))));
            }
        }
    }

    /** A value of JSON as it is redacted behind a name. */
    private String redacted(String name, String value) {
        if (name.isEmpty()) {
            return value;
        }
        String member = "{" + Json.quoted(name) + ":" + value + "}";
        String redacted = redactor.redactJson(member);
        int from = Json.quoted(redactor.redact(name)).length() + 2; // a name is redacted by itself
        return redacted.equals(member) ? value : redacted.substring(from, redacted.length() - 1);
    }
}
