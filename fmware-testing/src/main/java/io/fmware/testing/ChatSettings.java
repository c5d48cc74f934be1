package io.fmware.testing;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What every builder of a fake chat model, streaming or not, can set.
 *
 * @param <B> the builder
 */
abstract class ChatSettings<B extends ChatSettings<B>> {

    private List<ChatModelListener> listeners = List.of();
    private ChatRequestParameters defaultRequestParameters = DefaultChatRequestParameters.EMPTY;
    private ModelProvider provider = ModelProvider.OTHER;
    private Set<Capability> supportedCapabilities;

    ChatSettings(Capability... capabilities) {
        this.supportedCapabilities = Set.of(capabilities);
    }

    abstract B self();

    ChatTraits traits() {
        return new ChatTraits(listeners, defaultRequestParameters, provider, supportedCapabilities);
    }

    /**
     * Sets the listeners, which langchain4j notifies around each call.
     *
     * @param listeners the listeners
     * @return this builder
     */
    public B listeners(ChatModelListener... listeners) {
        this.listeners = List.of(listeners);
        return self();
    }

    /**
     * Sets the parameters that langchain4j merges into each request.
     *
     * @param parameters the parameters, possibly of a provider's own type
     * @return this builder
     */
    public B defaultRequestParameters(ChatRequestParameters parameters) {
        this.defaultRequestParameters = Objects.requireNonNull(parameters, "parameters");
        return self();
    }

    /**
     * Sets the provider that the model claims; {@code OTHER} by default.
     *
     * @param provider the provider
     * @return this builder
     */
    public B provider(ModelProvider provider) {
        this.provider = Objects.requireNonNull(provider, "provider");
        return self();
    }

    /**
     * Sets the capabilities that the model claims, in place of its own.
     *
     * @param capabilities the capabilities
     * @return this builder
     */
    public B supportedCapabilities(Capability... capabilities) {
        this.supportedCapabilities = Set.of(capabilities);
        return self();
    }
}
