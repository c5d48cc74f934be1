package io.fmware.retry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.fmware.FmCall;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A rejected answer that is a JSON object, of which only a part is asked again. */
final class MissingPart {
    /** What is kept of it stays as it was written, to the last digit. */
    private final ObjectNode rejected;

    private MissingPart(ObjectNode rejected) {
        this.rejected = rejected;
    }

    /** The answer, or {@code null} where it is no JSON object. */
    static @Nullable MissingPart of(ChatResponse response) {
        ObjectNode object = object(Replies.text(response));
        return object == null ? null : new MissingPart(object);
    }

    static FmCall ask(FmCall next, Rejection rejection) {
        if (of(rejection.response()) == null) {
            return RepromptStrategy.complaining(next, rejection, rejection.complaint());
        }
        FmCall asking = RepromptStrategy.complaining(
                next,
                rejection,
                "Your last answer was rejected. " + rejection.reason()
                        + " Give a JSON object that has only the members that were missing or wrong, in their place and put"
                        + " right, and nothing else; give null for a member that must be left out. All others are kept.");
        ResponseFormat format = asking.effectiveRequest().responseFormat();
        return format == null || format.jsonSchema() == null
                ? asking
                : RepromptStrategy.overridden(
                        asking,
                        ChatRequestParameters.builder()
                                .responseFormat(ResponseFormat.JSON)
                                .build());
    }

    /** The answer with the part that came. */
    ChatResponse with(ChatResponse part) {
        ObjectNode patch = object(Replies.text(part));
        if (patch == null || part.aiMessage().hasToolExecutionRequests()) {
            return part;
        }
        String merged = merge(rejected.deepCopy(), patch).toString();
        return part.toBuilder()
                .aiMessage(part.aiMessage().toBuilder().text(merged).build())
                .build();
    }

    /** RFC 7396, section 2; changes the target. */
    private static ObjectNode merge(ObjectNode target, ObjectNode patch) {
        for (Map.Entry<String, JsonNode> member : patch.properties()) {
            JsonNode value = member.getValue();
            if (value.isNull()) {
                target.remove(member.getKey());
            } else if (value instanceof ObjectNode object) {
                JsonNode before = target.get(member.getKey());
                ObjectNode onto = before instanceof ObjectNode known ? known : target.objectNode();
                target.set(member.getKey(), merge(onto, object));
            } else {
                target.set(member.getKey(), value);
            }
        }
        return target;
    }

    private static @Nullable ObjectNode object(String text) {
        return JsonText.exact(unfenced(text)) instanceof ObjectNode object ? object : null;
    }

    private static String unfenced(String text) {
        String bare = text.strip();
        int line = bare.indexOf('\n');
        return bare.startsWith("```") && bare.endsWith("```") && line > 0 && line < bare.length() - 3
                ? bare.substring(line + 1, bare.length() - 3)
                : bare;
    }
}
