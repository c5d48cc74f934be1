package io.fmware;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Notes what a stream gives, and every breach of the promise: one event at a time, one terminal event, nothing after it. */
final class RecordingHandler implements StreamingChatResponseHandler {
    private final List<String> events = new ArrayList<>();
    private final List<String> breaches = new ArrayList<>();
    private final AtomicReference<Thread> inside = new AtomicReference<>();
    private final CountDownLatch first = new CountDownLatch(1);
    private final CountDownLatch terminal = new CountDownLatch(1);
    private volatile ChatResponse response;
    private volatile Throwable error;
    private volatile BiConsumer<String, StreamingHandle> onText = (text, handle) -> {};
    private volatile Consumer<ChatResponse> onComplete = complete -> {};
    private volatile Consumer<Throwable> onError = failure -> {};

    /** Does more on each piece of text. */
    RecordingHandler onText(BiConsumer<String, StreamingHandle> action) {
        onText = action;
        return this;
    }

    RecordingHandler onComplete(Consumer<ChatResponse> action) {
        onComplete = action;
        return this;
    }

    RecordingHandler onFailure(Consumer<Throwable> action) {
        onError = action;
        return this;
    }

    @Override
    public void onPartialResponse(String partial) {
        throw new AssertionError("the form without context was called");
    }

    @Override
    public void onPartialResponse(PartialResponse partial, PartialResponseContext context) {
        event("text:" + partial.text(), () -> onText.accept(partial.text(), context.streamingHandle()));
    }

    @Override
    public void onPartialThinking(PartialThinking partial) {
        event("thinking:" + partial.text(), () -> {});
    }

    @Override
    public void onPartialToolCall(PartialToolCall partial) {
        event("part:" + partial.partialArguments(), () -> {});
    }

    @Override
    public void onCompleteToolCall(CompleteToolCall call) {
        event(
                "tool:" + call.toolExecutionRequest().name()
                        + call.toolExecutionRequest().arguments(),
                () -> {});
    }

    @Override
    public void onUnmappedRawEvent(Object event) {
        event("raw:" + event, () -> {});
    }

    @Override
    public void onCompleteResponse(ChatResponse complete) {
        response = complete;
        event("complete", () -> onComplete.accept(complete));
    }

    @Override
    public void onError(Throwable failure) {
        error = failure;
        event("error", () -> onError.accept(failure));
    }

    private void event(String event, Runnable action) {
        Thread other = inside.getAndSet(Thread.currentThread());
        boolean last = event.equals("complete") || event.equals("error");
        synchronized (events) {
            if (other != null) {
                breaches.add(event + " came while another event was being handled");
            }
            if (!events.isEmpty() && isTerminal(events.get(events.size() - 1))) {
                breaches.add(event + " came after the terminal event");
            }
            events.add(event);
        }
        first.countDown();
        try {
            action.run();
        } finally {
            inside.set(other);
            if (last) {
                terminal.countDown();
            }
        }
    }

    private static boolean isTerminal(String event) {
        return event.equals("complete") || event.equals("error");
    }

    List<String> events() {
        synchronized (events) {
            return List.copyOf(events);
        }
    }

    /** The pieces of text, one after the other. */
    String streamedText() {
        StringBuilder text = new StringBuilder();
        events().stream().filter(e -> e.startsWith("text:")).forEach(e -> text.append(e.substring(5)));
        return text.toString();
    }

    Throwable error() {
        return error;
    }

    void awaitFirst() {
        await(first, "a first event");
    }

    Outcome awaitEnd() {
        await(terminal, "a terminal event");
        return new Outcome(response, error, events());
    }

    private void await(CountDownLatch latch, String what) {
        try {
            assertThat(latch.await(Rig.BOUND_SECONDS, TimeUnit.SECONDS))
                    .as("%s within %s s; so far there were %s", what, Rig.BOUND_SECONDS, events())
                    .isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted while waiting for " + what, e);
        }
    }

    /** To be called when nothing more can come. */
    void verify() {
        synchronized (events) {
            assertThat(breaches)
                    .as("breaches of the streaming contract in %s", events)
                    .isEmpty();
            assertThat(events.stream().filter(RecordingHandler::isTerminal).count())
                    .as("terminal events in %s", events)
                    .isEqualTo(1);
        }
    }
}
