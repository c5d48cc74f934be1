package io.fmware.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Responses after a fault of content. */
final class Spoiled {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Spoiled() {}

    static ChatResponse malformed(ChatResponse response) {
        AiMessage message = response.aiMessage();
        AiMessage.Builder spoiled = message.toBuilder()
                .toolExecutionRequests(message.toolExecutionRequests().stream()
                        .map(call -> call.toBuilder()
                                .arguments(unclosed(call.arguments()))
                                .build())
                        .toList());
        if (message.text() != null || !message.hasToolExecutionRequests()) {
            spoiled.text(unclosed(message.text()));
        }
        return response.toBuilder().aiMessage(spoiled.build()).build();
    }

    /** JSON that no parser accepts: without its last closing bracket, or the text in an object that is never closed. */
    private static String unclosed(@Nullable String text) {
        String trimmed = text == null ? "" : text.trim();
        boolean closed = trimmed.endsWith("}") || trimmed.endsWith("]");
        return isJson(trimmed) && closed
                ? trimmed.substring(0, trimmed.length() - 1)
                : "{\"answer\": \"" + trimmed.replace("\"", "'").replace("\\", "/");
    }

    static ChatResponse empty(ChatResponse response) {
        AiMessage message = response.aiMessage().toBuilder()
                .text("")
                .toolExecutionRequests(List.of())
                .build();
        return response.toBuilder()
                .aiMessage(message)
                .metadata(response.metadata().toBuilder()
                        .finishReason(FinishReason.STOP)
                        .build())
                .build();
    }

    static ChatResponse citing(ChatResponse response, String source) {
        String text =
                response.aiMessage().text() == null ? "" : response.aiMessage().text();
        String cited = isJson(text) ? citedInJson(text, source) : text + mark(source);
        return response.toBuilder()
                .aiMessage(response.aiMessage().toBuilder().text(cited).build())
                .build();
    }

    private static String citedInJson(String text, String source) {
        try {
            JsonNode json = JSON.readTree(text);
            Optional<ArrayNode> sources = StreamSupport.stream(json.spliterator(), false)
                    .filter(value ->
                            value.isArray() && (value.isEmpty() || value.get(0).isTextual()))
                    .map(ArrayNode.class::cast)
                    .findFirst();
            if (sources.isPresent()) {
                sources.get().add(source);
            } else if (json instanceof ArrayNode array) {
                array.add(source);
            } else if (json instanceof ObjectNode object) {
                object.put("source", source);
            }
            return json.toString();
        } catch (JsonProcessingException e) {
            return text + mark(source);
        }
    }

    /** What to add to a text that is not JSON. */
    static String mark(String source) {
        return " [source: " + source + "]";
    }

    static boolean isJson(String text) {
        String start = text.stripLeading();
        return start.startsWith("{") || start.startsWith("[");
    }

    static ChatResponse cut(ChatResponse response, int words) {
        AiMessage message = response.aiMessage();
        List<String> all = message.text() == null ? List.of() : Texts.words(message.text());
        return truncated(response, String.join("", all.subList(0, Math.min(words, all.size()))));
    }

    /** A response as a client makes it up when the connection closes. */
    static ChatResponse truncated(@Nullable ChatResponse response, String text) {
        return ChatResponse.builder()
                .aiMessage(AiMessage.from(text))
                .id(response == null ? null : response.id())
                .modelName(response == null ? null : response.modelName())
                .build();
    }
}
