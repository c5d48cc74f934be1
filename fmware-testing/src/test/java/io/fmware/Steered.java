package io.fmware;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.Set;

/**
 * A model that takes pinned features, and does nothing with them; it can be asked in no other way.
 *
 * @param delegate answers
 */
record Steered(ChatModel delegate) implements SteerableChatModel {

    @Override
    public ChatResponse steered(ChatRequest request, ChatRequestOptions options, Activations pinned) {
        return options.listenerAttributes().isEmpty() ? delegate.chat(request) : delegate.chat(request, options);
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
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
