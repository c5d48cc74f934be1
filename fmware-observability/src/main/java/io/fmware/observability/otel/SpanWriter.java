package io.fmware.observability.otel;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.rag.query.Query;
import io.fmware.Boundary;
import io.fmware.BoundaryKind;
import io.fmware.FmCall;
import io.fmware.FmReply;
import io.fmware.InvalidReplyException;
import io.fmware.Mode;
import io.fmware.Operation;
import io.fmware.ScoringRequest;
import io.fmware.event.Failure;
import io.fmware.event.FmEvent;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the spans of the kinds of boundaries are called, and what they say.
 *
 * <p>Long because each kind of boundary has its table of attributes, and the tables are read together.
 */
final class SpanWriter {
    private final Instruments instruments;
    private final @Nullable ContentJson content;

    SpanWriter(Instruments instruments, @Nullable ContentJson content) {
        this.instruments = instruments;
        this.content = content;
    }

    boolean capturesContent() {
        return content != null;
    }

    /** Whether there is a span: not for a run that nobody opened, nor for what takes no time. */
    static boolean hasSpan(Boundary boundary) {
        return switch (boundary.kind()) {
            case RUN -> !boundary.run().isImplied();
            case FORK, JOIN, CLOCK, RANDOM, ID -> false;
            default -> true;
        };
    }

    /** What the metrics of a call are told apart by, with its answer still to come; empty for all else. */
    static Attributes metricAttributes(Boundary boundary) {
        if (!isCall(boundary) && boundary.kind() != BoundaryKind.ATTEMPT) {
            return Attributes.empty();
        }
        FmCall call = boundary.input(FmCall.class);
        AttributesBuilder out = Attributes.builder();
        if (isCall(boundary)) { // an attempt is no operation of its own, or its tokens would be counted twice
            out.put(GenAi.OPERATION, operation(call));
        }
        out.put(GenAi.PROVIDER, Providers.nameOf(call.target().provider()));
        String model = Requests.model(call);
        if (model != null) {
            out.put(GenAi.REQUEST_MODEL, model);
        }
        return out.build();
    }

    /** What a call asks of its model, which is what the agent around it asks too. */
    static Attributes requestAttributes(Boundary boundary, Attributes ofMetrics) {
        if (boundary.kind() != BoundaryKind.CALL) {
            return Attributes.empty();
        }
        AttributesBuilder out = ofMetrics.toBuilder().remove(GenAi.OPERATION);
        Requests.describe(boundary.input(FmCall.class), out);
        return out.build();
    }

    private static boolean isCall(Boundary boundary) {
        return boundary.kind() == BoundaryKind.CALL || boundary.kind() == BoundaryKind.EMBEDDING;
    }

    private static String operation(FmCall call) {
        return call.operation() == Operation.CHAT ? "chat" : "embeddings";
    }

    Span start(
            Tracer tracer,
            Boundary boundary,
            @Nullable OpenSpan parent,
            Context outer,
            Attributes ofRun,
            Attributes ofMetrics,
            Attributes ofRequest) {
        AttributesBuilder known = ofRun.toBuilder().putAll(ofMetrics).putAll(ofRequest);
        describe(boundary, parent, known);
        return tracer.spanBuilder(name(boundary, ofMetrics))
                .setParent(outer)
                .setSpanKind(kind(boundary.kind()))
                .setAllAttributes(known.build())
                .startSpan();
    }

    static SpanKind kind(BoundaryKind of) {
        return switch (of) {
            case CALL, EMBEDDING, RETRIEVAL -> SpanKind.CLIENT;
            default -> SpanKind.INTERNAL;
        };
    }

    private static String name(Boundary boundary, Attributes ofMetrics) {
        String named = switch (boundary.kind()) {
            case CALL, EMBEDDING, ATTEMPT -> ofMetrics.get(GenAi.REQUEST_MODEL);
            // What identifies a memory may identify a person.
            case MEMORY_READ, MEMORY_WRITE -> null;
            default -> Names.of(boundary.name());
        };
        return name(boundary.kind(), named);
    }

    /** The name of a span of what has a name, or none that may be told. */
    static String name(BoundaryKind kind, @Nullable String named) {
        String what = switch (kind) {
            case CALL -> "chat";
            case EMBEDDING -> "embeddings";
            case AGENT -> "invoke_agent";
            case RUN -> "invoke_workflow";
            case TOOL -> "execute_tool";
            default -> kind.word();
        };
        return named == null || named.isBlank() ? what : what + " " + named;
    }

