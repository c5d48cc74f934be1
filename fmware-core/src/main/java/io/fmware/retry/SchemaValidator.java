package io.fmware.retry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.langchain4j.internal.JsonSchemaElementUtils;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.fmware.FmCall;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/** Checks an answer against a JSON schema; the first few faults are named, each with the place where it is. */
final class SchemaValidator implements Validator {
    private static final int MOST_FAULTS = 5;

    private final Schema schema;

    SchemaValidator(Schema schema) {
        this.schema = schema;
    }

    static Schema schemaOf(Class<?> type) {
        // The same derivation as for a response format, with fields required unless they say otherwise.
        return schemaOf(JsonSchemaElementUtils.jsonSchemaElementFrom(type, type, null, true, new LinkedHashMap<>()));
    }

    static Schema schemaOf(JsonSchema schema) {
        return schemaOf(schema.rootElement());
    }

    private static Schema schemaOf(JsonSchemaElement element) {
        ObjectNode json = JsonText.MAPPER.valueToTree(JsonSchemaElementUtils.toMap(element));
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(json);
    }

    @Override
    public Verdict validate(FmCall call, ChatResponse response) {
        String text = response.aiMessage().text();
        JsonText json = JsonText.parse(text == null ? "" : text);
        JsonNode value = json.value();
        if (value == null) {
            return json.verdict();
        }
        List<Error> faults = schema.validate(value);
        return faults.isEmpty()
                ? Verdict.valid()
                : Verdict.invalid("The JSON does not fit its schema: " + text(faults) + ".");
    }

    private static String text(List<Error> faults) {
        String named = faults.stream()
                .limit(MOST_FAULTS)
                .map(f -> {
                    String place = f.getInstanceLocation().toString();
                    return (place.isEmpty() ? "at the root" : "at " + place) + " " + f.getMessage();
                })
                .collect(Collectors.joining("; "));
        return faults.size() > MOST_FAULTS ? named + "; and " + (faults.size() - MOST_FAULTS) + " more" : named;
    }
}
