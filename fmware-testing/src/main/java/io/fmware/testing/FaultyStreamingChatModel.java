package io.fmware.testing;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A streaming chat model that calls another one and lets some calls go wrong, by a plan of {@link Faults}: the twin of
 * {@link FaultyChatModel}.
 *
 * <p>A refusal is handed to {@code onError} on the calling thread. Faults in mid-stream strike after 1 to 3 chunks; a
 * stream that is shorter suffers them at its end.
 *
 * <p>Thread-safe. With the same plan and the same order of calls the same faults happen.
 */
public final class FaultyStreamingChatModel implements StreamingChatModel {

    private final StreamingChatModel delegate;
    private final FaultInjector injector;

    private FaultyStreamingChatModel(StreamingChatModel delegate, Faults faults) {
        this.delegate = Objects.requireNonNull(delegate, "delegate");
        this.injector = new FaultInjector(Objects.requireNonNull(faults, "faults"));
    }

    /**
     * Wraps a model.
     *
     * @param delegate the model to call
     * @param faults the plan
     * @return the model with faults
     */
    public static FaultyStreamingChatModel wrap(StreamingChatModel delegate, Faults faults) {
        return new FaultyStreamingChatModel(delegate, faults);
    }

    /**
     * The faults injected so far, in order.
     *
     * @return an immutable list
     */
    public List<InjectedFault> injected() {
        return injector.injected();
    }

    @Override
    public void chat(ChatRequest request, StreamingChatResponseHandler handler) {
        inject(handler, faulty -> delegate.chat(request, faulty));
    }

    @Override
    public void chat(ChatRequest request, ChatRequestOptions options, StreamingChatResponseHandler handler) {
        if (options == null || options.listenerAttributes().isEmpty()) {
            chat(request, handler); // some models override only that
        } else {
            inject(handler, faulty -> delegate.chat(request, options, faulty));
        }
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        inject(handler, faulty -> delegate.doChat(request, faulty));
    }

    private void inject(StreamingChatResponseHandler handler, Consumer<StreamingChatResponseHandler> call) {
        InjectedFault fault = injector.next();
        if (fault == null) {
            call.accept(handler);
            return;
        }
        RuntimeException refusal = FaultInjector.refusal(fault);
        if (refusal != null) {
            handler.onError(refusal);
        } else {
            call.accept(new FaultyHandler(handler, fault, injector));
        }
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return delegate.defaultRequestParameters();
    }

    @Override
    public List<ChatModelListener> listeners() {
        return delegate.listeners();
    }

    @Override
    public ModelProvider provider() {
        return delegate.provider();
    }

    @Override
    public Set<Capability> supportedCapabilities() {
        return delegate.supportedCapabilities();
    }
}
