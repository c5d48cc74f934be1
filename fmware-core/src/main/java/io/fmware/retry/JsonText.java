package io.fmware.retry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An answer read as JSON: the value, or what is wrong with it, said without quoting more of the answer than a key.
 *
 * @param value the value, or {@code null} where the answer is not JSON
 * @param verdict whether it is
 */
record JsonText(@Nullable JsonNode value, Verdict verdict) {
    /** Checks of a schema that refers to itself take some ten calls for each level. */
    private static final int DEEPEST = 256;

    static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEEPEST)
                            .build())
                    .build())
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final JsonMapper EXACT = MAPPER.rebuild()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();
    private static final Pattern DUPLICATE = Pattern.compile("Duplicate .*?['\"](.*)['\"]", Pattern.DOTALL);
    private static final int LONGEST_KEY = 100;

    static JsonText parse(String text) {
        if (text.isBlank()) {
            return new JsonText(null, Verdict.invalid("The answer is empty, but must be JSON."));
        }
        if (text.stripLeading().startsWith("```")) {
            return new JsonText(null, Verdict.invalid("The answer is in a code fence; give the bare JSON."));
        }
        try (JsonParser parser = MAPPER.createParser(text)) {
            if (!startsWithValue(parser)) {
                return broken("it does not start with a JSON value", null);
            }
            JsonNode value = MAPPER.readTree(parser);
            if (!endsAfterValue(parser)) {
                return broken("there is something after the JSON value", null);
            }
            return isFinite(value)
                    ? new JsonText(value, Verdict.valid())
                    : new JsonText(null, Verdict.invalid("The answer has a number that is too large to be read."));
        } catch (JsonProcessingException e) {
            return broken(fault(e), e);
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory could not be read", e);
        }
    }

    /**
     * The value with its numbers as they are written, to the last digit, where those of {@link #value()} are as near as a double
     * comes; or {@code null} where it is not JSON, or a number cannot be held.
     */
    static @Nullable JsonNode exact(String text) {
        if (parse(text).value() == null) {
            return null;
        }
        try {
            return EXACT.readTree(text);
        } catch (JsonProcessingException | NumberFormatException e) { // 1e-99999999999, which is 0 to a double
            return null;
        }
    }

    static String quoted(String text) {
        return JsonNodeFactory.instance.textNode(text).toString();
    }

    private static boolean startsWithValue(JsonParser parser) throws IOException {
        try {
            return parser.nextToken() != null;
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private static boolean endsAfterValue(JsonParser parser) throws IOException {
        try {
            return parser.nextToken() == null;
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    /** Numbers such as 1e400 are read as infinite, which neither a schema nor a program can do anything with. */
    private static boolean isFinite(JsonNode value) {
        if (value.isNumber()) {
            return Double.isFinite(value.doubleValue());
        }
        for (JsonNode child : value) {
            if (!isFinite(child)) {
                return false;
            }
        }
        return true;
    }

    private static String fault(JsonProcessingException e) {
        if (e instanceof JsonEOFException) {
            return "it ends before it is complete";
        }
        String said = e.getOriginalMessage();
        if (e instanceof StreamConstraintsException) {
            return said.contains("depth")
                    ? "it is nested too deeply"
                    : "it has a key, string or number that is too long";
        }
        Matcher duplicate = DUPLICATE.matcher(said);
        if (duplicate.find()) {
            String key = duplicate.group(1);
            return "it has the key " + (key.length() <= LONGEST_KEY ? key : key.substring(0, LONGEST_KEY) + "...")
                    + " twice in one object";
        }
        return said.startsWith("Unexpected character") || said.startsWith("Illegal unquoted character")
                ? said.substring(0, 1).toLowerCase(Locale.ROOT) + said.substring(1)
                : "it is malformed";
    }

    private static JsonText broken(String fault, @Nullable JsonProcessingException e) {
        String place = e == null || e.getLocation() == null
                ? ""
                : " at line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr();
        return new JsonText(null, Verdict.invalid("The answer is not JSON: " + fault + place + "."));
    }
}
