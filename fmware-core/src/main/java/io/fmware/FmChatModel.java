package io.fmware;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A langchain4j chat model behind a pipeline. Every way of calling it goes through the chain once. The listeners of the model
 * behind it fire once for each time that model is really asked; this one has none of its own.
 *
 * <p>Thread-safe.
 */
public final class FmChatModel implements ChatModel {
    private final ChatModel delegate;
    private final Entrance entrance;

    FmChatModel(ChatModel delegate, Entrance entrance) {
        this.delegate = delegate;
        this.entrance = entrance;
    }

    @Override
    public ChatResponse chat(ChatRequest request) {
        return chat(request, ChatRequestOptions.EMPTY);
    }

    @Override
    public ChatResponse chat(ChatRequest request, @Nullable ChatRequestOptions options) {
        ChatRequest checked = entrance.checked(request);
        return entrance.run(entrance.chat(entrance.blocking(), checked, options, TokenSink.none()))
                .response();
    }

    /** As {@link #chat(ChatRequest)}: there is no way around the chain. */
    @Override
    public ChatResponse doChat(ChatRequest request) {
        return chat(request, ChatRequestOptions.EMPTY);
    }

    /**
     * Asks without keeping the calling thread. The chain runs on a thread of the pipeline. Cancelling the future cancels the
     * call.
     *
     * @param request the request
     * @return the answer to come; what goes wrong with the call completes it exceptionally
     * @throws IllegalArgumentException if the request is {@code null} or too large
     * @throws IllegalStateException if the pipeline is closed
     */
    public CompletableFuture<ChatResponse> chatAsync(ChatRequest request) {
        return chatAsync(request, ChatRequestOptions.EMPTY);
    }

    /**
     * Asks without keeping the calling thread.
     *
     * @param request the request
     * @param options options that reach the model
     * @return the answer to come
     * @see #chatAsync(ChatRequest)
     */
    public CompletableFuture<ChatResponse> chatAsync(ChatRequest request, @Nullable ChatRequestOptions options) {
        ChatRequest own = Requests.detached(entrance.checked(request));
        return AsyncCall.start(
                entrance, scope -> entrance.chat(scope, own, options, TokenSink.none()), FmReply::response);
    }

    /**
     * As {@link #chatAsync(ChatRequest)}: there is no way around the chain.
     *
     * @param request the request
     * @return the answer to come
     */
    public CompletableFuture<ChatResponse> doChatAsync(ChatRequest request) {
        return chatAsync(request, ChatRequestOptions.EMPTY);
    }

    Entrance entrance() {
        return entrance;
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return delegate.defaultRequestParameters();
    }

    /** None: those of the model behind fire when that is asked, and would fire twice if they were named here too. */
    @Override
    public List<ChatModelListener> listeners() {
        return List.of();
    }

    @Override
    public ModelProvider provider() {
        return delegate.provider();
    }

    @Override
    public Set<Capability> supportedCapabilities() {
        return delegate.supportedCapabilities();
    }

    /** Shows the chain as it runs, such as {@code deadlines(reprompting(OpenAiChatModel gpt-4o))}. */
    @Override
    public String toString() {
        return entrance.toString();
    }
}
