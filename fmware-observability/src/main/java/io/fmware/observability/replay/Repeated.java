package io.fmware.observability.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * Messages that come again and again in the steps of a conversation: the first time they are written out under an id,
 * <code>{"id": "5b2f6c0e", "message": {..}}</code>, later named by it, <code>{"message": "5b2f6c0e"}</code>. The id is made of
 * what the message says, so that it is the same in the next recording. Vectors too, which the attempt that made them and the call
 * around it give: <code>"values": {"id": "3c91aa07", "vectors": ["AAAA.."]}</code>, later <code>"values": "3c91aa07"</code>.
 * Not thread-safe.
 */
final class Repeated {
    private static final String ID = "id";
    private static final String MESSAGE = "message";
    private static final String VALUES = "values";
    private static final String VECTORS = "vectors";
    private static final int DIGITS = 8;

    private final Map<JsonNode, String> ids = new HashMap<>();
    private final Map<String, JsonNode> messages = new HashMap<>();

    /** A part of a step with its messages written out or named. */
    ObjectNode shortened(ObjectNode part) {
        ObjectNode copy = part.objectNode();
        for (Map.Entry<String, JsonNode> each : part.properties()) {
            copy.set(each.getKey(), shortened(each.getKey(), each.getValue()));
        }
        return copy;
    }

    private JsonNode shortened(String field, JsonNode value) {
        if (field.equals("messages") && value instanceof ArrayNode array) {
            ArrayNode copy = array.arrayNode(array.size());
            array.forEach(each -> copy.add(named(each)));
            return copy;
        }
        if (field.equals(VALUES) && value instanceof ArrayNode vectors) {
            String known = ids.get(vectors);
            return known != null
                    ? vectors.textNode(known)
                    : vectors.objectNode().put(ID, noted(vectors)).set(VECTORS, vectors);
        }
        return field.equals("answer") ? named(value) : value;
    }

    private JsonNode named(JsonNode message) {
        ObjectNode named = JsonNodeFactory.instance.objectNode();
        String known = ids.get(message);
        if (known != null) {
            return named.put(MESSAGE, known);
        }
        named.put(ID, noted(message));
        named.set(MESSAGE, message);
        return named;
    }

    private String noted(JsonNode message) {
        String id = free(message);
        ids.put(message, id);
        messages.put(id, message);
        return id;
    }

    private String free(JsonNode message) {
        String hash = hash(message.toString());
        for (int digits = DIGITS; digits < hash.length(); digits++) {
            String id = hash.substring(0, digits);
            if (!messages.containsKey(id)) {
                return id;
            }
        }
        return hash;
    }

    private static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(Arrays.copyOf(hash, DIGITS * 2));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** The other way round, in the order in which steps were shortened. */
    JsonNode whole(ObjectNode part) {
        ObjectNode copy = part.objectNode();
        for (Map.Entry<String, JsonNode> each : part.properties()) {
            String field = each.getKey();
            if (field.equals("messages") && each.getValue() instanceof ArrayNode array) {
                ArrayNode whole = array.arrayNode(array.size());
                array.forEach(message -> whole.add(wholeMessage(message)));
                copy.set(field, whole);
            } else {
                copy.set(field, whole(field, each.getValue()));
            }
        }
        return copy;
    }

    private JsonNode whole(String field, JsonNode value) {
        if (field.equals(VALUES) && value.get(VECTORS) instanceof ArrayNode vectors) {
            messages.put(value.path(ID).asText(), vectors);
            return vectors;
        }
        if (field.equals(VALUES) && value.isTextual()) {
            return known(value.asText(), "the vectors ");
        }
        return field.equals("answer") ? wholeMessage(value) : value;
    }

    private JsonNode wholeMessage(JsonNode named) {
        JsonNode message = named.get(MESSAGE);
        if (message == null) {
            throw new IllegalArgumentException("a message in it has neither \"" + MESSAGE + "\" nor an id of one");
        }
        if (!message.isTextual()) {
            messages.put(named.path(ID).asText(), message);
            return message;
        }
        return known(message.asText(), "message ");
    }

    private JsonNode known(String id, String what) {
        JsonNode known = messages.get(id);
        if (known == null) {
            throw new IllegalArgumentException(what + id + " is named in it before it is written out");
        }
        return known;
    }
}
