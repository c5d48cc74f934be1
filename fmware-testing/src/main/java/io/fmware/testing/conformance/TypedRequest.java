package io.fmware.testing.conformance;

import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;

/** A request of a provider's own type. */
final class TypedRequest extends ChatRequest {

    TypedRequest(String text) {
        super(ChatRequest.builder().messages(UserMessage.from(text)));
    }
}
