package io.fmware.retry;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import dev.langchain4j.internal.JsonSchemaElementUtils;
import dev.langchain4j.internal.JsonSchemaElementUtils.VisitedClassMetadata;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.fmware.FmCall;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Checks an answer against a JSON schema; the first few faults are named, each with the place where it is. */
final class SchemaValidator implements Validator {
    // What is found is told to the model: always in English, whatever the machine speaks.
    private static final SchemaRegistryConfig CONFIG =
            SchemaRegistryConfig.builder().locale(Locale.ROOT).build();

    private final Schema schema;

    private SchemaValidator(JsonNode schema) {
        this.schema = compiled(schema);
    }

    static SchemaValidator of(JsonSchema schema) {
        return new SchemaValidator(SchemaJson.of(schema.rootElement()));
    }

    static SchemaValidator of(Class<?> type) {
        OptionalFields.refuse(type);
        Map<Class<?>, VisitedClassMetadata> visited = new LinkedHashMap<>();
        // The same derivation as for a response format, with fields required unless they say otherwise.
        JsonSchemaElement root = JsonSchemaElementUtils.jsonSchemaElementFrom(type, type, null, true, visited);
        Map<String, JsonSchemaElement> definitions = new LinkedHashMap<>();
        visited.values().stream()
                .filter(v -> v.recursionDetected)
                .forEach(v -> definitions.put(v.reference, v.jsonSchemaElement));
        return new SchemaValidator(SchemaJson.closed(root, definitions));
    }

    private static Schema compiled(JsonNode json) {
        try {
            Schema schema = SchemaRegistry.withDefaultDialect(
                            SpecificationVersion.DRAFT_2020_12, registry -> registry.schemaRegistryConfig(CONFIG))
                    .getSchema(json);
            schema.initializeValidators(); // now, not at the first answer: a reference may lead nowhere
            return schema;
        } catch (SchemaException e) {
            throw new IllegalArgumentException("the schema cannot be used: " + e.getMessage(), e);
        }
    }

    @Override
    public Verdict validate(FmCall call, ChatResponse response) {
        JsonText json = JsonText.parse(Replies.text(response));
        JsonNode value = json.value();
        if (value == null) {
            return json.verdict();
        }
        List<Error> faults;
        try {
            faults = schema.validate(value);
        } catch (StackOverflowError e) { // on a thread with a small stack
            return Verdict.invalid("The JSON is nested too deeply for a check against its schema.");
        }
        return faults.isEmpty()
                ? Verdict.valid()
                : Verdict.invalid("The JSON does not fit its schema: " + SchemaFaults.describe(faults) + ".");
    }
}
