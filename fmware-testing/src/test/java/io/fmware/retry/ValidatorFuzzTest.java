package io.fmware.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import io.fmware.FmCall;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever a model says, the validators judge it and do not throw. */
class ValidatorFuzzTest {

    record Line(String item, int quantity, double price) {}

    record Order(String id, List<Line> lines, Map<String, Object> extras, Order before) {}

    private static final FmCall CALL = Checking.call(Scene.request("source: S1 [S1]"));
    private static final JsonSchema ALTERNATIVES = JsonSchema.builder()
            .name("Any")
            .rootElement(JsonRawSchema.from("""
                            {"anyOf": [{"type": "object", "properties": {"id": {"$ref": "#/$defs/id"}}, "required": ["id"]},
                                       {"oneOf": [{"type": "array", "items": {"type": "integer"}, "uniqueItems": true},
                                                  {"type": "number", "multipleOf": 0.5}]}],
                             "$defs": {"id": {"type": "string", "minLength": 2, "pattern": "^[a-z]+$", "format": "date"}}}
                            """))
            .build();
    private static final List<Validator> VALIDATORS = List.of(
            Replies.areJson(),
            Replies.matchSchema(Order.class),
            Replies.matchSchema(ALTERNATIVES),
            Replies.matchResponseFormat(),
            Replies.match(Pattern.compile("\\d+"), "a number"),
            Replies.beOneOf(List.of("yes", "no")),
            Replies.haveLength(1, 5),
            Replies.citeSourcesOfTheRequest(Pattern.compile("\\[(S\\d+)]")),
            Replies.citeSourcesOfTheRequest("/id", Pattern.compile("source: (\\S+)")),
            Replies.citeOnlySourcesOfTheRequest("/lines/0/item", Pattern.compile("source: (\\S+)")));
    private static final String VALID = "{\"id\":\"S1\",\"lines\":[{\"item\":\"tea\",\"quantity\":2,\"price\":2.5e0}],"
            + "\"extras\":{\"a\":[null,true]},\"before\":{\"id\":\"x\",\"lines\":[],\"extras\":{}}}";

    private static void judge(String answer) {
        for (Validator validator : VALIDATORS) {
            assertThatCode(() -> {
                        Verdict verdict = Checking.check(validator, CALL, answer);
                        assertThat(verdict).isNotNull();
                        if (!verdict.isValid()) {
                            assertThat(verdict.reason()).isNotBlank();
                        }
                    })
                    .as("%s", answer)
                    .doesNotThrowAnyException();
        }
    }

    @Property(tries = 2000)
    void any_text_is_judged(@ForAll("texts") String answer) {
        judge(answer);
    }

    @Property(tries = 3000)
    void a_mutated_answer_is_judged(
            @ForAll("places") int place, @ForAll("cuts") int cut, @ForAll("insertions") String inserted) {
        int at = Math.floorMod(place, VALID.length());
        int to = Math.min(VALID.length(), at + cut);
        judge(VALID.substring(0, at) + inserted + VALID.substring(to));
    }

    @Property(tries = 1000)
    void any_json_is_judged_and_is_json(@ForAll("json") String answer) {
        judge(answer);
        assertThat(Checking.check(Replies.areJson(), CALL, answer).isValid()).isEqualTo(!answer.contains("1e400"));
    }

    @Property(tries = 1000)
    void what_a_strict_reader_cannot_read_is_not_json(@ForAll("texts") String answer) {
        if (Checking.check(Replies.areJson(), CALL, answer).isValid()) {
            assertThatCode(() -> JsonMapper.builder().build().readTree(answer)).doesNotThrowAnyException();
        }
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMinLength(1).ofMaxLength(60),
                Arbitraries.strings()
                        .withChars("{}[]\":,\\ntrue0123456789.eE+-/*'`\u0000\uFEFF\uD800\uDC00 ")
                        .ofMinLength(1)
                        .ofMaxLength(40));
    }

    @Provide
    Arbitrary<Integer> places() {
        return Arbitraries.integers().between(0, VALID.length() - 1);
    }

    @Provide
    Arbitrary<Integer> cuts() {
        return Arbitraries.integers().between(0, 12);
    }

    @Provide
    Arbitrary<String> insertions() {
        return Arbitraries.oneOf(
                Arbitraries.of(
                        "",
                        "\"",
                        "{",
                        "}",
                        "[",
                        "]",
                        ",",
                        ":",
                        "null",
                        "NaN",
                        "1e999999999",
                        "-0",
                        "\\u12",
                        "\\",
                        "```",
                        "\"$ref\":\"http://127.0.0.1:1/\",",
                        "9999999999999999999999999",
                        "1E-999999999",
                        "\uD800",
                        "[S9]"),
                Arbitraries.strings().ofMaxLength(6));
    }

    @Provide
    Arbitrary<String> json() {
        return values(3);
    }

    private static Arbitrary<String> values(int depth) {
        Arbitrary<String> texts = Arbitraries.strings().alpha().ofMaxLength(6).map(s -> '"' + s + '"');
        Arbitrary<String> scalars = Arbitraries.oneOf(
                texts,
                Arbitraries.bigDecimals().map(Object::toString),
                Arbitraries.longs().map(Object::toString),
                Arbitraries.of("true", "false", "null", "1e400", "-1e-400", "0.5"));
        if (depth == 0) {
            return scalars;
        }
        Arbitrary<String> inner = values(depth - 1);
        Arbitrary<String> keys =
                Arbitraries.of("id", "lines", "item", "quantity", "price", "extras", "before", "other");
        Arbitrary<String> fields = Combinators.combine(keys, inner).as((key, value) -> '"' + key + "\":" + value);
        return Arbitraries.oneOf(
                scalars,
                inner.list().ofMaxSize(4).map(l -> '[' + String.join(",", l) + ']'),
                fields.list()
                        .ofMaxSize(4)
                        .uniqueElements(f -> f.substring(0, f.indexOf(':')))
                        .map(l -> '{' + String.join(",", l) + '}'));
    }
}
