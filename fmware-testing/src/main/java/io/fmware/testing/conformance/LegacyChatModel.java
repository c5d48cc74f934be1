package io.fmware.testing.conformance;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A model that overrides {@code chat(ChatRequest)} alone, as models from before request options do. */
final class LegacyChatModel implements ChatModel {

    private final List<ChatRequest> requests = new CopyOnWriteArrayList<>();
    private final ChatResponse response;

    LegacyChatModel(ChatResponse response) {
        this.response = response;
    }

    @Override
    public ChatResponse chat(ChatRequest request) {
        requests.add(request);
        return response;
    }

    List<ChatRequest> requests() {
        return requests;
    }
}
