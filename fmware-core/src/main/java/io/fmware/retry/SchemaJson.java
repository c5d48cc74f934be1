package io.fmware.retry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.model.chat.request.json.JsonAnyOfSchema;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonBooleanSchema;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonNullSchema;
import dev.langchain4j.model.chat.request.json.JsonNumberSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonReferenceSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes a schema of langchain4j as JSON Schema. It differs from langchain4j's own writing, which is made for providers, in what
 * a check needs: {@code additionalProperties} is kept, and an optional field may be {@code null}, since providers that demand all
 * fields make a model say so.
 */
final class SchemaJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Whether objects refuse fields that they do not name, as langchain4j does when it reads an answer into a class. */
    private final boolean closed;

    private SchemaJson(boolean closed) {
        this.closed = closed;
    }

    /** As the schema says. */
    static JsonNode of(JsonSchemaElement root) {
        return new SchemaJson(false).write(root);
    }

    /** For a class, with the types that refer to themselves beside it. */
    static JsonNode closed(JsonSchemaElement root, Map<String, JsonSchemaElement> definitions) {
        SchemaJson writer = new SchemaJson(true);
        ObjectNode json = (ObjectNode) writer.write(root);
        if (!definitions.isEmpty()) {
            json.set("$defs", writer.definitions(definitions));
        }
        return json;
    }

    /** A name as a JSON pointer in a URI fragment has it (RFC 6901, sections 3 and 6). */
    private static String pointer(String name) {
        String escaped = name.replace("~", "~0").replace("/", "~1");
        return URLEncoder.encode(escaped, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%7E", "~");
    }

    private JsonNode write(JsonSchemaElement element) {
        if (element instanceof JsonObjectSchema object) {
            return object(object);
        }
        if (element instanceof JsonArraySchema array) {
            ObjectNode json = type("array");
            if (array.items() != null) {
                json.set("items", write(array.items()));
            }
            return json;
        }
        if (element instanceof JsonEnumSchema words) {
            ObjectNode json = type("string");
            ArrayNode values = json.putArray("enum");
            words.enumValues().forEach(values::add);
            return json;
        }
        if (element instanceof JsonAnyOfSchema any) {
            ObjectNode json = JSON.objectNode();
            ArrayNode options = json.putArray("anyOf");
            any.anyOf().forEach(option -> options.add(write(option)));
            return json;
        }
        if (element instanceof JsonReferenceSchema reference) {
            return JSON.objectNode().put("$ref", "#/$defs/" + pointer(reference.reference()));
        }
        if (element instanceof JsonRawSchema raw) {
            return raw(raw.schema());
        }
        return type(scalar(element));
    }

    private static String scalar(JsonSchemaElement element) {
        if (element instanceof JsonStringSchema) {
            return "string";
        }
        if (element instanceof JsonIntegerSchema) {
            return "integer";
        }
        if (element instanceof JsonNumberSchema) {
            return "number";
        }
        if (element instanceof JsonBooleanSchema) {
            return "boolean";
        }
        if (element instanceof JsonNullSchema) {
            return "null";
        }
        throw new IllegalArgumentException(
                "a schema of " + element.getClass().getName() + " is not known; give it as a JsonRawSchema");
    }

    private ObjectNode object(JsonObjectSchema object) {
        ObjectNode json = type("object");
        List<String> required = object.required() == null ? List.of() : object.required();
        ObjectNode properties = json.putObject("properties");
        object.properties().forEach((name, element) -> {
            JsonNode property = write(element);
            properties.set(
                    name, required.contains(name) || element instanceof JsonRawSchema ? property : nullable(property));
        });
        ArrayNode names = json.putArray("required");
        required.forEach(names::add);
        boolean refusesOthers = object.additionalProperties() != null
                ? !object.additionalProperties()
                : closed && !object.properties().isEmpty();
        if (refusesOthers) {
            json.put("additionalProperties", false);
        }
        if (!object.definitions().isEmpty()) {
            json.set("$defs", definitions(object.definitions()));
        }
        return json;
    }

    private ObjectNode definitions(Map<String, JsonSchemaElement> elements) {
        ObjectNode json = JSON.objectNode();
        elements.forEach((name, element) -> json.set(name, write(element)));
        return json;
    }

    private static JsonNode nullable(JsonNode schema) {
        ObjectNode json = (ObjectNode) schema;
        if (json.path("type").isTextual()) {
            String type = json.path("type").asText();
            json.putArray("type").add(type).add("null");
            if (json.get("enum") instanceof ArrayNode values) {
                values.addNull();
            }
            return json;
        }
        ObjectNode either = JSON.objectNode();
        either.putArray("anyOf").add(json).add(type("null"));
        return either;
    }

    private static ObjectNode type(String name) {
        return JSON.objectNode().put("type", name);
    }

    private static JsonNode raw(String schema) {
        JsonNode json;
        try {
            json = JsonText.MAPPER.readTree(schema);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the raw schema is not JSON", e);
        }
        if (!json.isObject() && !json.isBoolean()) {
            throw new IllegalArgumentException("the raw schema must be a JSON object, but is a "
                    + json.getNodeType().toString().toLowerCase(Locale.ROOT));
        }
        refuseForeign(json);
        return json;
    }

    /** A check of an answer never reads files or the network. */
    private static void refuseForeign(JsonNode json) {
        for (String keyword : List.of("$ref", "$dynamicRef", "$recursiveRef")) {
            JsonNode reference = json.path(keyword);
            if (reference.isTextual() && !reference.asText().startsWith("#")) {
                throw new IllegalArgumentException("the schema refers to " + reference.asText()
                        + ", but only references inside of a schema are followed; put what it stands for under $defs and"
                        + " refer to \"#/$defs/...\"");
            }
        }
        json.forEach(SchemaJson::refuseForeign);
    }
}
