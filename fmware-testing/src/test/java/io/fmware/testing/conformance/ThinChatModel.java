package io.fmware.testing.conformance;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** A pass-through that does what the kit asks for; it counts the calls that it handles. */
final class ThinChatModel implements ChatModel {

    private final ChatModel delegate;
    private final AtomicLong calls = new AtomicLong();

    ThinChatModel(ChatModel delegate) {
        this.delegate = delegate;
    }

    @Override
    public ChatResponse chat(ChatRequest request) {
        calls.incrementAndGet();
        return delegate.chat(request);
    }

    @Override
    public ChatResponse chat(ChatRequest request, ChatRequestOptions options) {
        if (options == null || options.listenerAttributes().isEmpty()) {
            return chat(request);
        }
        calls.incrementAndGet();
        return delegate.chat(request, options);
    }

    long calls() {
        return calls.get();
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return delegate.defaultRequestParameters();
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
