package io.fmware.testing.conformance;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.concurrent.atomic.AtomicReference;

/** Breaks what the naive decorator keeps: skips the merge, drops parameters, wraps errors, remembers the first answer. */
final class HopelessChatModel implements ChatModel {

    private final ChatModel delegate;
    private final AtomicReference<String> first = new AtomicReference<>();

    HopelessChatModel(ChatModel delegate) {
        this.delegate = delegate;
    }

    @Override
    public ChatResponse chat(ChatRequest request) {
        try {
            String text = delegate.doChat(
                            ChatRequest.builder().messages(request.messages()).build())
                    .aiMessage()
                    .text();
            first.compareAndSet(null, text);
            return ChatResponse.builder().aiMessage(AiMessage.from(first.get())).build();
        } catch (RuntimeException e) {
            throw new IllegalStateException("the model failed", e);
        }
    }
}
