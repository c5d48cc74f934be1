package io.fmware.observability.otel;

import com.fasterxml.jackson.databind.JsonNode;
import io.fmware.BoundaryKind;
import io.fmware.observability.recorder.RecordedEvent;
import io.fmware.observability.recorder.RecordedSpan;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What spans of recorded runs say: what {@link SpanWriter} and {@link Cognition} say of those that are watched. */
final class RecordedAttributes {
    private RecordedAttributes() {}

    static Attributes ofRun(String id, @Nullable RecordedEvent begun) {
        Map<String, String> attributes = new LinkedHashMap<>();
        if (begun != null) {
            for (Map.Entry<String, JsonNode> each :
                    begun.json().path("attributes").properties()) {
                attributes.put(each.getKey(), each.getValue().asText());
            }
        }
        return Requests.ofRun(id, attributes);
    }

    /** What kind of boundary a span is of, {@code null} where its beginning and its end are lost. */
    static @Nullable BoundaryKind kind(RecordedSpan span) {
        String segment = span.path().substring(span.path().lastIndexOf('/') + 1);
        if (segment.startsWith(BoundaryKind.EMBEDDING.word() + ":")) {
            return BoundaryKind.EMBEDDING;
        }
        for (BoundaryKind each : BoundaryKind.values()) {
            if (each.word().equals(span.kind())) {
                return each;
            }
        }
        return null;
    }

    static String name(RecordedSpan span, @Nullable BoundaryKind kind) {
        if (kind == null) {
            return Names.of(span.name());
        }
        return switch (kind) {
            case CALL, EMBEDDING, ATTEMPT -> SpanWriter.name(kind, requested(span));
            case MEMORY_READ, MEMORY_WRITE -> SpanWriter.name(kind, null);
            default -> SpanWriter.name(kind, Names.of(named(span)));
        };
    }

    /** The name as it was given: the one in a path is escaped. */
    private static String named(RecordedSpan span) {
        RecordedEvent told = span.begun() == null ? span.ended() : span.begun();
        String name = told == null ? null : told.text(span.kind().equals("run") ? "name" : span.kind());
        return name == null ? span.name() : name;
    }

    private static @Nullable String requested(RecordedSpan span) {
        JsonNode model = json(span.begun()).path("parameters").path("model");
        return model.isTextual() ? Names.of(model.asText()) : null;
    }

    private static JsonNode json(@Nullable RecordedEvent event) {
        return event == null ? com.fasterxml.jackson.databind.node.MissingNode.getInstance() : event.json();
    }

    static Attributes of(RecordedSpan span, @Nullable BoundaryKind kind, Attributes ofRun) {
        AttributesBuilder to = ofRun.toBuilder();
        JsonNode begun = json(span.begun());
        JsonNode ended = json(span.ended());
        if (kind != null) {
            describe(span, kind, begun, ended, to);
        }
        for (RecordedEvent each : span.events()) {
            if (each.type().equals("request.sent")) {
                text(to, GenAi.SERVER_ADDRESS, each.json().path("address"));
                number(to, GenAi.SERVER_PORT, each.json().path("port"));
            } else if (each.type().equals("search") && kind == BoundaryKind.RETRIEVAL) {
                real(to, GenAi.TOP_K, each.json().path("most"));
            }
        }
        text(to, GenAi.ERROR_TYPE, ended.path("error"));
        if (span.ended() == null) {
            to.put(Fm.UNCLOSED, true);
        }
        return to.build();
    }

    private static void describe(
            RecordedSpan span, BoundaryKind kind, JsonNode begun, JsonNode ended, AttributesBuilder to) {
        String name = Names.of(named(span));
        switch (kind) {
            case CALL, EMBEDDING -> call(kind, begun, ended, to);
            case ATTEMPT -> {
                text(to, Fm.MODEL, begun.path("model"));
                number(to, Fm.ATTEMPT, begun.path("attempt"));
                text(to, GenAi.REQUEST_MODEL, begun.path("parameters").path("model"));
                answer(ended, to);
                number(to, Fm.ATTEMPT_INPUT, ended.path("tokensIn"));
                number(to, Fm.ATTEMPT_OUTPUT, ended.path("tokensOut"));
            }
            case RUN -> to.put(GenAi.OPERATION, "invoke_workflow").put(GenAi.WORKFLOW_NAME, name);
            case AGENT -> {
                to.put(GenAi.OPERATION, "invoke_agent").put(GenAi.AGENT_NAME, name);
                to.put(GenAi.PROVIDER, Providers.OTHER);
                if (span.tokensIn() + span.tokensOut() > 0) {
                    to.put(GenAi.INPUT_TOKENS, span.tokensIn()).put(GenAi.OUTPUT_TOKENS, span.tokensOut());
                }
            }
            case TOOL -> {
                to.put(GenAi.OPERATION, "execute_tool")
                        .put(GenAi.TOOL_NAME, name)
                        .put(GenAi.TOOL_TYPE, "function");
                text(to, GenAi.TOOL_CALL, begun.path("id"));
            }
            case RETRIEVAL -> {
                to.put(GenAi.OPERATION, "retrieval").put(GenAi.DATA_SOURCE, name);
                if (span.ended() != null) {
                    to.put(Fm.OUTPUTS, (long) ended.path("documents").size());
                }
            }
            case STEP -> to.put(Fm.STEP, name);
            default -> to.put(Fm.BOUNDARY, kind.word());
        }
    }

