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
    private final Engine engine;
    private final ChatModel delegate;
    private final Target target;
    private final Chain chain;

    FmChatModel(Engine engine, ChatModel delegate, Target target, Chain chain) {
        this.engine = engine;
        this.delegate = delegate;
        this.target = target;
        this.chain = chain;
    }

    @Override
    public ChatResponse chat(ChatRequest request) {
        return chat(request, ChatRequestOptions.EMPTY);
    }

    @Override
    public ChatResponse chat(ChatRequest request, @Nullable ChatRequestOptions options) {
        Requests.checked(request, engine.maxRequestCharacters());
        long begun = engine.begin();
        try {
            CallScope scope = new CallScope(engine, Mode.BLOCKING, Cancellation.NEVER, Thread.currentThread());
            return engine.run(chain, call(scope, request, options), begun).response();
        } finally {
            engine.end();
        }
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
        ChatRequest own = Requests.detached(Requests.checked(request, engine.maxRequestCharacters()));
        return AsyncCall.start(engine, chain, scope -> call(scope, own, options), FmReply::response);
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

    private FmCall call(CallScope scope, ChatRequest request, @Nullable ChatRequestOptions options) {
        ChatRequestOptions given = options == null ? ChatRequestOptions.EMPTY : options;
        return FmCall.chat(
                scope,
                target,
                request,
                CallOptions.forModel(given),
                TokenSink.none(),
                CallOptions.deadline(given, engine.time()));
    }

    boolean isOf(Engine other) {
        return engine == other;
    }

    /** Runs a call of another chain that ends at this model. */
    FmReply enter(FmCall outer) {
        long begun = engine.begin();
        try {
            return engine.run(chain, outer.into(engine, target), begun);
        } finally {
            engine.end();
        }
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
        return chain.toString();
    }
}
