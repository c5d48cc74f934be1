package io.fmware.observability.otel;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import io.fmware.FmCall;
import io.fmware.FmRun;
import io.fmware.Operation;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a request says of itself. A parameter is that of the request or, where it has none, of the model: read one by one, since
 * merging them costs more than all the rest.
 */
final class Requests {
    private static final int MOST_STOP_SEQUENCES = 16;
    private static final int MOST_ATTRIBUTES = 32;

    private Requests() {}

    static @Nullable String model(FmCall call) {
        String named = call.operation() == Operation.CHAT
                ? call.request().modelName()
                : call.embeddingRequest().modelName();
        String model = named != null ? named : call.target().modelName();
        return model == null || model.isBlank() ? null : Names.of(model);
    }

    static void describe(FmCall call, AttributesBuilder to) {
        if (call.operation() == Operation.EMBEDDINGS) {
            describe(call.embeddingRequest(), to);
            return;
        }
        ChatRequestParameters asked = call.request().parameters();
        ChatRequestParameters defaults = call.target().defaultRequestParameters();
        putDouble(to, GenAi.TEMPERATURE, first(asked, defaults, ChatRequestParameters::temperature));
        putDouble(to, GenAi.TOP_P, first(asked, defaults, ChatRequestParameters::topP));
        putDouble(to, GenAi.TOP_K, first(asked, defaults, ChatRequestParameters::topK));
        putDouble(to, GenAi.FREQUENCY_PENALTY, first(asked, defaults, ChatRequestParameters::frequencyPenalty));
        putDouble(to, GenAi.PRESENCE_PENALTY, first(asked, defaults, ChatRequestParameters::presencePenalty));
        putLong(to, GenAi.MAX_TOKENS, maxTokens(asked, defaults));
        putLong(to, GenAi.SEED, first(asked, defaults, each -> Accessors.number(each, "seed")));
        Long choices = first(asked, defaults, each -> Accessors.number(each, "n"));
        if (choices != null && choices != 1) {
            to.put(GenAi.CHOICES, choices);
        }
        List<String> stop = first(asked, defaults, each -> notEmpty(each.stopSequences()));
        if (stop != null) {
            to.put(
                    GenAi.STOP,
                    stop.stream().limit(MOST_STOP_SEQUENCES).map(Names::of).toList());
        }
        ResponseFormat format = first(asked, defaults, ChatRequestParameters::responseFormat);
        if (format != null && format.type() != null) {
            to.put(GenAi.OUTPUT_TYPE, format.type() == ResponseFormatType.JSON ? "json" : "text");
        }
    }

    private static void describe(EmbeddingRequest request, AttributesBuilder to) {
        if (request.dimensions() != null) {
            to.put(GenAi.DIMENSIONS, request.dimensions().longValue());
        }
        to.put(Fm.INPUTS, (long) request.inputs().size());
    }

    /** The tools that a request offers. */
    static List<ToolSpecification> tools(FmCall call) {
        List<ToolSpecification> tools = first(
                call.request().parameters(),
                call.target().defaultRequestParameters(),
                each -> notEmpty(each.toolSpecifications()));
        return tools == null ? List.of() : tools;
    }

    private static @Nullable Number maxTokens(ChatRequestParameters asked, ChatRequestParameters defaults) {
        Number most = first(asked, defaults, ChatRequestParameters::maxOutputTokens);
        return most != null ? most : first(asked, defaults, each -> Accessors.number(each, "maxCompletionTokens"));
    }

    private static <T> @Nullable List<T> notEmpty(@Nullable List<T> list) {
        return list == null || list.isEmpty() ? null : list;
    }

    private static <T> @Nullable T first(
            ChatRequestParameters asked,
            ChatRequestParameters defaults,
            Function<ChatRequestParameters, @Nullable T> parameter) {
        T value = parameter.apply(asked);
        return value != null ? value : parameter.apply(defaults);
    }

    private static void putDouble(AttributesBuilder to, AttributeKey<Double> key, @Nullable Number value) {
        if (value != null) {
            to.put(key, (Double) value.doubleValue());
        }
    }

    static void putLong(AttributesBuilder to, AttributeKey<Long> key, @Nullable Number value) {
        if (value != null) {
            to.put(key, (Long) value.longValue());
        }
    }

    /** What the application said of a run: of what has no name of ours so much that the SDK still has room for the rest. */
    static Attributes ofRun(FmRun run) {
        return ofRun(run.id(), run.attributes());
    }

    static Attributes ofRun(String id, Map<String, String> attributes) {
        AttributesBuilder out = Attributes.builder().put(Fm.RUN, Names.of(id));
        int others = 0;
        for (Map.Entry<String, String> each : attributes.entrySet()) {
            AttributeKey<String> known = keyOf(each.getKey());
            if (known != null) {
                out.put(known, Names.of(each.getValue()));
            } else if (others++ < MOST_ATTRIBUTES) {
                out.put(Fm.text("run.attribute." + Names.of(each.getKey())), Names.of(each.getValue()));
            }
        }
        return out.build();
    }

    private static @Nullable AttributeKey<String> keyOf(String ofRun) {
        return switch (ofRun) {
            case "conversation" -> GenAi.CONVERSATION;
            case "tenant" -> Fm.TENANT;
            case "user" -> Fm.USER;
            case "feature" -> Fm.FEATURE;
            default -> null;
        };
    }
}