    private void describe(Boundary boundary, @Nullable OpenSpan parent, AttributesBuilder to) {
        String name = boundary.name();
        switch (boundary.kind()) {
            case CALL, EMBEDDING -> {
                FmCall call = boundary.input(FmCall.class);
                to.put(Fm.MODEL, Names.of(name));
                if (call.operation() == Operation.CHAT) {
                    if (call.mode() == Mode.STREAMING) {
                        to.put(GenAi.STREAM, true);
                    }
                    chat(call, parent, to);
                } else {
                    Requests.describe(call, to);
                }
            }
            case ATTEMPT -> {
                to.put(Fm.MODEL, Names.of(name));
                to.put(Fm.ATTEMPT, (long) boundary.input(FmCall.class).attempt());
            }
            case RUN -> to.put(GenAi.OPERATION, "invoke_workflow").put(GenAi.WORKFLOW_NAME, Names.of(name));
            case AGENT -> {
                to.put(GenAi.OPERATION, "invoke_agent").put(GenAi.AGENT_NAME, Names.of(name));
                if (boundary.description() != null) {
                    to.put(GenAi.AGENT_DESCRIPTION, Names.of(boundary.description()));
                }
                if (content != null && boundary.input() instanceof Map<?, ?> inputs && !inputs.isEmpty()) {
                    to.put(GenAi.INPUT, content.said("user", inputs, null));
                }
            }
            case TOOL -> tool(boundary, parent, to);
            case RETRIEVAL -> {
                to.put(GenAi.OPERATION, "retrieval").put(GenAi.DATA_SOURCE, Names.of(name));
                if (content != null && boundary.input() instanceof Query query) {
                    to.put(GenAi.QUERY, content.text(query.text()));
                }
            }
            case STEP -> to.put(Fm.STEP, Names.of(name));
            case SCORING -> {
                if (boundary.input() instanceof ScoringRequest request) {
                    to.put(Fm.INPUTS, (long) request.segments().size());
                    if (content != null) {
                        to.put(Fm.QUERY, content.text(request.query()));
                    }
                }
            }
            default -> to.put(Fm.BOUNDARY, boundary.kind().word());
        }
        if (boundary.input() instanceof List<?> list) {
            to.put(Fm.INPUTS, (long) list.size());
        }
    }

    private void chat(FmCall call, @Nullable OpenSpan parent, AttributesBuilder to) {
        List<ToolSpecification> tools = Requests.tools(call);
        if (parent != null && !tools.isEmpty()) {
            parent.offered(tools);
        }
        if (content != null) {
            ChatRequest request = call.request();
            to.put(GenAi.INPUT, content.input(request.messages()));
            put(to, GenAi.SYSTEM, content.system(request.messages()));
            if (!tools.isEmpty()) {
                to.put(GenAi.TOOLS, content.tools(tools));
            }
        }
    }

    private void tool(Boundary boundary, @Nullable OpenSpan parent, AttributesBuilder to) {
        to.put(GenAi.OPERATION, "execute_tool")
                .put(GenAi.TOOL_NAME, Names.of(boundary.name()))
                .put(GenAi.TOOL_TYPE, "function");
        String description = parent == null ? null : parent.descriptionOf(boundary.name());
        if (description != null) {
            to.put(GenAi.TOOL_DESCRIPTION, Names.of(description));
        }
        if (boundary.input() instanceof ToolExecutionRequest request) {
            if (request.id() != null) {
                to.put(GenAi.TOOL_CALL, Names.of(request.id()));
            }
            if (content != null && request.arguments() != null) {
                to.put(GenAi.TOOL_ARGUMENTS, content.arguments(request.arguments()));
            }
        }
    }

    /** Whether an event says something that belongs to the span of a boundary, and is known only after that began. */
    static boolean isDetail(FmEvent event) {
        return event instanceof FmEvent.RequestSent || event instanceof FmEvent.Searched;
    }

    static void detail(FmEvent event, OpenSpan at) {
        if (event instanceof FmEvent.RequestSent sent) {
            at.sentTo(Attributes.of(
                    GenAi.SERVER_ADDRESS, Names.of(sent.address()), GenAi.SERVER_PORT, (long) sent.port()));
        } else if (event instanceof FmEvent.Searched search && at.boundary().kind() == BoundaryKind.RETRIEVAL) {
            at.span().setAttribute(GenAi.TOP_K, (double) search.maxResults());
        }
    }

