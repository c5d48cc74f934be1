package io.fmware;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.query.Query;
import io.fmware.event.EventOrigin;
import io.fmware.event.Failure;
import io.fmware.event.FmEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The events that tell of a boundary. A run notes them around each crossing; who compares what happens with what was recorded, or tells
 * of boundaries elsewhere, makes the same ones here. Nothing is noted by that.
 */
public final class BoundaryEvents {

    private BoundaryEvents() {}

    /**
     * What there is to tell before a boundary is crossed.
     *
     * @param b the boundary
     * @return makes the event from where and when, {@code null} where all is told afterwards
     */
    public static @Nullable Function<EventOrigin, FmEvent> opened(Boundary b) {
        return switch (b.kind()) {
            case AGENT -> at -> new FmEvent.AgentStarted(at, b.name(), arguments(b.input()), b.description());
            case STEP -> at -> new FmEvent.StepStarted(at, b.name());
            case CALL, EMBEDDING -> at -> new FmEvent.CallStarted(at, b.name(), asked(b.input(FmCall.class)));
            case ATTEMPT ->
                at -> new FmEvent.AttemptStarted(
                        at,
                        b.name(),
                        sent(b.input(FmCall.class)),
                        b.input(FmCall.class).attempt());
            case TOOL ->
                b.input() instanceof ToolExecutionRequest request ? at -> new FmEvent.ToolCalled(at, request) : null;
            case RETRIEVAL -> b.input() instanceof Query query ? at -> new FmEvent.RetrievalStarted(at, query) : null;
            default -> null;
        };
    }

    /**
     * What there is to tell once a boundary was crossed.
     *
     * @param b the boundary
     * @param output what came out, {@code null} for nothing, and where it failed
     * @param failure why it failed, {@code null} where it did not
     * @return make the events from where and when, in their order; the last one says what came out
     */
    public static List<Function<EventOrigin, FmEvent>> closed(
            Boundary b, @Nullable Object output, @Nullable Failure failure) {
        List<Function<EventOrigin, FmEvent>> told = new ArrayList<>(2);
        switch (b.kind()) {
            case AGENT -> told.add(at -> new FmEvent.AgentEnded(at, b.name(), output, failure));
            case STEP -> told.add(at -> new FmEvent.StepEnded(at, b.name(), failure));
            case CALL, EMBEDDING -> told.add(at -> callEnded(at, b.name(), (FmReply) output, failure));
            case ATTEMPT -> {
                FmReply reply = (FmReply) output;
                String thinking = thinking(reply);
                if (thinking != null && !thinking.isEmpty()) {
                    told.add(at -> new FmEvent.Thought(at, thinking));
                }
                told.add(at -> new FmEvent.AttemptEnded(at, b.name(), answer(reply), failure));
            }
            case TOOL -> {
                if (b.input() instanceof ToolExecutionRequest request) {
                    told.add(at -> new FmEvent.ToolReturned(at, request, output, failure));
                } else {
                    told.add(crossed(b, output, failure));
                }
            }
            case RETRIEVAL -> {
                if (b.input() instanceof Query query) {
                    told.add(at -> new FmEvent.RetrievalEnded(at, query, listOf(Content.class, output), failure));
                } else {
                    told.add(crossed(b, output, failure));
                }
            }
            case MEMORY_READ ->
                told.add(at -> new FmEvent.MemoryRead(at, b.name(), listOf(ChatMessage.class, output), failure));
            case MEMORY_WRITE ->
                told.add(at -> new FmEvent.MemoryWritten(at, b.name(), listOf(ChatMessage.class, b.input()), failure));
            case PLAN -> told.add(at -> new FmEvent.Planned(at, planned(output), null));
            case RUN, SCORING, MODERATION, FORK, JOIN, CLOCK, RANDOM, ID -> told.add(crossed(b, output, failure));
        }
        return told;
    }

    private static Function<EventOrigin, FmEvent> crossed(
            Boundary b, @Nullable Object output, @Nullable Failure failure) {
        return at -> new FmEvent.Crossed(at, b.kind().word(), b.name(), b.input(), output, failure);
    }

    private static @Nullable String thinking(@Nullable FmReply reply) {
        if (reply == null || reply.operation() != Operation.CHAT) {
            return null;
        }
        AiMessage message = reply.response().aiMessage();
        return message == null ? null : message.thinking(); // an answer with holes is for the chain to refuse
    }

    private static Object asked(FmCall call) {
        return call.operation() == Operation.CHAT ? call.request() : call.embeddingRequest();
    }

    /** With the defaults of the model in it. */
    private static Object sent(FmCall call) {
        return call.operation() == Operation.CHAT ? call.effectiveRequest() : call.embeddingRequest();
    }

    private static FmEvent callEnded(EventOrigin at, String model, @Nullable FmReply reply, @Nullable Failure failure) {
        return new FmEvent.CallEnded(
                at,
                model,
                answer(reply),
                reply == null ? "" : reply.source().name().toLowerCase(Locale.ROOT),
                reply == null ? 0 : reply.attempts(),
                failure);
    }

    private static @Nullable Object answer(@Nullable FmReply reply) {
        if (reply == null) {
            return null;
        }
        return reply.operation() == Operation.CHAT ? reply.response() : reply.embeddings();
    }

    private static Map<String, Object> arguments(@Nullable Object input) {
        Map<String, Object> arguments = new LinkedHashMap<>();
        if (input instanceof Map<?, ?> given) {
            given.forEach((key, value) -> arguments.put(String.valueOf(key), value));
        }
        return arguments;
    }

    private static <T> List<T> listOf(Class<T> type, @Nullable Object given) {
        return given instanceof List<?> list
                ? list.stream().filter(type::isInstance).map(type::cast).toList()
                : List.of();
    }

    private static List<String> planned(@Nullable Object plan) {
        if (plan instanceof AgentPlan agents) {
            return agents.agents();
        }
        if (plan instanceof List<?> steps) {
            return steps.stream().map(String::valueOf).toList();
        }
        return plan == null ? List.of() : List.of(String.valueOf(plan));
    }
}
