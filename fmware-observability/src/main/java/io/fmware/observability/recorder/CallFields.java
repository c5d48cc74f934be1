package io.fmware.observability.recorder;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.embedding.request.EmbeddingInput;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.output.TokenUsage;
import io.fmware.RequestDigest;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes what models were asked, and what they answered. Not thread-safe.
 *
 * @param <C> a content as it is kept
 */
final class CallFields<C> {
    private final EventWriter<C> writer;
    private final Skeleton<C> skeleton;
    private final JsonWriter json;

    CallFields(EventWriter<C> writer, Skeleton<C> skeleton) {
        this.writer = writer;
        this.skeleton = skeleton;
        this.json = skeleton.json;
    }

    void request(Object request) {
        if (request instanceof ChatRequest chat) {
            parameters(chat.parameters());
            messages(chat.messages());
        } else if (request instanceof EmbeddingRequest embedding) {
            embedding(embedding);
        }
    }

    private void parameters(ChatRequestParameters of) {
        json.name("parameters").beginObject();
        skeleton.textIfThere("model", of.modelName());
        skeleton.number("temperature", of.temperature());
        skeleton.number("topP", of.topP());
        skeleton.number("topK", of.topK());
        skeleton.number("frequencyPenalty", of.frequencyPenalty());
        skeleton.number("presencePenalty", of.presencePenalty());
        skeleton.number("maxOutputTokens", of.maxOutputTokens());
        if (of.stopSequences() != null && !of.stopSequences().isEmpty()) {
            skeleton.contents("stop", of.stopSequences());
        }
        if (of.toolChoice() != null) {
            skeleton.text("toolChoice", of.toolChoice().name());
        }
        if (of.responseFormat() != null) {
            format(of.responseFormat());
        }
        if (of.toolSpecifications() != null && !of.toolSpecifications().isEmpty()) {
            tools(of.toolSpecifications());
        }
        if (of.getClass() != DefaultChatRequestParameters.class) {
            own(of);
        }
        json.endObject();
    }

    private void format(ResponseFormat format) {
        skeleton.text("format", String.valueOf(format.type()));
        JsonSchema schema = format.jsonSchema();
        if (schema != null) {
            json.name("schema");
            skeleton.kept(writer.specs().of(schema), true);
        }
    }

    private void tools(List<ToolSpecification> tools) {
        List<ToolSpecification> sorted = tools.stream()
                .sorted(Comparator.comparing(each -> Objects.requireNonNullElse(each.name(), "")))
                .toList();
        json.name("tools").beginArray();
        for (ToolSpecification each : sorted) {
            skeleton.text(String.valueOf(each.name()));
        }
        json.endArray();
        json.name("specs");
        skeleton.kept(writer.specs().of(sorted), true);
    }

    private void own(ChatRequestParameters of) {
        SortedMap<String, String> own;
        try {
            own = RequestDigest.ownParameters(of);
        } catch (RuntimeException e) { // of a module that is not open
            own = new TreeMap<>(Map.of(
                    "type",
                    "[" + of.getClass().getName() + " cannot be read: "
                            + e.getClass().getName() + "]"));
        }
        if (!own.isEmpty()) {
            json.name("own");
            skeleton.json(writer.values().members(own));
        }
    }

    private void embedding(EmbeddingRequest request) {
        json.name("inputs").number(request.inputs().size());
        EmbeddingRequestParameters parameters = request.parameters();
        json.name("parameters").beginObject();
        skeleton.textIfThere("model", parameters.modelName());
        skeleton.number("dimensions", parameters.dimensions());
        skeleton.textIfThere(
                "inputType", parameters.inputType() == null ? null : String.valueOf(parameters.inputType()));
        json.endObject();
        json.name("texts").beginArray();
        for (EmbeddingInput each : request.inputs()) {
            if (each.contents().size() == 1 && each.contents().get(0) instanceof TextContent text) {
                skeleton.content(text.text());
            } else {
                message(UserMessage.from(each.contents()));
            }
        }
        json.endArray();
    }

    void messages(List<ChatMessage> messages) {
        json.name("messages").beginArray();
        for (ChatMessage each : messages) {
            message(each);
        }
        json.endArray();
    }

    private void message(ChatMessage message) {
        skeleton.kept(writer.messages().of(message), true);
    }

    void response(@Nullable Object response) {
        if (response instanceof ChatResponse chat) {
            skeleton.textIfThere("id", chat.id());
            skeleton.textIfThere("answeredBy", chat.modelName());
            skeleton.textIfThere(
                    "finish",
                    chat.finishReason() == null ? null : chat.finishReason().name());
            usage(chat.tokenUsage());
            json.name("answer");
            message(chat.aiMessage());
        } else if (response instanceof EmbeddingResponse embedding) {
            skeleton.textIfThere("answeredBy", embedding.modelName());
            vectors(embedding.embeddings());
            usage(embedding.tokenUsage());
        }
    }

    private void vectors(List<Embedding> vectors) {
        json.name("vectors").number(vectors.size());
        long bytes = 0;
        for (Embedding each : vectors) {
            bytes += (long) each.dimension() * Float.BYTES;
        }
        if (bytes > ValueJson.MOST_BYTES) {
            json.name("tooLong").flag(true);
            return;
        }
        JsonWriter content = new JsonWriter(Math.toIntExact(bytes * 4 / 3 + 64)).beginArray();
        for (Embedding each : vectors) {
            content.text(Vectors.text(each));
        }
        json.name("values");
        skeleton.json(content.endArray().bytes());
    }

    private void usage(@Nullable TokenUsage usage) {
        if (usage != null) {
            Integer in = usage.inputTokenCount();
            Integer out = usage.outputTokenCount();
            Integer total = usage.totalTokenCount();
            skeleton.number("tokensIn", in);
            skeleton.number("tokensOut", out);
            if (total != null && !total.equals(new TokenUsage(in, out).totalTokenCount())) {
                skeleton.number("tokensTotal", total);
            }
        }
    }
}
