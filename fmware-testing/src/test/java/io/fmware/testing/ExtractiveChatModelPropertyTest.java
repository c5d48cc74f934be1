package io.fmware.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonBooleanSchema;
import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonNumberSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import java.util.LinkedHashMap;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ExtractiveChatModelPropertyTest {

    private final ExtractiveChatModel model = ExtractiveChatModel.create();

    @Property(tries = 300)
    void never_throws_and_always_gives_the_same_answer(@ForAll("prompts") String prompt) {
        ChatRequest request =
                ChatRequest.builder().messages(UserMessage.from(prompt)).build();
        assertThat(model.chat(request)).isEqualTo(model.chat(request));
        assertThat(model.chat(request).aiMessage().text()).isNotNull();
    }

    @Property(tries = 300)
    void gives_json_that_is_valid_against_the_schema_for_any_text(
            @ForAll("prompts") String prompt, @ForAll("schemas") JsonObjectSchema schema)
            throws JsonProcessingException {
        ChatRequest request = ChatRequest.builder()
                .messages(UserMessage.from(prompt))
                .responseFormat(ResponseFormat.builder()
                        .type(ResponseFormatType.JSON)
                        .jsonSchema(JsonSchema.builder()
                                .name("Any")
                                .rootElement(schema)
                                .build())
                        .build())
                .build();
        JsonNode json =
                new ObjectMapper().readTree(model.chat(request).aiMessage().text());
        assertThat(valid(json, schema)).as("%s against %s", json, schema).isTrue();
    }

    @Property(tries = 300)
    void gives_tool_arguments_that_are_valid_for_any_text(
            @ForAll("prompts") String prompt, @ForAll("schemas") JsonObjectSchema parameters)
            throws JsonProcessingException {
        ChatRequest request = ChatRequest.builder()
                .messages(UserMessage.from(prompt))
                .toolSpecifications(ToolSpecification.builder()
                        .name("anyTool")
                        .parameters(parameters)
                        .build())
                .toolChoice(ToolChoice.REQUIRED)
                .build();
        JsonNode arguments = new ObjectMapper()
                .readTree(model.chat(request)
                        .aiMessage()
                        .toolExecutionRequests()
                        .get(0)
                        .arguments());
        assertThat(valid(arguments, parameters))
                .as("%s against %s", arguments, parameters)
                .isTrue();
    }

    @Provide
    Arbitrary<String> prompts() {
        Arbitrary<String> piece = Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(30),
                Arbitraries.of(
                        "\n\nAnswer using the following information:\n",
                        "[source: a]",
                        "source: b\n",
                        "content: ",
                        "Question: what?",
                        "Context:",
                        "A card costs 6 EUR. ",
                        "1,234,567.89 ",
                        "{\"a\":[",
                        "\n\n",
                        "? ",
                        "\"quoted\" "));
        return piece.list()
                .ofMinSize(1)
                .ofMaxSize(8)
                .map(pieces -> String.join("", pieces))
                .filter(prompt -> !prompt.isEmpty());
    }

    @Provide
    Arbitrary<JsonObjectSchema> schemas() {
        Arbitrary<JsonSchemaElement> leaf = Arbitraries.of(
                new JsonStringSchema(),
                new JsonIntegerSchema(),
                new JsonNumberSchema(),
                new JsonBooleanSchema(),
                JsonEnumSchema.builder().enumValues("CARD", "FEE_OR_RATE").build());
        Arbitrary<JsonSchemaElement> element = Arbitraries.lazyOf(
                () -> leaf,
                () -> leaf,
                () -> leaf.map(items -> JsonArraySchema.builder().items(items).build()),
                () -> objects(leaf).map(object -> object));
        return objects(element);
    }

    private static Arbitrary<JsonObjectSchema> objects(Arbitrary<? extends JsonSchemaElement> elements) {
        Arbitrary<String> names = Arbitraries.of(
                "answer", "sources", "confidence", "amount", "accountNumber", "date", "currency", "found", "x");
        return Arbitraries.maps(names, elements).ofMaxSize(5).map(properties -> {
            Map<String, JsonSchemaElement> all = new LinkedHashMap<>(properties);
            return JsonObjectSchema.builder()
                    .addProperties(all)
                    .required(all.keySet().toArray(String[]::new))
                    .build();
        });
    }

    private static boolean valid(JsonNode json, JsonSchemaElement schema) {
        if (schema instanceof JsonObjectSchema object) {
            return json.isObject()
                    && object.required().stream().allMatch(json::has)
                    && json.properties().stream()
                            .allMatch(property -> object.properties().containsKey(property.getKey())
                                    && valid(
                                            property.getValue(),
                                            object.properties().get(property.getKey())));
        }
        if (schema instanceof JsonArraySchema array) {
            for (JsonNode item : json) {
                if (!valid(item, array.items())) {
                    return false;
                }
            }
            return json.isArray();
        }
        if (schema instanceof JsonEnumSchema choice) {
            return json.isTextual() && choice.enumValues().contains(json.asText());
        }
        if (schema instanceof JsonIntegerSchema) {
            return json.isIntegralNumber();
        }
        if (schema instanceof JsonNumberSchema) {
            return json.isNumber();
        }
        return schema instanceof JsonBooleanSchema ? json.isBoolean() : json.isTextual();
    }
}
