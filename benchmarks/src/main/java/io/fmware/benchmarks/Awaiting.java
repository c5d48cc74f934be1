package io.fmware.benchmarks;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.concurrent.CountDownLatch;

/** A handler whose owner waits for the end of the stream. */
final class Awaiting implements StreamingChatResponseHandler {
    private final CountDownLatch end;
    private int characters;

    Awaiting(CountDownLatch end) {
        this.end = end;
    }

    /** Streams an answer and waits for it; the number of characters that came. */
    static int stream(StreamingChatModel model) throws InterruptedException {
        Awaiting handler = new Awaiting(new CountDownLatch(1));
        model.chat(Stubs.REQUEST, handler);
        handler.end.await();
        return handler.characters;
    }

    @Override
    public void onPartialResponse(String token) {
        characters += token.length();
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
        end.countDown();
    }

    @Override
    public void onError(Throwable error) {
        throw new IllegalStateException("a stub failed", error);
    }
}