    private static void call(BoundaryKind kind, JsonNode begun, JsonNode ended, AttributesBuilder to) {
        boolean chat = kind == BoundaryKind.CALL;
        to.put(GenAi.OPERATION, chat ? "chat" : "embeddings").put(GenAi.PROVIDER, Providers.OTHER);
        text(to, Fm.MODEL, begun.path("model"));
        JsonNode asked = begun.path("parameters");
        text(to, GenAi.REQUEST_MODEL, asked.path("model"));
        real(to, GenAi.TEMPERATURE, asked.path("temperature"));
        real(to, GenAi.TOP_P, asked.path("topP"));
        real(to, GenAi.TOP_K, asked.path("topK"));
        real(to, GenAi.FREQUENCY_PENALTY, asked.path("frequencyPenalty"));
        real(to, GenAi.PRESENCE_PENALTY, asked.path("presencePenalty"));
        number(to, GenAi.MAX_TOKENS, asked.path("maxOutputTokens"));
        if (asked.path("format").isTextual()) {
            to.put(GenAi.OUTPUT_TYPE, asked.path("format").asText().equals("JSON") ? "json" : "text");
        }
        if (begun.path("inputs").isNumber()) {
            number(to, Fm.INPUTS, begun.path("inputs"));
        }
        answer(ended, to);
        String source = ended.path("source").asText("");
        if (!source.isEmpty()) {
            to.put(Fm.SOURCE, Names.of(source));
            number(to, Fm.ATTEMPTS, ended.path("attempts"));
        }
        if (source.equals("model") || source.equals("fallback")) {
            number(to, GenAi.INPUT_TOKENS, ended.path("tokensIn"));
            if (chat) {
                number(to, GenAi.OUTPUT_TOKENS, ended.path("tokensOut"));
            }
        }
        if (chat && ended.path("finish").isTextual()) {
            to.put(
                    GenAi.FINISH,
                    List.of(Names.of(SpanWriter.finish(ended.path("finish").asText()))));
        }
    }

    private static void answer(JsonNode ended, AttributesBuilder to) {
        text(to, GenAi.RESPONSE_ID, ended.path("id"));
        text(to, GenAi.RESPONSE_MODEL, ended.path("answeredBy"));
        number(to, Fm.OUTPUTS, ended.path("vectors"));
    }

    /** What an event says as one of a span, {@code null} where it is none. */
    static @Nullable Attributes noted(RecordedEvent event) {
        AttributesBuilder to = Attributes.builder();
        JsonNode json = event.json();
        switch (event.type()) {
            case "plan" ->
                to.put(Fm.number("plan.steps"), (long) json.path("steps").size());
            case "decision" ->
                to.put(Fm.number("decision.options"), (long)
                        json.path("options").size());
            case "message" -> {
                text(to, Fm.text("message.from"), json.path("from"));
                text(to, Fm.text("message.to"), json.path("to"));
            }
            case "thinking" -> {
                // that it was thought
            }
            case "verdict" -> {
                text(to, Fm.text("verdict.by"), json.path("by"));
                to.put("fmware.verdict.accepted", json.path("accepted").asBoolean());
            }
            case "cache" -> {
                text(to, Fm.text("cache.name"), json.path("cache"));
                text(to, Fm.text("cache.outcome"), json.path("outcome"));
            }
            case "feedback" -> text(to, Fm.text("feedback.kind"), json.path("kind"));
            case "memory.read", "memory.written" ->
                to.put(Fm.number("memory.messages"), (long)
                        json.path("messages").size());
            case "error" -> text(to, GenAi.ERROR_TYPE, json.path("error"));
            case "boundary" -> {
                text(to, Fm.BOUNDARY, json.path("boundary"));
                text(to, GenAi.ERROR_TYPE, json.path("error"));
            }
            case "evaluation" -> {
                text(to, GenAi.EVALUATION_NAME, json.path("name"));
                real(to, GenAi.EVALUATION_SCORE, json.path("score"));
                text(to, GenAi.EVALUATION_LABEL, json.path("label"));
                text(to, GenAi.RESPONSE_ID, json.path("response"));
            }
            default -> {
                return null;
            }
        }
        return to.build();
    }

    private static void text(AttributesBuilder to, AttributeKey<String> key, JsonNode value) {
        if (value.isTextual()) {
            to.put(key, Names.of(value.asText()));
        }
    }

    private static void number(AttributesBuilder to, AttributeKey<Long> key, JsonNode value) {
        if (value.isNumber()) {
            to.put(key, (Long) value.asLong());
        }
    }

    private static void real(AttributesBuilder to, AttributeKey<Double> key, JsonNode value) {
        if (value.isNumber()) {
            to.put(key, (Double) value.asDouble());
        }
    }
}
