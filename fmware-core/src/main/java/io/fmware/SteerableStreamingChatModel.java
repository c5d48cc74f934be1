package io.fmware;

import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;

/** A streaming chat model whose features can be pinned: the twin of {@link SteerableChatModel}. */
public interface SteerableStreamingChatModel extends StreamingChatModel {
    /**
     * Answers with features pinned: as {@link StreamingChatModel#chat(ChatRequest, ChatRequestOptions,
     * StreamingChatResponseHandler)} otherwise, listeners and default parameters included.
     *
     * @param request the request
     * @param options the options of the call, empty where there are none
     * @param pinned at what features are held; those that the model does not have are ignored
     * @param handler is told the answer
     */
    void steered(
            ChatRequest request, ChatRequestOptions options, Activations pinned, StreamingChatResponseHandler handler);
}
