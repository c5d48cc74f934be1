package io.fmware.observability.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;

/**
 * JSON for people: one value on a line, and a text of several lines as the list of them, <code>{"|": ["first", "second"]}</code>, so
 * that what changed in a prompt is what changed in the file.
 */
final class ReadableJson {
    static final ObjectMapper MAPPER = JsonMapper.builder().build();

    private static final ObjectReader READER = MAPPER.reader()
            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .with(StreamReadFeature.STRICT_DUPLICATE_DETECTION);
    private static final String MARK = "\ufeff";
    private static final String LINES = "|";
    private static final ObjectWriter WRITER = MAPPER.writer(new DefaultPrettyPrinter()
            .withObjectIndenter(new DefaultIndenter("  ", "\n"))
            .withArrayIndenter(new DefaultIndenter("  ", "\n"))
            .withSeparators(Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER)));

    private ReadableJson() {}

    static String text(JsonNode json) {
        try {
            return WRITER.writeValueAsString(folded(json));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("JSON cannot be written", e); // of a tree that is in memory
        }
    }

    /**
     * Writes a file, as a whole or not at all. Directories are made where they are not there.
     *
     * @param secret whether nobody but the user of the process may read it
     */
    static void write(String text, Path file, boolean secret) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        Path written = secret
                ? Files.createTempFile(directory, ".unfinished", null)
                : file.resolveSibling("." + file.getFileName() + ".unfinished");
        try {
            Files.writeString(written, text);
            Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(written);
        }
    }

    /** A field that has to be there, and a text. */
    static String text(JsonNode json, String name) {
        JsonNode value = json.get(name);
        if (value == null || !value.isTextual()) {
            throw new IllegalArgumentException("something in it has no \"" + name + "\", or one that is no text");
        }
        return value.asText();
    }

    static List<String> lines(JsonNode json) {
        return text(json).lines().toList();
    }

    /** One value, and nothing behind it; the byte order mark that some editors put before a text is passed over. */
    static JsonNode read(String text) throws JsonProcessingException {
        return unfolded(READER.readTree(text.startsWith(MARK) ? text.substring(1) : text));
    }

    /** With texts of several lines as lists of lines. */
    private static JsonNode folded(JsonNode json) {
        if (json.isTextual() && json.textValue().indexOf('\n') >= 0) {
            ObjectNode lines = JsonNodeFactory.instance.objectNode();
            ArrayNode list = lines.putArray(LINES);
            for (String line : json.textValue().split("\n", -1)) {
                list.add(line);
            }
            return lines;
        }
        if (json instanceof ArrayNode array) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode(array.size());
            array.forEach(each -> copy.add(folded(each)));
            return copy;
        }
        if (json instanceof ObjectNode object) {
            ObjectNode copy = JsonNodeFactory.instance.objectNode();
            for (Map.Entry<String, JsonNode> each : object.properties()) {
                copy.set(escaped(each.getKey()), folded(each.getValue()));
            }
            return copy;
        }
        return json;
    }

    static JsonNode unfolded(JsonNode json) {
        if (json instanceof ArrayNode array) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode(array.size());
            array.forEach(each -> copy.add(unfolded(each)));
            return copy;
        }
        if (json instanceof ObjectNode object) {
            if (object.size() == 1 && object.get(LINES) instanceof ArrayNode lines) {
                StringBuilder text = new StringBuilder();
                for (int i = 0; i < lines.size(); i++) {
                    text.append(i == 0 ? "" : "\n").append(lines.get(i).asText());
                }
                return JsonNodeFactory.instance.textNode(text.toString());
            }
            ObjectNode copy = JsonNodeFactory.instance.objectNode();
            for (Map.Entry<String, JsonNode> each : object.properties()) {
                String name = each.getKey();
                copy.set(isBars(name) ? name.substring(1) : name, unfolded(each.getValue()));
            }
            return copy;
        }
        return json;
    }

    /** A field that has the name of the list of lines gets one bar more. */
    private static String escaped(String name) {
        return isBars(name) || name.equals(LINES) ? LINES + name : name;
    }

    private static boolean isBars(String name) {
        return name.length() > 1 && name.chars().allMatch(c -> c == '|');
    }
}
