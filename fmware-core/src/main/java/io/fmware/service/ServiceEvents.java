package io.fmware.service;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.guardrail.GuardrailResult;
import dev.langchain4j.invocation.InvocationContext;
import dev.langchain4j.observability.api.AiServiceListenerRegistrar;
import dev.langchain4j.observability.api.DefaultAiServiceListenerRegistrar;
import dev.langchain4j.observability.api.event.AiServiceErrorEvent;
import dev.langchain4j.observability.api.event.AiServiceResponseReceivedEvent;
import dev.langchain4j.observability.api.event.GuardrailExecutedEvent;
import dev.langchain4j.observability.api.event.ToolExecutedEvent;
import dev.langchain4j.observability.api.listener.AiServiceCompletedListener;
import dev.langchain4j.observability.api.listener.AiServiceErrorListener;
import dev.langchain4j.observability.api.listener.AiServiceListener;
import dev.langchain4j.observability.api.listener.AiServiceResponseReceivedListener;
import dev.langchain4j.observability.api.listener.AiServiceStartedListener;
import dev.langchain4j.observability.api.listener.InputGuardrailExecutedListener;
import dev.langchain4j.observability.api.listener.OutputGuardrailExecutedListener;
import dev.langchain4j.observability.api.listener.ToolExecutedEventListener;
import dev.langchain4j.spi.observability.AiServiceListenerRegistrarFactory;
import io.fmware.FmRun;
import io.fmware.RunScope;
import io.fmware.event.Failure;
import io.fmware.event.FmEvent;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells runs what happens in AI services that were built without a line of FMware's: verdicts of guardrails, tools, failures.
 * Registered as a service, so that langchain4j asks it for each AI service; it adds listeners to the registrar that it would
 * have used otherwise, that of another library included. Outside of a run they return at once.
 *
 * <p>The system property {@value #SWITCH} set to {@code off} switches it off; it is read when an AI service is built.
 */
public final class ServiceEvents implements AiServiceListenerRegistrarFactory {
    /** The name of the system property that switches this off. */
    public static final String SWITCH = "io.fmware.service.events";

    private static final List<AiServiceListener<?>> LISTENERS = List.of(
            (AiServiceStartedListener) event -> Invocation.begin(event.invocationContext(), event.userMessage()),
            (AiServiceResponseReceivedListener) ServiceEvents::answered,
            (ToolExecutedEventListener) ServiceEvents::executed,
            (InputGuardrailExecutedListener) event -> judged(event, event.result()),
            (OutputGuardrailExecutedListener) event -> judged(event, event.result()),
            (AiServiceErrorListener) ServiceEvents::failed,
            (AiServiceCompletedListener) event -> Invocation.end(event.invocationContext()));

    /** For the service loader. */
    public ServiceEvents() {}

    @Override
    public AiServiceListenerRegistrar get() {
        AiServiceListenerRegistrar registrar = ServiceLoader.load(AiServiceListenerRegistrarFactory.class).stream()
                .filter(provider -> provider.type() != ServiceEvents.class)
                .findFirst()
                .map(provider -> provider.get().get())
                .orElseGet(DefaultAiServiceListenerRegistrar::new);
        if (!"off".equalsIgnoreCase(System.getProperty(SWITCH))) {
            registrar.register(LISTENERS);
        }
        return registrar;
    }

    /** The same ones each time, so that a registrar which has them does not take them again. */
    static List<AiServiceListener<?>> listeners() {
        return LISTENERS;
    }

    private static @Nullable RunScope place(InvocationContext context) {
        Invocation invocation = Invocation.of(context);
        return invocation == null ? FmRun.currentScope() : invocation.place();
    }

    private static void answered(AiServiceResponseReceivedEvent event) {
        Invocation invocation = Invocation.of(event.invocationContext());
        List<ToolExecutionRequest> asked = event.response().aiMessage().toolExecutionRequests();
        if (invocation != null && asked != null) {
            invocation.reserve(asked);
        }
    }

    private static void executed(ToolExecutedEvent event) {
        Invocation invocation = Invocation.of(event.invocationContext());
        RunScope place = invocation == null ? null : invocation.unclaimed(event.request());
        if (place != null) {
            place.note(at -> new FmEvent.ToolCalled(at, event.request()));
            place.note(at -> new FmEvent.ToolReturned(at, event.request(), result(event), null));
        }
    }

    private static Object result(ToolExecutedEvent event) {
        boolean isText =
                event.resultContents().size() == 1 && event.resultContents().get(0) instanceof TextContent;
        return isText ? event.resultText() : event.resultContents();
    }

    private static void judged(GuardrailExecutedEvent<?, ?, ?> event, GuardrailResult<?> result) {
        RunScope place = place(event.invocationContext());
        if (place != null) {
            String reason = result.isSuccess()
                    ? null
                    : result.<GuardrailResult.Failure>failures().stream()
                            .map(GuardrailResult.Failure::message)
                            .collect(Collectors.joining("; "));
            place.note(at -> new FmEvent.VerdictGiven(at, event.guardrailName(), result.isSuccess(), reason));
        }
    }

    private static void failed(AiServiceErrorEvent event) {
        RunScope place = place(event.invocationContext());
        Invocation.end(event.invocationContext());
        if (place != null) {
            place.note(at -> new FmEvent.Failed(at, Failure.of(event.error())));
        }
    }
}
