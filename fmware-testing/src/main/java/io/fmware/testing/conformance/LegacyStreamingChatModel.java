package io.fmware.testing.conformance;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A model that overrides {@code chat(ChatRequest, handler)} alone, as models from before request options do. */
final class LegacyStreamingChatModel implements StreamingChatModel {

    private final List<ChatRequest> requests = new CopyOnWriteArrayList<>();
    private final ChatResponse response;

    LegacyStreamingChatModel(ChatResponse response) {
        this.response = response;
    }

    @Override
    public void chat(ChatRequest request, StreamingChatResponseHandler handler) {
        requests.add(request);
        handler.onPartialResponse(response.aiMessage().text());
        handler.onCompleteResponse(response);
    }

    List<ChatRequest> requests() {
        return requests;
    }
}
