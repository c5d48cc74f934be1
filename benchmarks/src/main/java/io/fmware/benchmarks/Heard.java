package io.fmware.benchmarks;

import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** What the handler of a stream was told, callback by callback. */
final class Heard implements StreamingChatResponseHandler {
    private final List<String> events = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private final CountDownLatch end = new CountDownLatch(1);
    private String answer = "";

    /** Asks a model, and waits for the end of its stream. */
    void ask(StreamingChatModel model) throws InterruptedException {
        model.chat(Stubs.REQUEST, this);
        end.await();
    }

    /** All of it. */
    List<String> events() {
        return events;
    }

    /** The pieces of the text, put together. */
    String text() {
        return text.toString();
    }

    /** The text of the complete answer. */
    String answer() {
        return answer;
    }

    /** The first callback that was another one, empty for none. */
    String difference(Heard other) {
        for (int i = 0; i < Math.max(events.size(), other.events.size()); i++) {
            String one = i < events.size() ? events.get(i) : "nothing";
            String two = i < other.events.size() ? other.events.get(i) : "nothing";
            if (!one.equals(two)) {
                return "callback " + (i + 1) + " of " + events.size() + " was\n  " + one + "\n  in the replay of "
                        + other.events.size() + "\n  " + two;
            }
        }
        return "";
    }

    @Override
    public void onPartialResponse(String piece) {
        events.add("text " + piece);
        text.append(piece);
    }

    @Override
    public void onPartialThinking(PartialThinking piece) {
        events.add("thinking " + piece.text());
    }

    @Override
    public void onPartialToolCall(PartialToolCall piece) {
        events.add("part of call " + piece.index() + " " + piece.id() + " " + piece.name() + " "
                + piece.partialArguments());
    }

    @Override
    public void onCompleteToolCall(CompleteToolCall call) {
        events.add("call " + call.index() + " " + call.toolExecutionRequest());
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
        answer = String.valueOf(response.aiMessage().text());
        events.add("answer " + response.aiMessage() + " " + response.finishReason() + " " + response.tokenUsage() + " "
                + response.id() + " " + response.modelName());
        end.countDown();
    }

    @Override
    public void onError(Throwable error) {
        events.add("error " + error.getClass().getName() + " " + error.getMessage());
        end.countDown();
    }
}
