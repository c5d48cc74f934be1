package io.fmware.observability.recorder;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialToolCall;
import io.fmware.StreamEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes the pieces of a streamed answer again that were recorded ({@link FlightRecorder.Builder#pieces}). Where nothing of a text was
 * redacted, it is cut as the model has cut it; else a piece has what could be told when it came, and one of which nothing could be told
 * is left out. So are pieces of a provider's own. Thread-safe.
 */
public final class RecordedStream {

    private RecordedStream() {}

    /**
     * Makes pieces again.
     *
     * @param recorded all events of type {@code chunk} of one attempt, in the order in which they were recorded, as in
     *     {@link RecordedEvent#whole}
     * @return the pieces
     * @throws IllegalArgumentException if the content of one was not recorded
     */
    public static List<StreamEvent> of(List<? extends JsonNode> recorded) {
        Map<String, Text> texts = new HashMap<>();
        for (JsonNode each : recorded) {
            texts.computeIfAbsent(channel(each), key -> new Text()).add(each);
        }
        List<StreamEvent> pieces = new ArrayList<>();
        for (JsonNode each : recorded) {
            String text = texts.getOrDefault(channel(each), new Text()).next(each);
            StreamEvent piece = piece(each, text);
            if (piece != null) {
                pieces.add(piece);
            }
        }
        return pieces;
    }

    private static String channel(JsonNode chunk) {
        return chunk.path("of").asText() + chunk.path("index").asText();
    }

    private static @Nullable StreamEvent piece(JsonNode chunk, String text) {
        String of = chunk.path("of").asText();
        if (of.equals(Pieces.CALL)) {
            return call(chunk);
        }
        if (text.isEmpty()) {
            return null;
        }
        return switch (of) {
            case Pieces.TEXT -> new StreamEvent.Text(text);
            case Pieces.THINKING -> new StreamEvent.Thinking(new PartialThinking(text));
            case Pieces.ARGUMENTS ->
                chunk.has("tool")
                        ? new StreamEvent.ToolCallPart(PartialToolCall.builder()
                                .index(chunk.path("index").asInt())
                                .id(maybe(chunk, "id"))
                                .name(chunk.path("tool").asText())
                                .partialArguments(text)
                                .build())
                        : null; // what was held back to the end
            default -> null;
        };
    }

    private static StreamEvent call(JsonNode chunk) {
        String arguments = chunk.has("text") ? told(chunk) : null;
        return new StreamEvent.ToolCall(new CompleteToolCall(
                chunk.path("index").asInt(),
                ToolExecutionRequest.builder()
                        .id(maybe(chunk, "id"))
                        .name(maybe(chunk, "tool"))
                        .arguments(arguments)
                        .build()));
    }

    private static @Nullable String maybe(JsonNode chunk, String field) {
        return chunk.hasNonNull(field) ? chunk.path(field).asText() : null;
    }

    private static String told(JsonNode chunk) {
        JsonNode text = chunk.path("text");
        if (References.isOne(text)) {
            throw new IllegalArgumentException("the content " + text.path("#").asText() + " was not recorded");
        }
        return text.asText();
    }

    /** What all pieces of a kind say. */
    private static final class Text {
        private final StringBuilder told = new StringBuilder();
        private long chars;
        private int next;

        void add(JsonNode chunk) {
            told.append(told(chunk));
            chars += chunk.path("chars").asLong();
        }

        String next(JsonNode chunk) {
            if (told.length() != chars) {
                return told(chunk); // something was redacted
            }
            int from = next;
            next = Math.min(
                    told.length(), from + Math.max(0, chunk.path("chars").asInt()));
            return told.substring(from, next);
        }
    }
}
