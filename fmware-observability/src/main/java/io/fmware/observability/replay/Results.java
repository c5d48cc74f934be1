package io.fmware.observability.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fmware.BoundaryKind;
import java.util.List;

/** What is compared of what came out of something that ran for real. */
final class Results {

    private Results() {}

    static JsonNode comparable(BoundaryKind kind, ObjectNode given) {
        ObjectNode compared = JsonNodeFactory.instance.objectNode();
        for (String field : fields(kind)) {
            JsonNode value = given.get(field);
            if (value != null) {
                compared.set(field, value.deepCopy());
            }
        }
        return compared;
    }

    private static List<String> fields(BoundaryKind kind) {
        return switch (kind) {
            case CALL -> List.of("answer", "error");
            case PLAN -> List.of("steps");
            default -> List.of("output", "error");
        };
    }

    /**
     * Takes out what objects of an application's own classes show of themselves, in place: it may be another text each time, such as
     * that of {@code Object.toString()}, and nothing is made of it again. Their classes are left.
     */
    static JsonNode withoutShown(JsonNode json) {
        if (json instanceof ObjectNode object
                && object.size() == 2
                && object.has("text")
                && object.path("type").asText().indexOf('.') > 0) { // content of messages has a type in capitals
            object.remove("text");
        }
        json.forEach(Results::withoutShown);
        return json;
    }
}
