package io.fmware.testing;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Streams one reply to one handler, once. */
final class StreamPlayback implements Runnable, StreamingHandle {

    private final ScriptPlayer player;
    private final Reply reply;
    private final StreamingChatResponseHandler handler;
    private volatile boolean cancelled;
    private boolean stalled;

    StreamPlayback(ScriptPlayer player, Reply reply, StreamingChatResponseHandler handler) {
        this.player = player;
        this.reply = reply;
        this.handler = handler;
    }

    @Override
    public void cancel() {
        cancelled = true;
        player.wake();
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    @Override
    public void run() {
        if (reply.has(Quirk.NEVER_ANSWERS)) {
            return;
        }
        try {
            play();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            error(new RuntimeException(e));
        }
    }

    private void play() throws InterruptedException {
        player.pause(reply.firstDelay, this::stopped);
        for (Object event : reply.rawEvents) {
            if (stopped()) {
                return;
            }
            guarded(() -> handler.onUnmappedRawEvent(event));
        }
        List<Chunks.Chunk> chunks = Chunks.of(reply);
        int given = 0;
        for (Chunks.Chunk chunk : chunks) {
            if (!(chunk instanceof Chunks.ToolEnd)) {
                if (endsAfter(given, false)) {
                    return;
                }
                if (given++ > 0) {
                    player.pause(reply.chunkDelay, this::stopped);
                }
            }
            if (stopped()) {
                return;
            }
            give(chunk);
        }
        if (!endsAfter(given, true)) {
            complete(reply.response());
        }
    }

    /** Stalls if it is time to, and tells whether the stream is over before the next chunk. */
    private boolean endsAfter(int given, boolean noMore) throws InterruptedException {
        if (!stalled && due(reply.stallAfter, given, noMore)) {
            stalled = true;
            player.stall(this::stopped);
        }
        if (stopped()) {
            return true;
        }
        if (reply.error != null && due(reply.failAfter, given, noMore)) {
            error(reply.error);
            return true;
        }
        if (due(reply.truncateAfter, given, noMore)) {
            complete(Chunks.truncated(reply));
            return true;
        }
        return false;
    }

    /** What is to happen after more chunks than there are happens at the end. */
    private static boolean due(int after, int given, boolean noMore) {
        return after <= given || (noMore && after != Reply.Builder.NOWHERE);
    }

    private boolean stopped() {
        return cancelled && !reply.has(Quirk.IGNORES_CANCEL);
    }

    private void give(Chunks.Chunk chunk) {
        boolean legacy = reply.has(Quirk.LEGACY_CALLBACKS);
        if (chunk instanceof Chunks.Thinking thinking) {
            PartialThinking partial = new PartialThinking(thinking.text());
            guarded(
                    legacy
                            ? () -> handler.onPartialThinking(partial)
                            : () -> handler.onPartialThinking(partial, new PartialThinkingContext(this)));
        } else if (chunk instanceof Chunks.Text text) {
            if (reply.has(Quirk.EMPTY_PARTIALS)) {
                guarded(() -> handler.onPartialResponse(""));
            }
            guarded(
                    legacy
                            ? () -> handler.onPartialResponse(text.text())
                            : () -> handler.onPartialResponse(
                                    new PartialResponse(text.text()), new PartialResponseContext(this)));
        } else if (chunk instanceof Chunks.ToolArguments arguments) {
            guarded(
                    legacy
                            ? () -> handler.onPartialToolCall(arguments.part())
                            : () -> handler.onPartialToolCall(arguments.part(), new PartialToolCallContext(this)));
        } else if (chunk instanceof Chunks.ToolEnd end) {
            guarded(() -> handler.onCompleteToolCall(end.call()));
        }
    }

    @SuppressWarnings("NullAway") // a scripted null is handed on as it is
    private void complete(ChatResponse response) {
        @Nullable ChatResponse given = reply.has(Quirk.NULL_RESPONSE) ? null : response;
        guarded(() -> handler.onCompleteResponse(given));
        if (reply.has(Quirk.COMPLETES_TWICE)) {
            guarded(() -> handler.onCompleteResponse(given));
        }
        if (reply.has(Quirk.ERROR_AFTER_COMPLETE)) {
            raise(new IllegalStateException("scripted error after completion"));
        }
        late();
    }

    private void error(Throwable error) {
        raise(error);
        if (reply.has(Quirk.COMPLETE_AFTER_ERROR)) {
            guarded(() -> handler.onCompleteResponse(reply.response()));
        }
        late();
    }

    private void late() {
        if (reply.has(Quirk.PARTIAL_AFTER_TERMINAL)) {
            give(new Chunks.Text("late"));
        }
    }

    /** As langchain4j's clients do: what the handler throws comes back to its {@code onError}, and the stream goes on. */
    private void guarded(Runnable callback) {
        try {
            callback.run();
        } catch (Exception e) {
            raise(e);
        }
    }

    /** As langchain4j's clients do: what {@code onError} throws is dropped. */
    private void raise(Throwable error) {
        try {
            handler.onError(error);
        } catch (Exception e) {
            if (e != error) {
                error.addSuppressed(e);
            }
        }
    }
}
