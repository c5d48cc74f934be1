package io.fmware.observability.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
 * Makes the pieces of a stream again. A redactor holds text back while it may be the beginning of a secret, so that it stands with a
 * later piece; how long each piece was is known: where nothing was removed, the whole text is cut again as it was.
 */
final class StreamPieces {
    private final Map<String, Channel> channels = new HashMap<>();

    private StreamPieces() {}

    /** The text, the thinking or the arguments of one tool call, which come in pieces. */
    private static final class Channel {
        private final StringBuilder text = new StringBuilder();
        private int chars;
        private int at;

        boolean isWhole() {
            return text.length() == chars;
        }

        String cut(int length) {
            int from = at;
            at = Math.min(text.length(), at + length);
            return text.substring(from, at);
        }
    }

    /** The pieces, in the order in which the model sent them. */
    static List<StreamEvent> of(List<ObjectNode> recorded) {
        StreamPieces pieces = new StreamPieces();
        for (ObjectNode each : recorded) {
            Channel channel = pieces.channel(each);
            channel.text.append(text(each));
            channel.chars += each.path("chars").asInt();
        }
        List<StreamEvent> events = new ArrayList<>();
        for (ObjectNode each : recorded) {
            StreamEvent event = pieces.event(each);
            if (event != null) {
                events.add(event);
            }
        }
        return events;
    }

    private static String text(ObjectNode piece) {
        JsonNode text = piece.path("text");
        return text.isTextual() ? text.textValue() : "";
    }

    private Channel channel(ObjectNode piece) {
        String name = piece.path("of").asText() + " " + piece.path("index").asText();
        return channels.computeIfAbsent(name, key -> new Channel());
    }

    private @Nullable StreamEvent event(ObjectNode piece) {
        String of = piece.path("of").asText();
        int index = piece.path("index").asInt();
        if (of.equals("tool call")) {
            return new StreamEvent.ToolCall(new CompleteToolCall(
                    index,
                    ToolExecutionRequest.builder()
                            .id(given(piece, "id"))
                            .name(given(piece, "tool"))
                            .arguments(given(piece, "text"))
                            .build()));
        }
        Channel channel = channel(piece);
        String text = channel.isWhole() ? channel.cut(piece.path("chars").asInt()) : text(piece);
        if (text.isEmpty()) {
            return null;
        }
        return switch (of) {
            case "text" -> new StreamEvent.Text(text);
            case "thinking" -> new StreamEvent.Thinking(new PartialThinking(text));
            case "arguments" ->
                new StreamEvent.ToolCallPart(PartialToolCall.builder()
                        .index(index)
                        .id(given(piece, "id"))
                        .name(given(piece, "tool"))
                        .partialArguments(text)
                        .build());
            default -> null; // of the provider's own, which nothing is known of
        };
    }

    private static @Nullable String given(ObjectNode piece, String field) {
        JsonNode value = piece.get(field);
        return value == null || !value.isTextual() ? null : value.textValue();
    }
}
