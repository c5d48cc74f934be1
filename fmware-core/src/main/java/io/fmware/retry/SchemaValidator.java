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
    // What is found is told to the model: always in English, whatever the machine speaks. Two schemas with one $id are
    // two
    // schemas, so none is kept.
    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            registry -> registry.schemaRegistryConfig(
                            SchemaRegistryConfig.builder().locale(Locale.ROOT).build())
                    .schemaCacheEnabled(false));

    private static final Verdict TOO_DEEP =
            Verdict.invalid("The JSON is nested too deeply for a check against its schema.");

    /** How many branches a check may take: each level of a recursive choice multiplies them. */
    private static final double MOST_BRANCHES = 200_000;

    private final Schema schema;
    private final int deepest;

    private SchemaValidator(JsonNode schema) {
        this.schema = compiled(schema);
        this.deepest = deepest(schema);
    }

    /**
     * How many objects deep an answer may be nested. Where alternatives can hold themselves again a validator tries each of them
     * at each level, which a short answer turns into hours.
     */
    private static int deepest(JsonNode schema) {
        int alternatives = schema.findValue("$ref") == null ? 1 : mostAlternatives(schema);
        return alternatives < 2 ? Integer.MAX_VALUE : (int) (Math.log(MOST_BRANCHES) / Math.log(alternatives));
    }

    private static int mostAlternatives(JsonNode schema) {
        int most = 0;
        for (String choice : List.of("anyOf", "oneOf")) {
            for (JsonNode alternatives : schema.findValues(choice)) {
                int objects = 0;
                for (JsonNode each : alternatives) {
                    objects += each.has("$ref") || each.has("properties") ? 1 : 0;
                    most = Math.max(most, mostAlternatives(each));
                }
                most = Math.max(most, objects);
            }
        }
        return most;
    }

    /** How many objects are nested in each other; the parser bounds how deep this goes. */
    private static int depth(JsonNode value) {
        int deepest = 0;
        for (JsonNode child : value) {
            deepest = Math.max(deepest, depth(child));
        }
        return deepest + (value.isObject() ? 1 : 0);
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
            Schema schema = REGISTRY.getSchema(json);
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
        if (depth(value) > deepest) {
            return TOO_DEEP;
        }
        List<Error> faults;
        try {
            faults = schema.validate(value);
        } catch (StackOverflowError e) { // on a thread with a small stack
            return TOO_DEEP;
        } catch (ArithmeticException | NumberFormatException e) { // multipleOf, on what no double holds
            return Verdict.invalid("The JSON has a number that cannot be checked against its schema.");
        }
        return faults.isEmpty()
                ? Verdict.valid()
                : Verdict.invalid("The JSON does not fit its schema: " + SchemaFaults.describe(faults) + ".");
    }
}
