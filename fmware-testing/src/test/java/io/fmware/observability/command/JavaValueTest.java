package io.fmware.observability.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fmware.observability.recorder.RecordedValue;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written of recorded values is compiled, and gives these values. */
public class JavaValueTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HERE = JavaValueTest.class.getName();

    @TempDir
    Path directory;

    public enum Kind {
        CAR
    }

    public record Part(String name, BigDecimal price, List<String> names, Map<String, Integer> counts) {}

    private static JsonNode json(String text) throws IOException {
        return JSON.readTree(text.replace("HERE", HERE));
    }

    private static String source(JsonNode value) {
        JavaValue java = new JavaValue();
        String expression = java.expression(value);
        return expression == null ? null : expression(java, expression);
    }

    private static String expression(JavaValue java, String expression) {
        return "public class Made {\n    public static Object value() {\n        var made = "
                + (expression.equals("null") ? "(Object) null" : expression) + ";\n        return made;\n    }\n"
                + (java.isWithMaps() ? JavaValue.MAP_OF : "") + "}\n";
    }

    private Object made(String source) throws Exception {
        Path file = Files.writeString(directory.resolve("Made.java"), source);
        try (URLClassLoader loader = Compiled.of(file, directory)) {
            return loader.loadClass("Made").getMethod("value").invoke(null);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[null]",
                "[null,null]",
                "[\"a\",null,1]",
                "{\"set\":[null]}",
                "{\"set\":[\"[email]\",\"[email]\"]}",
                "{\"set\":[\"a\",{\"long\":\"1\"}]}",
                "{\"map\":{\"a\":null}}",
                "{\"map\":{\"a\":null,\"b\":{\"map\":{\"c\":[null]}},\"d\":2}}",
                "{\"map\":{}}",
                "[]",
                "[[1,2.5,\"x\"],{\"map\":{\"a\":{\"decimal\":\"1.10\"},\"b\":[{\"date\":\"2026-01-02\"}]}},{\"enum\":\"HERE$Kind\",\"of\":\"CAR\"}]",
                "{\"decimal\":\"12345678901234567890.10\"}",
                "{\"decimal\":\"1E+400\"}",
                "{\"integer\":\"-123456789012345678901234567890\"}",
                "{\"long\":\"-9223372036854775808\"}",
                "-2147483648",
                "{\"short\":\"-5\"}",
                "{\"byte\":\"127\"}",
                "{\"float\":\"1.5E-10\"}",
                "{\"float\":\"NaN\"}",
                "{\"double\":\"-Infinity\"}",
                "1.0E300",
                "true",
                "{\"char\":\"'\"}",
                "{\"char\":\"\\\"\"}",
                "{\"char\":\"\\\\\"}",
                "{\"char\":\"\\n\"}",
                "{\"char\":\"\\u20ac\"}",
                "{\"char\":\"\\u0000\"}",
                "{\"uuid\":\"12345678-1234-1234-1234-123456789abc\"}",
                "{\"uri\":\"https://acme.com/?a=b\"}",
                "{\"instant\":\"2026-11-22T12:00:00.123456789Z\"}",
                "{\"date\":\"-0044-03-15\"}",
                "{\"time\":\"12:00\"}",
                "{\"dateTime\":\"2026-11-22T12:00\"}",
                "{\"zoned\":\"2026-11-22T12:00+01:00[Europe/Berlin]\"}",
                "{\"offset\":\"2026-11-22T12:00+01:00\"}",
                "{\"duration\":\"PT-1.5S\"}",
                "{\"period\":\"P1Y2M3D\"}",
                "{\"enum\":\"HERE$Kind\",\"of\":\"CAR\"}",
                "{\"record\":\"HERE$Part\",\"of\":{\"name\":null,\"price\":{\"decimal\":\"2.50\"},\"names\":[null],\"counts\":{\"map\":{\"a\":null}}}}",
            })
    void a_value_is_made_again_by_what_is_written(String json) throws Exception {
        String source = source(json(json));

        assertThat(source).isNotNull();
        assertThat(made(source)).isEqualTo(RecordedValue.restored(json(json)));
    }

    @Test
    void bytes_are_made_again() throws Exception {
        assertThat(made(source(json("{\"bytes\":\"AQI=\"}")))).isEqualTo(new byte[] {1, 2});
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"type\":\"x.y.Z\",\"text\":\"odd\"}",
                "[{\"type\":\"x.y.Z\",\"text\":\"odd\"}]",
                "{}",
                "{\"short\":\"99999\"}",
                "{\"long\":\"1.5\"}",
                "{\"long\":\"[phone:1f2e]\"}",
                "{\"decimal\":\"[account]\"}",
                "{\"date\":\"yesterday\"}",
                "{\"char\":\"ab\"}",
                "{\"bytes\":\"?\"}",
                "{\"enum\":\"x.y.Kind\",\"of\":\"class\"}",
                "{\"enum\":\"x.y.Kind\",\"of\":\"A; hostile()\"}",
                "{\"enum\":\"Kind\",\"of\":\"CAR\"}",
                "{\"record\":\"x.y.Z$1Local\",\"of\":{}}",
                "{\"record\":\"x.y.Z(){}; hostile\",\"of\":{}}",
                "{\"message\":{\"text\":\"a\"}}",
            })
    void what_has_no_java_has_none(String json) throws Exception {
        assertThat(source(json(json))).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "\u20ac", "\n", "\\", "\ud83d\ude00", "a\nb"})
    void a_text_that_is_longer_than_a_constant_may_be_is_written_in_parts(String unit) throws Exception {
        String text = unit.repeat(70_000);

        assertThat(made(source(JSON.valueToTree(text)))).isEqualTo(text);
    }

    @Test
    void a_value_of_more_parts_than_a_method_takes_is_left_out_and_the_largest_one_that_is_not_compiles()
            throws Exception {
        Map<String, Object> many = IntStream.range(0, 390)
                .boxed()
                .collect(Collectors.toMap(each -> "name" + each, each -> 100_000 + each));

        assertThat(source(JSON.valueToTree(List.of(Map.of("map", many))))).isNotNull();
        assertThat(made(source(JSON.valueToTree(Map.of("map", many))))).isEqualTo(many);
        Object nested = IntStream.range(0, 190).mapToObj(each -> List.of(each)).toList();
        assertThat(made(source(JSON.valueToTree(nested)))).isEqualTo(nested);
        JavaValue java = new JavaValue();
        assertThat(java.expression(JSON.valueToTree(Map.of("map", many)))).isNotNull();
        assertThat(java.expression(JSON.valueToTree(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10))))
                .isNull();
        assertThat(java.expression(JSON.valueToTree(Set.of(1)))).isNotNull();
    }
}
