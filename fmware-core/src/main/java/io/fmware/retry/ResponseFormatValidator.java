package io.fmware.retry;

import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.fmware.FmCall;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Checks an answer against the response format of its request; schemas are kept once read. */
final class ResponseFormatValidator implements Validator {
    private static final int MOST_KEPT = 256;

    private final Map<JsonSchema, SchemaValidator> known = new ConcurrentHashMap<>();

    @Override
    public Verdict validate(FmCall call, ChatResponse response) {
        ResponseFormat format = call.effectiveRequest().responseFormat();
        if (format == null || format.type() != ResponseFormatType.JSON) {
            return Verdict.valid();
        }
        JsonSchema schema = format.jsonSchema();
        return schema == null
                ? JsonText.parse(Replies.text(response)).verdict()
                : validator(schema).validate(call, response);
    }

    private SchemaValidator validator(JsonSchema schema) {
        if (known.size() >= MOST_KEPT && !known.containsKey(schema)) {
            known.clear(); // schemas that are made anew for every call
        }
        return known.computeIfAbsent(schema, SchemaValidator::of);
    }

    /** How many schemas are kept, for tests. */
    int kept() {
        return known.size();
    }
}
