package io.fmware.observability.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.fmware.observability.recorder.RecordedValue;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.temporal.Temporal;
import java.time.temporal.TemporalAmount;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.lang.model.SourceVersion;
import org.jspecify.annotations.Nullable;

/**
 * Java source of the values of one method. What was recorded is hostile: what comes out compiles, as far as its classes can be seen
 * from there, or there is none. Not thread-safe.
 */
final class JavaValue {
    /** A method of the test class, needed where {@link #isWithMaps}. */
    static final String MAP_OF = """

                /** A map that may have nulls, of names and values in turn. */
                @SuppressWarnings("unchecked")
                private static <V> java.util.Map<String, V> mapOf(Object... namesAndValues) {
                    var map = new java.util.LinkedHashMap<String, V>();
                    for (int i = 0; i < namesAndValues.length; i += 2) {
                        map.put((String) namesAndValues[i], (V) namesAndValues[i + 1]);
                    }
                    return map;
                }
            """;

    /** Of all values: a method has 65,535 bytes of code at most, and a compiler takes its time for nested generic calls. */
    private static final int MOST_PARTS = 400;

    private int parts;
    private boolean withMaps;

    /** Whether an expression calls {@link #MAP_OF}. */
    boolean isWithMaps() {
        return withMaps;
    }

    /** A value as an expression, {@code null} where there is none for it, or it is too much. */
    @Nullable
    String expression(JsonNode value) {
        int before = parts;
        boolean maps = withMaps;
        String expression = part(value);
        if (expression == null) {
            parts = before;
            withMaps = maps;
        }
        return expression;
    }

    private @Nullable String part(JsonNode value) {
        if (++parts > MOST_PARTS) {
            return null;
        }
        if (value.isArray()) {
            return list(value);
        }
        if (!value.isObject()) {
            return scalar(value);
        }
        if (value.isEmpty()) {
            return null;
        }
        Map.Entry<String, JsonNode> tagged = value.properties().iterator().next();
        JsonNode of = tagged.getValue();
        return switch (tagged.getKey()) {
            case "set" -> set(of);
            case "map" -> map(of);
            case "enum" -> constant(of.asText(), value.path("of").asText());
            case "record" -> made(of.asText(), value.path("of"));
            case "bytes", "char", "long", "short", "byte", "float", "double", "decimal", "integer" -> scalar(value);
            case "uuid", "uri", "instant", "date", "time", "dateTime", "zoned", "offset", "duration", "period" ->
                scalar(value);
            default -> null;
        };
    }

    /** What {@link RecordedValue} makes of it, as a literal; what it makes nothing of, such as a mark of a redactor, has none. */
    private static @Nullable String scalar(JsonNode json) {
        Object value;
        try {
            value = RecordedValue.restored(json);
        } catch (IllegalArgumentException e) {
            return null; // told in a comment
        }
        if (value == null || value instanceof Boolean || value instanceof Integer) {
            return String.valueOf(value);
        }
        if (value instanceof String text) {
            return JavaText.literal(text);
        }
        if (value instanceof Character c) {
            return JavaText.character(c);
        }
        if (value instanceof byte[] bytes) {
            return called(
                    "java.util.Base64.getDecoder().decode", Base64.getEncoder().encodeToString(bytes));
        }
        if (value instanceof Number number) {
            return number(number);
        }
        String type = value.getClass().getName();
        if (value instanceof Temporal || value instanceof TemporalAmount) {
            return called(type + ".parse", value.toString());
        }
        if (value instanceof UUID) {
            return called(type + ".fromString", value.toString());
        }
        return value instanceof URI ? called(type + ".create", value.toString()) : null;
    }

    private static @Nullable String number(Number number) {
        if (number instanceof BigDecimal || number instanceof BigInteger) {
            return called("new " + number.getClass().getName(), number.toString());
        }
        if (number instanceof Long) {
            return number + "L";
        }
        if (number instanceof Short || number instanceof Byte) {
            return "(" + (number instanceof Short ? "short" : "byte") + ") " + number;
        }
        boolean small = number instanceof Float;
        if (!small && !(number instanceof Double)) {
            return null;
        }
        return Double.isFinite(number.doubleValue())
                ? number + (small ? "f" : "d")
                : (small ? "Float" : "Double") + ".valueOf(\"" + number + "\")";
    }

    private static String called(String what, String text) {
        return what + "(" + JavaText.literal(text) + ")";
    }

    private @Nullable String list(JsonNode values) {
        List<String> made = all(values);
        return made == null ? null : list(made);
    }

    private static String list(List<String> made) {
        String values = "(" + String.join(", ", made) + ")";
        if (!made.contains("null")) {
            return "java.util.List.of" + values;
        }
        return "java.util." + (made.size() == 1 ? "Collections.singletonList" : "Arrays.asList") + values;
    }

    private @Nullable String set(JsonNode values) {
        List<String> made = all(values);
        if (made == null) {
            return null;
        }
        return made.contains("null") || new HashSet<>(made).size() < made.size() // by a redactor
                ? "new java.util.LinkedHashSet<>(" + list(made) + ")"
                : "java.util.Set.of(" + String.join(", ", made) + ")";
    }

    private @Nullable String map(JsonNode map) {
        List<String> values = all(map);
        if (values == null) {
            return null;
        }
        List<String> made = new ArrayList<>();
        for (Map.Entry<String, JsonNode> each : map.properties()) {
            made.add(JavaText.literal(each.getKey()) + ", " + values.get(made.size()));
        }
        withMaps = true;
        return "mapOf(" + String.join(", ", made) + ")";
    }

    private @Nullable List<String> all(JsonNode values) {
        List<String> made = new ArrayList<>();
        for (JsonNode each : values) {
            String one = part(each);
            if (one == null) {
                return null;
            }
            made.add(one);
        }
        return made;
    }

    private static @Nullable String constant(String type, String name) {
        return isType(type) && SourceVersion.isName(name) && SourceVersion.isIdentifier(name)
                ? source(type) + "." + name
                : null;
    }

    private @Nullable String made(String type, JsonNode components) {
        List<String> made = isType(type) ? all(components) : null;
        return made == null ? null : "new " + source(type) + "(" + String.join(", ", made) + ")";
    }

    /** Whether source can name a class: one that has a package, and is not in a method. */
    private static boolean isType(String name) {
        return name.indexOf('.') > 0 && SourceVersion.isName(source(name));
    }

    private static String source(String name) {
        return name.replace('$', '.');
    }
}
