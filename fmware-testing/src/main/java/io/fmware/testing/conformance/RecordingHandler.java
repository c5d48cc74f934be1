package io.fmware.testing.conformance;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Notes every callback in order. Thread-safe; waits in real time. */
class RecordingHandler implements StreamingChatResponseHandler {

    private static final Duration QUIET = Duration.ofMillis(25);

    private final List<Event> events = new ArrayList<>();
    private @Nullable ChatResponse response;
    private @Nullable Throwable error;
    private @Nullable StreamingHandle handle;

    /** A callback: what it was and the text that it brought. */
    record Event(String kind, String text) {

        boolean terminal() {
            return kind.equals("complete") || kind.equals("error");
        }

        @Override
        public String toString() {
            return text.isEmpty() ? kind : kind + "(" + text + ")";
        }
    }

    private synchronized void note(String kind, String text) {
        events.add(new Event(kind, text));
        notifyAll();
    }

    @Override
    public void onPartialResponse(String partial) {
        note("partial", partial);
    }

    @Override
    public void onPartialResponse(PartialResponse partial, PartialResponseContext context) {
        synchronized (this) {
            handle = context.streamingHandle();
        }
        onPartialResponse(partial.text());
    }

    @Override
    public void onPartialThinking(PartialThinking partial) {
        note("thinking", partial.text());
    }

    @Override
    public void onPartialToolCall(PartialToolCall partial) {
        note("toolPart", partial.partialArguments());
    }

    @Override
    public void onCompleteToolCall(CompleteToolCall call) {
        note("tool", call.toolExecutionRequest().name());
    }

    @Override
    public void onUnmappedRawEvent(Object event) {
        note("raw", event.toString());
    }

    @Override
    public void onCompleteResponse(ChatResponse complete) {
        synchronized (this) {
            response = complete;
        }
        note("complete", "");
    }

    @Override
    public void onError(Throwable thrown) {
        synchronized (this) {
            error = thrown;
        }
        note("error", thrown.getClass().getSimpleName());
    }

    synchronized List<Event> events() {
        return List.copyOf(events);
    }

    synchronized @Nullable ChatResponse response() {
        return response;
    }

    synchronized @Nullable Throwable error() {
        return error;
    }

    synchronized @Nullable StreamingHandle handle() {
        return handle;
    }

    String texts(String kind) {
        return events().stream()
                .filter(event -> event.kind().equals(kind))
                .map(Event::text)
                .collect(Collectors.joining());
    }

    long terminals() {
        return events().stream().filter(Event::terminal).count();
    }

    /** Whether a terminal event comes within a time. */
    boolean ends(Duration within) {
        return comes(Event::terminal, within);
    }

    /** Whether an event comes within a time. */
    synchronized boolean comes(Predicate<Event> which, Duration within) {
        long until = System.nanoTime() + within.toNanos();
        while (events.stream().noneMatch(which)) {
            long left = (until - System.nanoTime()) / 1_000_000;
            if (left <= 0 || interrupted(left)) {
                return false;
            }
        }
        return true;
    }

    /** Waits until nothing has come for a moment: a decorator may deliver on a thread of its own. */
    synchronized void awaitQuiet() {
        int seen = -1;
        while (seen != events.size()) {
            seen = events.size();
            long until = System.nanoTime() + QUIET.toNanos();
            long left = QUIET.toMillis();
            while (left > 0 && seen == events.size() && !interrupted(left)) {
                left = (until - System.nanoTime()) / 1_000_000;
            }
        }
    }

    @SuppressWarnings("WaitNotInLoop") // the callers loop
    private synchronized boolean interrupted(long millis) {
        try {
            wait(millis);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