    /** Says what came out, and counts it. */
    void finish(OpenSpan open, @Nullable Object output, @Nullable Throwable error, long now) {
        Boundary boundary = open.boundary();
        AttributesBuilder to = Attributes.builder();
        switch (boundary.kind()) {
            case CALL, EMBEDDING -> call(open, output instanceof FmReply reply ? reply : null, error, now, to);
            case ATTEMPT -> attempt(open, output instanceof FmReply reply ? reply : null, to);
            case AGENT -> agent(open, output, to);
            case TOOL -> toolResult(open, output, to);
            case RETRIEVAL -> {
                if (content != null && output instanceof List<?> documents) {
                    to.put(GenAi.DOCUMENTS, content.documents(documents));
                }
            }
            default -> {}
        }
        if (output instanceof List<?> list) {
            to.put(Fm.OUTPUTS, (long) list.size());
        }
        if (error != null) {
            failed(open.span(), typeOf(error), Failure.of(error).message());
        }
        open.span().setAllAttributes(to.build());
    }

    private void call(
            OpenSpan open, @Nullable FmReply reply, @Nullable Throwable error, long now, AttributesBuilder to) {
        Operation operation = open.boundary().input(FmCall.class).operation();
        AttributesBuilder told = open.ofMetrics().toBuilder().putAll(open.server());
        Double first = open.toFirstChunk();
        putDouble(to, GenAi.FIRST_CHUNK, first);
        if (reply != null) {
            to.put(Fm.SOURCE, reply.source().name().toLowerCase(Locale.ROOT)).put(Fm.ATTEMPTS, (long) reply.attempts());
            String model = answered(reply, operation, to);
            put(told, GenAi.RESPONSE_MODEL, model);
        }
        Attributes withoutError = told.build();
        Attributes attributes = error == null
                ? withoutError
                : told.put(GenAi.ERROR_TYPE, typeOf(error)).build();
        if (!open.isLogicalCall()) {
            return; // the one around it counts
        }
        Tokens used = used(reply, error);
        putTokens(used, to, operation);
        instruments.duration.record(open.seconds(now), attributes, open.context());
        if (first != null) {
            instruments.firstChunk.record(first, withoutError, open.context());
            open.gaps(gap -> instruments.nextChunk.record(gap / 1e9, withoutError, open.context()));
        }
        count(used.input(), "input", withoutError, open);
        if (operation == Operation.CHAT) {
            count(used.output(), "output", withoutError, open);
        }
        String finished = reply != null && operation == Operation.CHAT ? finish(reply.response()) : null;
        String provider = String.valueOf(open.ofMetrics().get(GenAi.PROVIDER));
        for (OpenSpan at = open.parent(); at != null; at = at.parent()) {
            if (at.boundary().kind() == BoundaryKind.AGENT && operation == Operation.CHAT) {
                at.totals().add(provider, open.ofRequest(), finished, used);
            }
        }
    }

    /** What was used: nothing by an answer that no model gave now, and by an invalid one all the same. */
    private static Tokens used(@Nullable FmReply reply, @Nullable Throwable error) {
        if (reply != null) {
            boolean asked = reply.source() == FmReply.Source.MODEL || reply.source() == FmReply.Source.FALLBACK;
            return asked ? Tokens.of(reply.usage()) : Tokens.NONE;
        }
        Tokens rejected = Tokens.NONE;
        if (error instanceof InvalidReplyException invalid) {
            for (InvalidReplyException.Attempt attempt : invalid.attempts()) {
                rejected = rejected.plus(Tokens.of(attempt.response().tokenUsage()));
            }
        }
        return rejected;
    }

    private void count(@Nullable Long tokens, String type, Attributes attributes, OpenSpan open) {
        if (tokens != null) {
            instruments.tokens.record(
                    tokens, attributes.toBuilder().put(GenAi.TOKEN_TYPE, type).build(), open.context());
        }
    }

    private static void putTokens(Tokens used, AttributesBuilder to, Operation operation) {
        Requests.putLong(to, GenAi.INPUT_TOKENS, used.input());
        if (operation == Operation.CHAT) {
            Requests.putLong(to, GenAi.OUTPUT_TOKENS, used.output());
        }
        Requests.putLong(to, GenAi.CACHE_READ, used.cacheRead());
        Requests.putLong(to, GenAi.CACHE_CREATION, used.cacheCreation());
        Requests.putLong(to, GenAi.REASONING, used.reasoning());
    }

