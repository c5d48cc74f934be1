package io.fmware.observability.recorder;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes answers of models again that were recorded. What is of a provider's own type comes back as langchain4j's: metadata and
 * token usage. Thread-safe.
 */
public final class RecordedAnswer {

    private RecordedAnswer() {}

    /**
     * Makes the answer of a chat model again.
     *
     * @param event an event of type {@code call.ended} or {@code attempt.ended}, as in {@link RecordedEvent#whole}
     * @return the answer
     * @throws IllegalArgumentException if the event tells of no answer, or its content was not recorded
     */
    public static ChatResponse chat(JsonNode event) {
        if (!event.has("answer")) {
            throw new IllegalArgumentException(named(event) + " has no answer");
        }
        String finish = text(event, "finish");
        return ChatResponse.builder()
                .aiMessage((AiMessage) RecordedValue.message(event.path("answer")))
                .id(text(event, "id"))
                .modelName(text(event, "answeredBy"))
                .finishReason(finish == null ? null : FinishReason.valueOf(finish))
                .tokenUsage(usage(event))
                .build();
    }

    /**
     * Makes the answer of an embedding model again.
     *
     * @param event an event of type {@code call.ended} or {@code attempt.ended}, as in {@link RecordedEvent#whole}
     * @return the answer
     * @throws IllegalArgumentException if the event tells of no vectors, there were too many to be recorded, or they were not
     *     recorded as content
     */
    public static EmbeddingResponse embeddings(JsonNode event) {
        JsonNode values = event.path("values");
        if (!values.isArray()) {
            throw new IllegalArgumentException("the vectors of " + named(event) + " were not recorded"
                    + (event.path("tooLong").asBoolean()
                            ? ", since they take more than " + (ValueJson.MOST_BYTES >> 10) + " KiB"
                            : ""));
        }
        List<Embedding> vectors = new ArrayList<>();
        for (JsonNode each : values) {
            vectors.add(Vectors.read(each.asText()));
        }
        return EmbeddingResponse.builder()
                .embeddings(vectors)
                .modelName(text(event, "answeredBy"))
                .tokenUsage(usage(event))
                .build();
    }

    /** A part of an event, as in a cassette, has no type. */
    private static String named(JsonNode event) {
        return event.has("t") ? "an event of type " + event.path("t").asText() : "the event";
    }

    private static @Nullable String text(JsonNode event, String field) {
        return event.hasNonNull(field) ? event.path(field).asText() : null;
    }

    private static @Nullable TokenUsage usage(JsonNode event) {
        Integer in = number(event, "tokensIn");
        Integer out = number(event, "tokensOut");
        Integer total = number(event, "tokensTotal");
        if (in == null && out == null && total == null) {
            return null;
        }
        return total == null ? new TokenUsage(in, out) : new TokenUsage(in, out, total);
    }

    private static @Nullable Integer number(JsonNode event, String field) {
        return event.hasNonNull(field) ? event.path(field).asInt() : null;
    }
}
