package io.fmware;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.Set;

/**
 * A streaming model that takes pinned features, and does nothing with them; it can be asked in no other way.
 *
 * @param delegate answers
 */
record SteeredStream(StreamingChatModel delegate) implements SteerableStreamingChatModel {

    @Override
    public void steered(
            ChatRequest request, ChatRequestOptions options, Activations pinned, StreamingChatResponseHandler handler) {
        if (options.listenerAttributes().isEmpty()) {
            delegate.chat(request, handler);
        } else {
            delegate.chat(request, options, handler);
        }
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        throw new UnsupportedOperationException("asked without pinned features: " + request);
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
