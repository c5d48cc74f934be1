package io.fmware.testing;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import org.jspecify.annotations.Nullable;

/**
 * Lets one stream go wrong. Called by the model, one callback at a time.
 *
 * <p>Faults of flow (stall, truncation, broken event) strike between chunks. Faults of content hold the text back until
 * it is complete, because only then it is known what to give instead.
 */
final class FaultyHandler implements StreamingChatResponseHandler {

    private final StreamingChatResponseHandler handler;
    private final InjectedFault fault;
    private final FaultInjector injector;
    private final int before;
    private final StringBuilder text = new StringBuilder();
    private int given;
    private int chunks;
    private boolean struck;
    private boolean over;

    FaultyHandler(StreamingChatResponseHandler handler, InjectedFault fault, FaultInjector injector) {
        this.handler = handler;
        this.fault = fault;
        this.injector = injector;
        this.before = injector.faults().chunksBefore(fault.call());
    }

    @Override
    public void onPartialResponse(String partial) {
        if (passes(null)) {
            text.append(partial);
            if (!holdsText()) {
                handler.onPartialResponse(released());
            }
        }
    }

    @Override
    public void onPartialResponse(PartialResponse partial, PartialResponseContext context) {
        if (passes(context.streamingHandle())) {
            text.append(partial.text());
            if (!holdsText()) {
                handler.onPartialResponse(
                        new PartialResponse(released()),
                        new PartialResponseContext(new WakingHandle(context.streamingHandle(), injector)));
            }
        }
    }

    /** The text that the handler did not get yet. */
    private String released() {
        String held = text.substring(given);
        given = text.length();
        return held;
    }

    @Override
    public void onPartialThinking(PartialThinking partial) {
        if (passes(null)) {
            handler.onPartialThinking(partial);
        }
    }

    @Override
    public void onPartialThinking(PartialThinking partial, PartialThinkingContext context) {
        if (passes(context.streamingHandle())) {
            handler.onPartialThinking(
                    partial, new PartialThinkingContext(new WakingHandle(context.streamingHandle(), injector)));
        }
    }

    @Override
    public void onPartialToolCall(PartialToolCall partial) {
        if (passes(null) && !holdsToolCalls()) {
            handler.onPartialToolCall(partial);
        }
    }

    @Override
    public void onPartialToolCall(PartialToolCall partial, PartialToolCallContext context) {
        if (passes(context.streamingHandle()) && !holdsToolCalls()) {
            handler.onPartialToolCall(
                    partial, new PartialToolCallContext(new WakingHandle(context.streamingHandle(), injector)));
        }
    }

    @Override
    public void onCompleteToolCall(CompleteToolCall call) {
        if (!over && !holdsToolCalls()) {
            handler.onCompleteToolCall(call);
        }
    }

    @Override
    public void onUnmappedRawEvent(Object event) {
        if (!over) {
            handler.onUnmappedRawEvent(event);
        }
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
        if (over) {
            return;
        }
        over = true;
        switch (fault.fault()) {
            case STALL -> {
                strike(null);
                handler.onCompleteResponse(response);
            }
            case TRUNCATED -> handler.onCompleteResponse(Spoiled.truncated(response, text.toString()));
            case BROKEN_EVENT -> breakEvent(response);
            case MALFORMED_JSON -> give(Spoiled.malformed(response));
            case EMPTY_ANSWER -> give(Spoiled.empty(response));
            case MADE_UP_CITATION ->
                give(Spoiled.citing(response, injector.faults().madeUpSource(fault.call())));
            default -> handler.onCompleteResponse(response);
        }
    }

    @Override
    public void onError(Throwable error) {
        if (!over) {
            over = true;
            handler.onError(error);
        }
    }

    /** Whether a chunk reaches the handler; strikes first if it is time to. */
    private boolean passes(@Nullable StreamingHandle handle) {
        if (!over && chunks++ == before) {
            strike(handle);
            return !over && (handle == null || !handle.isCancelled());
        }
        return !over;
    }

    private void strike(@Nullable StreamingHandle handle) {
        if (struck) {
            return;
        }
        struck = true;
        switch (fault.fault()) {
            case STALL -> injector.stall(() -> handle != null && handle.isCancelled());
            case TRUNCATED -> end(handle, Spoiled.truncated(null, text.toString()));
            case BROKEN_EVENT -> {
                over = true;
                cancel(handle);
                breakEvent(Spoiled.truncated(null, text.toString()));
            }
            default -> {
                // faults of content strike at the end
            }
        }
    }

    private void end(@Nullable StreamingHandle handle, ChatResponse response) {
        over = true;
        cancel(handle);
        handler.onCompleteResponse(response);
    }

    private static void cancel(@Nullable StreamingHandle handle) {
        if (handle != null) {
            handle.cancel();
        }
    }

    private void breakEvent(ChatResponse response) {
        handler.onError(new RuntimeException(FaultInjector.message(fault, "broken event")));
        handler.onCompleteResponse(response);
    }

    private boolean holdsText() {
        return switch (fault.fault()) {
            case MALFORMED_JSON, EMPTY_ANSWER -> true;
            case MADE_UP_CITATION -> text.toString().isBlank() || Spoiled.isJson(text.toString());
            default -> false;
        };
    }

    private boolean holdsToolCalls() {
        return fault.fault() == Fault.MALFORMED_JSON || fault.fault() == Fault.EMPTY_ANSWER;
    }

    /** Gives what was held back, in its spoiled form, and completes. */
    private void give(ChatResponse response) {
        String spoiled =
                response.aiMessage().text() == null ? "" : response.aiMessage().text();
        String rest = spoiled.substring(Math.min(given, spoiled.length()));
        if (!rest.isEmpty()) {
            handler.onPartialResponse(rest);
        }
        if (holdsToolCalls()) {
            for (int i = 0; i < response.aiMessage().toolExecutionRequests().size(); i++) {
                handler.onCompleteToolCall(new CompleteToolCall(
                        i, response.aiMessage().toolExecutionRequests().get(i)));
            }
        }
        handler.onCompleteResponse(response);
    }
}
