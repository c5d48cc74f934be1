package io.fmware.observability.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.lang.model.SourceVersion;
import org.jspecify.annotations.Nullable;

/** Java source of values and names that were recorded. What was recorded is hostile: nothing in it may end a literal or a comment. */
final class JavaText {
    /** A constant in a class file has 65,535 bytes at most. */
    private static final int LONGEST = 16_000;

    private static final Map<String, String> PARSED = Map.of(
            "uuid", "java.util.UUID.fromString(%s)",
            "instant", "java.time.Instant.parse(%s)",
            "date", "java.time.LocalDate.parse(%s)",
            "time", "java.time.LocalTime.parse(%s)",
            "dateTime", "java.time.LocalDateTime.parse(%s)",
            "zoned", "java.time.ZonedDateTime.parse(%s)",
            "offset", "java.time.OffsetDateTime.parse(%s)",
            "duration", "java.time.Duration.parse(%s)",
            "period", "java.time.Period.parse(%s)",
            "uri", "java.net.URI.create(%s)");

    private static final Set<String> NUMBERS = Set.of("long", "short", "byte", "float", "double");

    private JavaText() {}

    /** A value as an expression, {@code null} where there is none for it. */
    static @Nullable String expression(JsonNode value) {
        if (value.isTextual()) {
            return literal(value.textValue());
        }
        if (value.isNull() || value.isBoolean() || value.isInt()) {
            return value.toString();
        }
        if (value.isNumber()) {
            return value.isIntegralNumber() ? value + "L" : value + "d";
        }
        if (value.isArray()) {
            return call("java.util.List.of", value);
        }
        if (!value.isObject() || value.isEmpty()) {
            return null;
        }
        Map.Entry<String, JsonNode> tagged = value.properties().iterator().next();
        return tagged(tagged.getKey(), tagged.getValue(), value);
    }

    private static @Nullable String tagged(String tag, JsonNode of, JsonNode whole) {
        String parsed = PARSED.get(tag);
        if (parsed != null) {
            return parsed.replace("%s", literal(of.asText()));
        }
        if (NUMBERS.contains(tag)) {
            return isNumber(of.asText()) ? "(" + tag + ") " + of.asText() + (tag.equals("long") ? "L" : "") : null;
        }
        return switch (tag) {
            case "set" -> call("java.util.Set.of", of);
            case "map" -> map(of);
            case "enum" ->
                named(
                        of.asText(),
                        "." + whole.path("of").asText(),
                        whole.path("of").asText());
            case "record" -> call("new " + type(of.asText()), whole.path("of"));
            default -> null;
        };
    }

    private static boolean isNumber(String text) {
        return text.matches("-?\\d+(\\.\\d+)?([eE]-?\\d+)?");
    }

    private static @Nullable String named(String type, String behind, String name) {
        return isType(type) && SourceVersion.isIdentifier(name) ? type(type) + behind : null;
    }

    private static boolean isType(String name) {
        return SourceVersion.isName(type(name));
    }

    private static String type(String name) {
        return name.replace('$', '.');
    }

    private static @Nullable String call(String what, JsonNode arguments) {
        String name = what.substring(what.indexOf(' ') + 1);
        List<String> made = new ArrayList<>();
        for (JsonNode each : arguments) {
            String argument = expression(each);
            if (argument == null) {
                return null;
            }
            made.add(argument);
        }
        return SourceVersion.isName(name) ? what + "(" + String.join(", ", made) + ")" : null;
    }

    private static @Nullable String map(JsonNode map) {
        List<String> made = new ArrayList<>();
        for (Map.Entry<String, JsonNode> each : map.properties()) {
            String value = expression(each.getValue());
            if (value == null) {
                return null;
            }
            made.add("java.util.Map.entry(" + literal(each.getKey()) + ", " + value + ")");
        }
        return "java.util.Map.ofEntries(" + String.join(", ", made) + ")";
    }

    /** A text as an expression, with a line of source for each of its lines. */
    static String literal(String text) {
        if (text.length() <= LONGEST) {
            return lines(text);
        }
        List<String> parts = new ArrayList<>();
        for (int at = 0; at < text.length(); at += LONGEST) {
            parts.add(lines(text.substring(at, Math.min(text.length(), at + LONGEST))));
        }
        return "String.join(\"\", " + String.join(", ", parts) + ")";
    }

    private static String lines(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> out.append(i + 1 < text.length() ? "\\n\"\n                + \"" : "\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '"', '\\' -> out.append('\\').append(c);
                default -> {
                    if ((c >= ' ' && c < 0x7f) || Character.isLetterOrDigit(c)) {
                        out.append(c);
                    } else {
                        out.append(String.format("\\u%04x", (int) c));
                    }
                }
            }
        }
        return out.append('"').toString();
    }

    /** A text in a comment, in one line: it cannot end the comment, nor be read as an escape. */
    static String comment(String text, int most) {
        return Shown.cut(text, most).replace("\\", "\\\\").replace("*/", "* /");
    }

    /** A name of Java's, made of any text. */
    static String identifier(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(c < 0x7f && Character.isLetterOrDigit(c) ? c : '_');
        }
        if (out.isEmpty() || !Character.isJavaIdentifierStart(out.charAt(0))) {
            out.insert(0, '_');
        }
        return SourceVersion.isKeyword(out) || out.toString().equals("_")
                ? out.append('_').toString()
                : out.toString();
    }
}
