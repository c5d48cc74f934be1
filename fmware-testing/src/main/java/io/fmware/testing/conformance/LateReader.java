package io.fmware.testing.conformance;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A model that looks at the messages on a thread of its own, once it is told to. */
final class LateReader implements StreamingChatModel {

    private final CountDownLatch go = new CountDownLatch(1);
    private final ChatResponse response;
    private volatile List<ChatMessage> seen = List.of();

    LateReader(ChatResponse response) {
        this.response = response;
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        Threads.start(() -> {
            try {
                // bounded: a decorator may wait for the end of the stream before its chat method returns
                boolean told = go.await(2, TimeUnit.SECONDS);
                seen = told ? List.copyOf(request.messages()) : seen;
                handler.onCompleteResponse(response);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    void go() {
        go.countDown();
    }

    List<ChatMessage> seen() {
        return seen;
    }
}
