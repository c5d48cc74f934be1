package io.fmware.testing.conformance;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.List;

/** A decorator as it is written first: it implements {@code doChat}, the one method that asks to be implemented. */
final class NaiveChatModel implements ChatModel {

    private final ChatModel delegate;

    NaiveChatModel(ChatModel delegate) {
        this.delegate = delegate;
    }

    @Override
    public ChatResponse doChat(ChatRequest request) {
        return delegate.chat(request);
    }

    @Override
    public List<ChatModelListener> listeners() {
        return delegate.listeners();
    }
}
