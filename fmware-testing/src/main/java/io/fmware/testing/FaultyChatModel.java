package io.fmware.testing;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A chat model that calls another one and lets some calls go wrong, by a plan of {@link Faults}.
 *
 * <p>The listeners of the other model are notified by it; they do not see calls that never reach it.
 *
 * <p>Thread-safe. With the same plan and the same order of calls the same faults happen.
 */
public final class FaultyChatModel implements ChatModel {

    private final ChatModel delegate;
    private final FaultInjector injector;

    private FaultyChatModel(ChatModel delegate, Faults faults) {
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
    public static FaultyChatModel wrap(ChatModel delegate, Faults faults) {
        return new FaultyChatModel(delegate, faults);
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
    public ChatResponse chat(ChatRequest request) {
        return inject(() -> delegate.chat(request));
    }

    @Override
    public ChatResponse chat(ChatRequest request, ChatRequestOptions options) {
        return options == null || options.listenerAttributes().isEmpty()
                ? chat(request) // some models override only that
                : inject(() -> delegate.chat(request, options));
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
        return inject(() -> delegate.doChat(request));
    }

    private ChatResponse inject(Supplier<ChatResponse> call) {
        InjectedFault fault = injector.next();
        if (fault == null) {
            return call.get();
        }
        RuntimeException refusal = FaultInjector.refusal(fault);
        if (refusal != null) {
            throw refusal;
        }
        if (fault.fault() == Fault.STALL) {
            injector.stall(() -> false);
        }
        return spoiled(fault, call.get());
    }

    private ChatResponse spoiled(InjectedFault fault, @Nullable ChatResponse response) {
        Objects.requireNonNull(response, "the model returned no response");
        Faults faults = injector.faults();
        return switch (fault.fault()) {
            case TRUNCATED -> Spoiled.cut(response, faults.chunksBefore(fault.call()));
            case BROKEN_EVENT -> throw new RuntimeException(FaultInjector.message(fault, "broken event"));
            case MALFORMED_JSON -> Spoiled.malformed(response);
            case EMPTY_ANSWER -> Spoiled.empty(response);
            case MADE_UP_CITATION -> Spoiled.citing(response, faults.madeUpSource(fault.call()));
            default -> response;
        };
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
