package io.fmware.retry;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.fmware.FmCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/** Checks the sources that an answer in JSON names in one of its fields. */
final class JsonCitations implements Validator {
    private final JsonPointer field;
    private final Pattern inRequest;
    private final boolean mayBeNone;

    JsonCitations(String jsonPointer, Pattern inRequest, boolean mayBeNone) {
        this.field = pointer(jsonPointer);
        this.inRequest = Objects.requireNonNull(inRequest, "inRequest");
        this.mayBeNone = mayBeNone;
    }

    static JsonPointer pointer(String text) {
        try {
            return JsonPointer.compile(Objects.requireNonNull(text, "jsonPointer"));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a JSON pointer; write it as in \"/sources\" or \"/answer/sources\"", e);
        }
    }

    @Override
    public Verdict validate(FmCall call, ChatResponse response) {
        JsonText json = JsonText.parse(Replies.text(response));
        JsonNode answer = json.value();
        if (answer == null) {
            return json.verdict();
        }
        JsonNode sources = answer.at(field);
        List<String> cited = new ArrayList<>();
        if (sources.isArray()) {
            for (JsonNode source : sources) {
                if (!isIdentifier(source)) {
                    return malformed();
                }
                cited.add(source.asText());
            }
        } else if (isIdentifier(sources)) {
            cited.add(sources.asText());
        } else if (!sources.isMissingNode() && !sources.isNull()) {
            return malformed();
        }
        return cited.isEmpty() && !mayBeNone
                ? Verdict.invalid("The answer must cite its source in " + place() + ".")
                : Citations.check(cited, inRequest, call.request());
    }

    private static boolean isIdentifier(JsonNode node) {
        return node.isTextual() || node.isIntegralNumber();
    }

    private Verdict malformed() {
        return Verdict.invalid("The sources in " + place() + " must be given as an array of their identifiers.");
    }

    private String place() {
        return field.matches() ? "the JSON array" : field.toString();
    }
}
