package io.fmware.retry;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.jspecify.annotations.Nullable;

/**
 * An answer read as JSON: the value, or what is wrong with it.
 *
 * @param value the value, or {@code null} where the answer is not JSON
 * @param verdict whether it is
 */
record JsonText(@Nullable JsonNode value, Verdict verdict) {
    static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();

    static JsonText parse(String text) {
        String trimmed = text.strip();
        if (trimmed.isEmpty()) {
            return invalid("The answer is empty, but must be JSON.");
        }
        if (trimmed.startsWith("```")) {
            return invalid("The answer is in a code fence; give the bare JSON.");
        }
        try {
            JsonNode value = MAPPER.readTree(trimmed);
            return value == null || value.isMissingNode()
                    ? invalid("The answer is empty, but must be JSON.")
                    : new JsonText(value, Verdict.valid());
        } catch (JsonProcessingException | StackOverflowError e) {
            return invalid("The answer is not JSON: " + why(e) + ".");
        }
    }

    private static String why(Throwable e) {
        if (!(e instanceof JsonProcessingException json)) {
            return "it is nested too deeply";
        }
        String message = json.getOriginalMessage();
        int end = message.indexOf('\n');
        String first = end < 0 ? message : message.substring(0, end);
        return json.getLocation() == null
                ? first
                : first + " at line " + json.getLocation().getLineNr() + ", column "
                        + json.getLocation().getColumnNr();
    }

    private static JsonText invalid(String reason) {
        return new JsonText(null, Verdict.invalid(reason));
    }
}
