package io.fmware.retry;

import static io.fmware.retry.Checking.reason;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.sun.net.httpserver.HttpServer;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonAnyOfSchema;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonIntegerSchema;
import dev.langchain4j.model.chat.request.json.JsonNullSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonReferenceSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.request.json.JsonSchemaElement;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import io.fmware.FmCall;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaTest {

    record Order(String item, int quantity) {}

    enum Size {
        SMALL,
        LARGE
    }

    record Line(
            Order order,
            BigDecimal price,
            @JsonProperty(required = false) String note) {}

    record Basket(
            List<Line> lines,
            Size size,
            boolean gift,
            Map<String, Object> extras,
            @JsonProperty(required = false) Size wrapping,
            @JsonProperty(required = false) Order spare) {}

    private static final String FAULTS = "The JSON does not fit its schema: ";

    // Classes

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"item\":\"tea\",\"quantity\":2}",
                "{\"quantity\":-2,\"item\":\"\"}",
                "{\"item\":\"tea\",\"quantity\":2.0}"
            })
    void what_fits_a_record_is_valid(String answer) {
        assertThat(reason(Replies.matchSchema(Order.class), answer)).isEqualTo("valid");
    }

    @Test
    void faults_are_told_with_their_place_in_words_a_model_understands() {
        Validator order = Replies.matchSchema(Order.class);

        assertThat(reason(order, "{\"item\":\"tea\"}"))
                .isEqualTo(FAULTS + "at the root: required property 'quantity' not found.");
        assertThat(reason(order, "{\"item\":3,\"quantity\":\"two\"}"))
                .isEqualTo(FAULTS
                        + "at /item: integer found, string expected; at /quantity: string found, integer expected.");
        assertThat(reason(order, "{\"item\":null,\"quantity\":2.5}"))
                .isEqualTo(FAULTS
                        + "at /item: null found, string expected; at /quantity: number found, integer expected.");
        assertThat(reason(order, "[]")).isEqualTo(FAULTS + "at the root: array found, object expected.");
        assertThat(reason(order, "tea")).isEqualTo("The answer is not JSON: it does not start with a JSON value.");
    }

    @Test
    void fields_that_the_class_does_not_have_are_refused_as_langchain4j_could_not_read_them() {
        assertThat(reason(Replies.matchSchema(Order.class), "{\"item\":\"tea\",\"quantity\":2,\"colour\":\"green\"}"))
                .isEqualTo(
                        FAULTS + "at the root: property 'colour' is not defined in the schema and the schema does not"
                                + " allow additional properties.");
    }

    @Test
    void nested_types_lists_enums_and_maps_are_checked_through() {
        Validator basket = Replies.matchSchema(Basket.class);
        String line = "{\"order\":{\"item\":\"tea\",\"quantity\":2},\"price\":2.5}";
        String rest = ",\"gift\":false,\"extras\":{\"any\":[1,\"two\"]}}";

        assertThat(reason(basket, "{\"lines\":[" + line + "," + line + "],\"size\":\"SMALL\"" + rest))
                .isEqualTo("valid");
        assertThat(reason(basket, "{\"lines\":[],\"size\":\"LARGE\"" + rest)).isEqualTo("valid");
        assertThat(reason(
                        basket,
                        "{\"lines\":[" + line + ",{\"order\":{\"item\":\"tea\",\"quantity\":\"x\"},\"price\":\"y\"}],"
                                + "\"size\":\"Small\"" + rest))
                .isEqualTo(
                        FAULTS + "at /lines/1/order/quantity: string found, integer expected; at /lines/1/price: string"
                                + " found, number expected; at /size: does not have a value in the enumeration [\"SMALL\","
                                + " \"LARGE\"].");
    }

    @Test
    void optional_fields_may_be_left_out_or_null_as_strict_providers_make_models_say() {
        Validator basket = Replies.matchSchema(Basket.class);
        String most = "{\"lines\":[{\"order\":{\"item\":\"tea\",\"quantity\":2},\"price\":2.5,\"note\":null}],"
                + "\"size\":\"SMALL\",\"gift\":false,\"extras\":{}";

        assertThat(reason(basket, most + ",\"wrapping\":null,\"spare\":null}")).isEqualTo("valid");
        assertThat(reason(basket, most + ",\"wrapping\":\"SMALL\",\"spare\":{\"item\":\"tea\",\"quantity\":2}}"))
                .isEqualTo("valid");
        assertThat(reason(basket, most + ",\"wrapping\":\"HUGE\",\"spare\":{}}"))
                .startsWith(
                        FAULTS + "at /wrapping: does not have a value in the enumeration [\"SMALL\", \"LARGE\", null];")
                .endsWith("at /spare: required property 'quantity' not found.");
        assertThat(reason(basket, most.replace("\"size\":\"SMALL\"", "\"size\":null") + "}"))
                .contains("/size: ");
    }

    record Tree(String name, List<Tree> children) {}

    @Test
    void types_that_refer_to_themselves_are_checked_to_the_leaves() {
        Validator tree = Replies.matchSchema(Tree.class);

        assertThat(reason(tree, "{\"name\":\"a\",\"children\":[{\"name\":\"b\",\"children\":[]}]}"))
                .isEqualTo("valid");
        assertThat(reason(
                        tree,
                        "{\"name\":\"a\",\"children\":[{\"name\":\"b\",\"children\":[{\"name\":3,\"children\":[]}]}]}"))
                .isEqualTo(FAULTS + "at /children/0/children/0/name: integer found, string expected.");
    }

    @Test
    void an_answer_nested_as_deeply_as_is_allowed_is_checked_to_its_leaf() {
        String open = "{\"name\":\"a\",\"children\":[";

        assertThat(reason(Replies.matchSchema(Tree.class), open.repeat(128) + "]}".repeat(128)))
                .isEqualTo("valid");
        assertThat(reason(Replies.matchSchema(Tree.class), open.repeat(129) + "]}".repeat(129)))
                .isEqualTo("The answer is not JSON: it is nested too deeply.");
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Circle.class, name = "circle"),
        @JsonSubTypes.Type(value = Square.class, name = "square")
    })
    interface Shape {}

    record Circle(double radius) implements Shape {}

    record Square(double width, String colour) implements Shape {}

    record Drawing(List<Shape> shapes) {}

    sealed interface Event permits Opened, Closed {}

    record Opened(String by) implements Event {}

    record Closed(String why) implements Event {}

    @Test
    void of_a_polymorphic_type_the_faults_of_the_variant_that_was_meant_are_told() {
        Validator drawing = Replies.matchSchema(Drawing.class);

        assertThat(reason(
                        drawing,
                        "{\"shapes\":[{\"kind\":\"circle\",\"radius\":1},"
                                + "{\"kind\":\"square\",\"width\":2,\"colour\":\"red\"}]}"))
                .isEqualTo("valid");
        assertThat(reason(drawing, "{\"shapes\":[{\"kind\":\"square\",\"width\":\"wide\"}]}"))
                .startsWith(FAULTS)
                .contains("at /shapes/0: required property 'colour' not found")
                .contains("at /shapes/0/width: string found, number expected")
                .doesNotContain("radius", "circle");
        assertThat(reason(Replies.matchSchema(Shape.class), "{\"kind\":\"circle\",\"radius\":\"r\"}"))
                .isEqualTo(FAULTS + "at /radius: string found, number expected.");
        assertThat(reason(Replies.matchSchema(Shape.class), "{\"kind\":\"circle\",\"radius\":1}"))
                .isEqualTo("valid");
    }

    @Test
    void sealed_types_are_polymorphic_too() {
        Validator event = Replies.matchSchema(Event.class);
        String valid = "{\"@type\":\"Opened\",\"by\":\"me\"}";

        assertThat(List.of(reason(event, valid), reason(event, valid.replace("@type", "type"))))
                .contains("valid");
        assertThat(reason(event, "3")).isEqualTo(FAULTS + "at the root: integer found, object expected.");
    }

    @Test
    void only_the_first_five_faults_are_named() {
        Validator list = Replies.matchSchema(int[].class);

        assertThat(reason(list, "[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\"]"))
                .startsWith(FAULTS + "at /0: string found, integer expected; at /1: ")
                .endsWith("at /4: string found, integer expected; and 2 more.");
    }

    @Test
    void what_is_no_object_has_a_schema_as_well() {
        assertThat(reason(Replies.matchSchema(Size.class), "\"SMALL\"")).isEqualTo("valid");
        assertThat(reason(Replies.matchSchema(boolean.class), "true")).isEqualTo("valid");
        assertThat(reason(Replies.matchSchema(String.class), "3"))
                .isEqualTo(FAULTS + "at the root: integer found, string expected.");
        assertThat(reason(Replies.matchSchema(Map.class), "{\"any\":1}")).isEqualTo("valid");
    }

    record WithOptional(String name, List<Optional<String>> nick) {}

    static final class Deeper {
        WithOptional[] inside = {};
    }

    record WithOptionalInt(OptionalInt age) {}

    @Test
    void a_class_with_optionals_is_refused_since_no_answer_could_fit_its_schema() {
        assertThatThrownBy(() -> Replies.matchSchema(Deeper.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the field nick of io.fmware.retry.SchemaTest$WithOptional has an Optional, for which"
                        + " langchain4j derives no usable schema; use the plain type and mark the field with"
                        + " @JsonProperty(required = false)");
        assertThatThrownBy(() -> Replies.matchSchema(WithOptionalInt.class))
                .hasMessageStartingWith(
                        "the field age of io.fmware.retry.SchemaTest$WithOptionalInt has an OptionalInt, for");
    }

    sealed interface Expression permits Sum, Product, Leaf {}

    record Sum(String op, Expression left) implements Expression {}

    record Product(String op, Expression left) implements Expression {}

    record Leaf(int n) implements Expression {}

    record Formula(Expression expression) {}

    @Test
    void a_choice_that_can_hold_itself_again_bounds_how_deep_an_answer_may_be_nested() {
        String deep = "{\"expression\":" + "{\"op\":\"x\",\"left\":".repeat(30) + "{\"n\":1}" + "}".repeat(31);

        assertThat(reason(Replies.matchSchema(Formula.class), deep))
                .isEqualTo("The JSON is nested too deeply for a check against its schema.");
    }

    // Schemas

    private static JsonSchema schema(JsonSchemaElement root) {
        return JsonSchema.builder().name("Answer").rootElement(root).build();
    }

    private static Validator raw(String json) {
        return Replies.matchSchema(schema(JsonRawSchema.from(json)));
    }

    @Test
    void a_schema_decides_itself_whether_other_fields_are_allowed() {
        JsonObjectSchema.Builder builder =
                JsonObjectSchema.builder().addStringProperty("name").required("name");
        String answer = "{\"name\":\"a\",\"other\":1}";

        assertThat(reason(Replies.matchSchema(schema(builder.build())), answer)).isEqualTo("valid");
        assertThat(reason(
                        Replies.matchSchema(
                                schema(builder.additionalProperties(false).build())),
                        answer))
                .isEqualTo(FAULTS + "at the root: property 'other' is not defined in the schema and the schema does not"
                        + " allow additional properties.");
    }

    @Test
    void alternatives_references_arrays_and_nulls_are_followed() {
        JsonSchemaElement node = JsonObjectSchema.builder()
                .addProperty(
                        "next",
                        JsonAnyOfSchema.builder()
                                .anyOf(
                                        JsonReferenceSchema.builder()
                                                .reference("node")
                                                .build(),
                                        new JsonNullSchema())
                                .build())
                .addProperty(
                        "tags",
                        JsonArraySchema.builder().items(new JsonStringSchema()).build())
                .addProperty("any", JsonArraySchema.builder().build())
                .required("next")
                .build();
        Validator validator = Replies.matchSchema(schema(JsonObjectSchema.builder()
                .addProperty(
                        "head", JsonReferenceSchema.builder().reference("node").build())
                .required("head")
                .definitions(Map.of("node", node))
                .build()));

        assertThat(reason(validator, "{\"head\":{\"next\":{\"next\":null,\"tags\":[\"a\"],\"any\":[1,\"b\"]}}}"))
                .isEqualTo("valid");
        assertThat(reason(validator, "{\"head\":{\"next\":{\"next\":null,\"tags\":[1]}}}"))
                .isEqualTo(FAULTS + "at /head/next/tags/0: integer found, string expected.");
        assertThat(reason(validator, "{\"head\":{\"next\":3}}")).startsWith(FAULTS + "at /head/next: integer found");
    }

    @Test
    void a_reference_is_followed_whatever_its_name_has_in_it() {
        for (String name : List.of("a/b", "a~b", "~1", "a b", "100%", "ä", "a#b?c", "a+b")) {
            Validator validator = Replies.matchSchema(schema(JsonObjectSchema.builder()
                    .addProperty(
                            "head",
                            JsonReferenceSchema.builder().reference(name).build())
                    .required("head")
                    .definitions(Map.of(name, new JsonStringSchema()))
                    .build()));

            assertThat(reason(validator, "{\"head\":\"x\"}")).as(name).isEqualTo("valid");
            assertThat(reason(validator, "{\"head\":1}"))
                    .as(name)
                    .isEqualTo(FAULTS + "at /head: integer found, string expected.");
        }
    }

    @Test
    void a_raw_schema_is_used_as_it_is() {
        Validator validator = raw("""
                {"type": "object",
                 "properties": {"n": {"type": "integer", "minimum": 1, "maximum": 5},
                                "d": {"$ref": "#/$defs/word"}, "opt": {"type": "string"}},
                 "required": ["n"], "$defs": {"word": {"type": "string", "pattern": "^[a-z]+$"}}}
                """);

        assertThat(reason(validator, "{\"n\":5,\"d\":\"abc\"}")).isEqualTo("valid");
        assertThat(reason(validator, "{\"n\":9,\"d\":\"SECRET\",\"opt\":null}"))
                .isEqualTo(FAULTS + "at /n: must have a maximum value of 5; at /d: does not match the regex pattern"
                        + " ^[a-z]+$; at /opt: null found, string expected.");
    }

    @Test
    void values_of_an_answer_are_not_quoted_in_reasons() {
        Validator validator = raw("""
                {"properties": {"e": {"enum": ["a"]}, "c": {"const": 1}, "f": {"type": "string", "format": "date"},
                 "l": {"maxLength": 3}, "u": {"uniqueItems": true}, "n": {"type": "number"}, "nn": {"not": {"type": "string"}},
                 "one": {"oneOf": [{"type": "string"}, {"minLength": 1}]}, "has": {"contains": {"type": "number"}},
                 "names": {"propertyNames": {"maxLength": 2}}}}
                """);
        String s = "\"SECRET\"";

        assertThat(reason(validator, "{\"e\":S,\"c\":S,\"f\":S,\"l\":S,\"u\":[S,S]}".replace("S", s)))
                .startsWith(FAULTS)
                .doesNotContain("SECRET");
        assertThat(reason(validator, "{\"n\":S,\"nn\":S,\"one\":S,\"has\":[S]}".replace("S", s)))
                .startsWith(FAULTS)
                .doesNotContain("SECRET");
    }

    @Test
    void two_schemas_with_one_id_are_two_schemas() {
        Validator first =
                raw("{\"$id\":\"urn:answer\",\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"type\":\"string\"}}}");
        Validator second =
                raw("{\"$id\":\"urn:answer\",\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"type\":\"integer\"}}}");

        assertThat(reason(first, "\"a\"")).isEqualTo("valid");
        assertThat(reason(first, "1")).isEqualTo(FAULTS + "at the root: integer found, string expected.");
        assertThat(reason(second, "1")).isEqualTo("valid");
        assertThat(reason(second, "\"a\"")).isEqualTo(FAULTS + "at the root: string found, integer expected.");
    }

    @Test
    void schemas_of_older_drafts_are_understood() {
        assertThat(reason(raw("{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"type\":\"string\"}"), "1"))
                .isEqualTo(FAULTS + "at the root: integer found, string expected.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"type\":", "[]", "3"})
    void a_raw_schema_that_is_none_is_refused_when_the_validator_is_made(String schema) {
        assertThatThrownBy(() -> raw(schema))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("the raw schema ");
    }

    @Test
    void a_schema_that_cannot_be_used_is_refused_when_the_validator_is_made() {
        assertThatThrownBy(() -> raw("{\"$ref\":\"#/$defs/none\"}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the schema cannot be used: Reference /$defs/none cannot be resolved");
        assertThatThrownBy(() -> raw("{\"$schema\":\"urn:unknown\",\"type\":\"string\"}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the schema cannot be used: Failed to load dialect 'urn:unknown'");
    }

    @Test
    void neither_files_nor_the_network_are_read_for_a_schema() throws Exception {
        AtomicInteger requests = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write("{}".getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/schema.json";
        try {
            for (String reference : List.of(url, "file:///etc/hostname", "classpath:schema.json", "other.json")) {
                for (String keyword : List.of("$ref", "$dynamicRef", "$recursiveRef")) {
                    assertThatThrownBy(
                                    () -> raw("{\"properties\":{\"a\":{\"" + keyword + "\":\"" + reference + "\"}}}"))
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessage("the schema refers to " + reference + ", but only references inside of a schema"
                                    + " are followed; put what it stands for under $defs and refer to \"#/$defs/...\"");
                }
            }
            assertThatThrownBy(() -> raw("{\"$schema\":\"" + url + "\",\"type\":\"string\"}"))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThat(reason(raw("{\"$id\":\"" + url + "\",\"type\":\"string\"}"), "\"a\""))
                    .isEqualTo("valid");
            assertThat(requests).hasValue(0);
        } finally {
            server.stop(0);
        }
    }

    @Test
    void the_reader_of_yaml_is_not_needed() {
        assertThatThrownBy(() -> Class.forName("com.fasterxml.jackson.dataformat.yaml.YAMLFactory"))
                .as("left out of the class path, so that every test here shows that it is not needed")
                .isInstanceOf(ClassNotFoundException.class);
    }

    @Test
    void reasons_are_in_english_whatever_the_machine_speaks() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.GERMAN);
        try {
            assertThat(reason(Replies.matchSchema(Order.class), "{\"item\":1,\"quantity\":2}"))
                    .isEqualTo(FAULTS + "at /item: integer found, string expected.");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void nothing_is_logged() {
        PrintStream before = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            reason(Replies.matchSchema(Basket.class), "{\"lines\":[1]}");
            reason(raw("{\"type\":\"object\",\"unknownKeyword\":1}"), "[]");
        } finally {
            System.setErr(before);
        }
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void one_validator_serves_many_threads() throws Exception {
        Validator tree = Replies.matchSchema(Tree.class);
        FmCall call = Checking.call(Scene.request("a question"));
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<Boolean>> results = threads.invokeAll(IntStream.range(0, 400)
                    .<Callable<Boolean>>mapToObj(i -> () -> {
                        String leaf = i % 2 == 0 ? "\"leaf" + i + "\"" : String.valueOf(i);
                        String answer = "{\"name\":\"a\",\"children\":[{\"name\":" + leaf + ",\"children\":[]}]}";
                        return Checking.check(tree, call, answer).isValid() == (i % 2 == 0);
                    })
                    .toList());
            for (Future<Boolean> result : results) {
                assertThat(result.get(10, TimeUnit.SECONDS)).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void a_check_takes_far_less_than_a_millisecond() {
        Validator basket = Replies.matchSchema(Basket.class);
        FmCall call = Checking.call(Scene.request("a question"));
        String answer = "{\"lines\":[{\"order\":{\"item\":\"tea\",\"quantity\":2},\"price\":2.5,\"note\":null}],"
                + "\"size\":\"SMALL\",\"gift\":false,\"extras\":{}}";
        long best = Long.MAX_VALUE;
        int rounds = 1_000;
        for (int batch = 0; batch < 20; batch++) {
            long begun = System.nanoTime();
            for (int i = 0; i < rounds; i++) {
                assertThat(Checking.check(basket, call, answer).isValid()).isTrue();
            }
            best = Math.min(best, (System.nanoTime() - begun) / rounds);
        }
        assertThat(best)
                .as("nanoseconds for each check, in the best of the batches")
                .isLessThan(500_000);
    }

    // The response format of the request

    private static ChatRequest asking(ResponseFormat format) {
        return Scene.request("a question").toBuilder().responseFormat(format).build();
    }

    @Test
    void the_response_format_of_the_request_can_be_the_schema() {
        Validator validator = Replies.matchResponseFormat();
        ResponseFormat numbers = ResponseFormat.builder()
                .type(ResponseFormatType.JSON)
                .jsonSchema(schema(
                        JsonArraySchema.builder().items(new JsonIntegerSchema()).build()))
                .build();

        for (int i = 0; i < 2; i++) {
            assertThat(reason(validator, asking(numbers), "[1]")).isEqualTo("valid");
            assertThat(reason(validator, asking(numbers), "[\"a\"]"))
                    .isEqualTo(FAULTS + "at /0: string found, integer expected.");
        }
        assertThat(reason(validator, asking(ResponseFormat.JSON), "{\"any\":1}"))
                .isEqualTo("valid");
        assertThat(reason(validator, asking(ResponseFormat.JSON), "prose"))
                .isEqualTo("The answer is not JSON: it does not start with a JSON value.");
        assertThat(reason(validator, asking(ResponseFormat.TEXT), "prose")).isEqualTo("valid");
        assertThat(reason(validator, Scene.request("a question"), "prose")).isEqualTo("valid");
    }

    @Test
    void schemas_that_change_with_every_request_are_not_kept_for_ever() {
        Validator validator = Replies.matchResponseFormat();
        for (int i = 0; i < 600; i++) {
            ResponseFormat format = ResponseFormat.builder()
                    .type(ResponseFormatType.JSON)
                    .jsonSchema(schema(JsonObjectSchema.builder()
                            .addStringProperty("p" + i)
                            .required("p" + i)
                            .build()))
                    .build();
            assertThat(reason(validator, asking(format), "{\"p" + i + "\":\"x\"}"))
                    .isEqualTo("valid");
            assertThat(reason(validator, asking(format), "{}"))
                    .isEqualTo(FAULTS + "at the root: required property 'p" + i + "' not found.");
        }
        assertThat(((ResponseFormatValidator) ((NamedValidator) validator).validator()).kept())
                .isLessThanOrEqualTo(256);
    }
}