    /** Says what is in an answer; returns the model that gave it. */
    private @Nullable String answered(FmReply reply, Operation operation, AttributesBuilder to) {
        String model;
        if (operation == Operation.CHAT) {
            ChatResponse response = reply.response();
            model = response.modelName();
            put(to, GenAi.RESPONSE_ID, response.id() == null ? null : Names.of(response.id()));
            String finish = finish(response);
            if (finish != null) {
                to.put(GenAi.FINISH, List.of(finish));
            }
            if (content != null) {
                to.put(GenAi.OUTPUT, content.output(response.aiMessage(), finish == null ? "stop" : finish));
            }
        } else {
            EmbeddingResponse response = reply.embeddings();
            model = response.metadata() == null ? null : response.metadata().modelName();
            to.put(Fm.OUTPUTS, (long) response.embeddings().size());
            if (!response.embeddings().isEmpty()) {
                to.put(GenAi.DIMENSIONS, (long) response.embeddings().get(0).dimension());
            }
        }
        String named = model == null ? null : Names.of(model);
        put(to, GenAi.RESPONSE_MODEL, named);
        return named;
    }

    private void attempt(OpenSpan open, @Nullable FmReply reply, AttributesBuilder to) {
        putDouble(to, GenAi.FIRST_CHUNK, open.toFirstChunk());
        if (reply == null) {
            return;
        }
        Operation operation = open.boundary().input(FmCall.class).operation();
        if (operation == Operation.CHAT) {
            put(
                    to,
                    GenAi.RESPONSE_ID,
                    reply.response().id() == null
                            ? null
                            : Names.of(reply.response().id()));
            String model = reply.response().modelName();
            put(to, GenAi.RESPONSE_MODEL, model == null ? null : Names.of(model));
        }
        Tokens used = Tokens.of(reply.usage());
        Requests.putLong(to, Fm.ATTEMPT_INPUT, used.input());
        Requests.putLong(to, Fm.ATTEMPT_OUTPUT, used.output());
    }

    private void agent(OpenSpan open, @Nullable Object output, AttributesBuilder to) {
        Totals totals = open.totals();
        String provider = totals.provider();
        to.put(GenAi.PROVIDER, provider == null ? Providers.OTHER : provider);
        to.putAll(totals.request());
        Tokens used = totals.tokens();
        putTokens(used, to, Operation.CHAT);
        String finish = totals.finish();
        if (finish != null) {
            to.put(GenAi.FINISH, List.of(finish));
        }
        if (content != null && output != null) {
            to.put(GenAi.OUTPUT, content.said("assistant", output, finish == null ? "stop" : finish));
        }
    }

    private void toolResult(OpenSpan open, @Nullable Object output, AttributesBuilder to) {
        String shown = content == null || output == null ? null : given(content, output);
        put(to, GenAi.TOOL_RESULT, shown);
        if (Boolean.TRUE.equals(Accessors.read(output, "isError"))) {
            failed(open.span(), "tool_error", shown);
        }
    }

    /** What a tool gave: a text, several contents of langchain4j's result, on which we do not depend, or anything else. */
    private static String given(ContentJson content, Object output) {
        Object text = Accessors.read(output, "resultText");
        if (text == null && Accessors.read(output, "resultContents") instanceof List<?> contents) {
            return content.contents(contents);
        }
        return content.any(text == null ? output : text);
    }

    /** An error by its type; what it says may quote what was asked, and is content. */
    private void failed(Span span, String type, @Nullable String message) {
        span.setAttribute(GenAi.ERROR_TYPE, type);
        span.setStatus(StatusCode.ERROR, content == null || message == null ? "" : content.text(message));
    }

    private static String typeOf(Throwable error) {
        return Names.of(error.getClass().getName());
    }

    private static @Nullable String finish(ChatResponse response) {
        FinishReason reason = response.finishReason();
        return reason == null ? null : finish(reason.name());
    }

    /** What the conventions call a reason to finish. */
    static String finish(String reason) {
        return reason.equals(FinishReason.TOOL_EXECUTION.name()) ? "tool_call" : reason.toLowerCase(Locale.ROOT);
    }

    private static void put(AttributesBuilder to, AttributeKey<String> key, @Nullable String value) {
        if (value != null) {
            to.put(key, value);
        }
    }

    private static void putDouble(AttributesBuilder to, AttributeKey<Double> key, @Nullable Double value) {
        if (value != null) {
            to.put(key, value);
        }
    }
}
