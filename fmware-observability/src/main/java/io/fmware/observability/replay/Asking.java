package io.fmware.observability.replay;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.rag.query.Query;
import io.fmware.AgentPlan;
import io.fmware.Boundary;
import io.fmware.FmCall;
import io.fmware.FmReply;
import io.fmware.Operation;
import io.fmware.event.EventOrigin;
import io.fmware.event.Failure;
import io.fmware.event.FmEvent;
import io.fmware.observability.recorder.EventJson;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells of a boundary that is being crossed as a recording would, so that the two can be compared. Thread-safe. */
final class Asking {
    private final EventJson json;

    Asking(EventJson json) {
        this.json = json;
    }

    /** What goes in. */
    Saying asked(Boundary b) {
        return saying(b, opened(b, origin(b)));
    }

    /** A path, or the name of a run, as it stands in recordings. */
    String path(String path) {
        return Marks.ANY.plain(json.clean(path));
    }

    /** What came out, {@code null} for boundaries of which nothing is compared. */
    @Nullable
    Saying given(Boundary b, @Nullable Object output, @Nullable Throwable error) {
        Failure failure = error == null ? null : Failures.told(error);
        EventOrigin at = origin(b);
        FmEvent event = switch (b.kind()) {
            case AGENT -> new FmEvent.AgentEnded(at, b.name(), output, failure);
            case CALL ->
                new FmEvent.CallEnded(
                        at, b.name(), output instanceof FmReply reply ? reply.response() : null, "", 0, failure);
            case PLAN -> new FmEvent.Planned(at, output instanceof AgentPlan plan ? plan.agents() : List.of(), null);
            case JOIN -> new FmEvent.Crossed(at, b.kind().word(), b.name(), null, output, failure);
            default -> null;
        };
        return event == null ? null : saying(b, event);
    }

    private Saying saying(Boundary b, FmEvent event) {
        return new Saying(event.type(), path(b.path().toString()), json.fields(event));
    }

    private static EventOrigin origin(Boundary b) {
        return new EventOrigin(b.run().id(), b.path(), 1, Instant.EPOCH);
    }

    private static FmEvent opened(Boundary b, EventOrigin at) {
        return switch (b.kind()) {
            case AGENT -> new FmEvent.AgentStarted(at, b.name(), arguments(b.input()), null);
            case STEP -> new FmEvent.StepStarted(at, b.name());
            case CALL, EMBEDDING -> new FmEvent.CallStarted(at, b.name(), request(b.input(FmCall.class)));
            case ATTEMPT ->
                new FmEvent.AttemptStarted(
                        at,
                        b.name(),
                        sent(b.input(FmCall.class)),
                        b.input(FmCall.class).attempt());
            case TOOL ->
                b.input() instanceof ToolExecutionRequest request
                        ? new FmEvent.ToolCalled(at, request)
                        : crossed(b, at);
            case RETRIEVAL ->
                b.input() instanceof Query query ? new FmEvent.RetrievalStarted(at, query) : crossed(b, at);
            case MEMORY_READ -> new FmEvent.MemoryRead(at, b.name(), List.of());
            case MEMORY_WRITE -> new FmEvent.MemoryWritten(at, b.name(), messages(b.input()));
            case PLAN -> new FmEvent.Planned(at, List.of(), null);
            case RUN, SCORING, MODERATION, FORK, JOIN, CLOCK, RANDOM, ID -> crossed(b, at);
        };
    }

    private static FmEvent crossed(Boundary b, EventOrigin at) {
        return new FmEvent.Crossed(at, b.kind().word(), b.name(), b.input(), null, null);
    }

    private static Object request(FmCall call) {
        return call.operation() == Operation.CHAT ? call.request() : call.embeddingRequest();
    }

    private static Object sent(FmCall call) {
        return call.operation() == Operation.CHAT ? call.effectiveRequest() : call.embeddingRequest();
    }

    private static Map<String, Object> arguments(@Nullable Object input) {
        Map<String, Object> arguments = new LinkedHashMap<>();
        if (input instanceof Map<?, ?> given) {
            given.forEach((key, value) -> arguments.put(String.valueOf(key), value));
        }
        return arguments;
    }

    private static List<ChatMessage> messages(@Nullable Object input) {
        return input instanceof List<?> list
                ? list.stream()
                        .filter(ChatMessage.class::isInstance)
                        .map(ChatMessage.class::cast)
                        .toList()
                : List.of();
    }
}
