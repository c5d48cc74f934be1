package io.fmware;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.ChatRequestOptions;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;

/**
 * A chat model whose features can be pinned: held at an activation while it answers. A pipeline calls it this way where a call
 * carries {@link Activations#PINNED}, and like any other model where it does not. It should report the activations of its
 * features with each answer, see {@link Activations#reportedIn}.
 *
 * <p>A model that streams too is a {@link SteerableStreamingChatModel} of another class.
 */
public interface SteerableChatModel extends ChatModel {
    /**
     * Answers with features pinned: as {@link ChatModel#chat(ChatRequest, ChatRequestOptions)} otherwise, listeners and default
     * parameters included.
     *
     * @param request the request
     * @param options the options of the call, empty where there are none
     * @param pinned at what features are held; those that the model does not have are ignored
     * @return the answer
     */
    ChatResponse steered(ChatRequest request, ChatRequestOptions options, Activations pinned);
}
