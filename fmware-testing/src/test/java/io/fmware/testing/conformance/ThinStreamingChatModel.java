package io.fmware.testing.conformance;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** A pass-through that hands the handler on as it is; it counts the calls that it handles. */
final class ThinStreamingChatModel implements StreamingChatModel {

    private final StreamingChatModel delegate;
    private final AtomicLong calls = new AtomicLong();

    ThinStreamingChatModel(StreamingChatModel delegate) {
        this.delegate = delegate;
    }

    @Override
    public void chat(ChatRequest request, StreamingChatResponseHandler handler) {
        calls.incrementAndGet();
        delegate.chat(request, handler);
    }

    @Override
    public void chat(ChatRequest request, ChatRequestOptions options, StreamingChatResponseHandler handler) {
        if (options == null || options.listenerAttributes().isEmpty()) {
            chat(request, handler);
            return;
        }
        calls.incrementAndGet();
        delegate.chat(request, options, handler);
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
