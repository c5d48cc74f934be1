package io.fmware;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A langchain4j streaming model behind a pipeline. Every way of calling it goes through the chain once, on a thread of the
 * pipeline; the call returns at once. The handler gets the pieces of the answer in order and then exactly one terminal event:
 * the answer, or an error. A handler that throws ends its stream with what it threw.
 *
 * <p>Thread-safe.
 */
public final class FmStreamingChatModel implements StreamingChatModel {
    private final StreamingChatModel delegate;
    private final Entrance entrance;

    FmStreamingChatModel(StreamingChatModel delegate, Entrance entrance) {
        this.delegate = delegate;
        this.entrance = entrance;
    }

    /**
     * Starts a stream and hands back the means to end it: the only way to cancel before the first piece of output. A cancelled
     * stream ends in {@code onError} with a {@link CancelledException}.
     *
     * @param request the request
     * @param handler is given the output
     * @return cancels the stream
     */
    public StreamingHandle stream(ChatRequest request, StreamingChatResponseHandler handler) {
        return stream(request, ChatRequestOptions.EMPTY, handler);
    }

    /**
     * Starts a stream and hands back the means to end it.
     *
     * @param request the request
     * @param options options that reach the model
     * @param handler is given the output
     * @return cancels the stream
     * @see #stream(ChatRequest, StreamingChatResponseHandler)
     */
    public StreamingHandle stream(
            ChatRequest request, @Nullable ChatRequestOptions options, StreamingChatResponseHandler handler) {
        ChatRequest own = Requests.detached(entrance.checked(request));
        if (handler == null) {
            throw new IllegalArgumentException("the handler of the stream is null; give one that takes the answer");
        }
        StreamRoot root = new StreamRoot(entrance, handler);
        root.start(entrance.chat(root.scope(), own, options, root));
        return root;
    }

    @Override
    public void chat(ChatRequest request, StreamingChatResponseHandler handler) {
        stream(request, ChatRequestOptions.EMPTY, handler);
    }

    @Override
    public void chat(ChatRequest request, @Nullable ChatRequestOptions options, StreamingChatResponseHandler handler) {
        stream(request, options, handler);
    }

    /** As {@link #chat(ChatRequest, StreamingChatResponseHandler)}: there is no way around the chain. */
    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        stream(request, ChatRequestOptions.EMPTY, handler);
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

    /** Shows the chain as it runs, such as {@code deadlines(reprompting(OpenAiStreamingChatModel gpt-4o))}. */
    @Override
    public String toString() {
        return entrance.toString();
    }
}
