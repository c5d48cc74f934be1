package io.fmware.testing.conformance;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;

/**
 * What the kits for both kinds of chat models ask of a decorator's test.
 *
 * @param <M> the kind of model
 */
abstract class ChatConformance<M> {
    static final String ONCE =
            "a wrapper whose doChat calls delegate.chat and that forwards listeners() as well notifies them twice,"
                    + " which doubles every count of calls, tokens and cost: return List.of() from listeners() or override"
                    + " both chat methods";

    ChatConformance() {}

    /**
     * Wraps a model in the decorator under test.
     *
     * @param delegate the model to wrap
     * @return the decorator
     */
    protected abstract M decorate(M delegate);

    /**
     * How many calls a decorator has handled so far, for the rule that no form of {@code chat} bypasses it.
     *
     * @param decorated what {@link #decorate} returned
     * @return the number, or -1 if it cannot be told: then that rule is left out
     */
    protected long interceptions(M decorated) {
        return -1;
    }

    /**
     * Whether {@code defaultRequestParameters()} are those of the delegate; a router of several models has none to forward.
     *
     * @return true unless overridden
     */
    protected boolean forwardsDefaultRequestParameters() {
        return true;
    }

    /**
     * Whether {@code provider()} and {@code supportedCapabilities()} are those of the delegate.
     *
     * @return true unless overridden
     */
    protected boolean forwardsProviderAndCapabilities() {
        return true;
    }

    /**
     * Whether a request of a subclass reaches, as it is, a delegate that overrides the form of {@code chat} with a request and
     * no options.
     *
     * @return true unless overridden
     */
    protected boolean keepsRequestSubclasses() {
        return true;
    }

    /**
     * Whether models work that override the form of {@code chat} with a request and no options, and nothing else.
     *
     * @return true unless overridden
     */
    protected boolean supportsLegacyModels() {
        return true;
    }

    static ChatRequest request(String text) {
        return ChatRequest.builder().messages(UserMessage.from(text)).build();
    }

    static ChatRequestOptions options(String key, String value) {
        return ChatRequestOptions.builder().addListenerAttribute(key, value).build();
    }
}
