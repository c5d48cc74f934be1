package io.fmware.observability.recorder;

import dev.langchain4j.model.chat.response.PartialToolCall;
import io.fmware.StreamEvent;
import io.fmware.event.Redactor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The pieces of one streamed answer. What a secret may be made of is held back until it is known, so that the text of a piece may
 * come with one of the next; how long the piece was is told at once. Not thread-safe: pieces come one at a time.
 */
final class Pieces {
    private static final String TEXT = "text";

    private final Redactor redactor;
    private final Map<String, Redactor.Stream> streams = new TreeMap<>();
    private long count;
    private boolean kept;

    /**
     * A piece as it is recorded.
     *
     * @param number its number in the stream, from 1; 0 for what was held back to the end
     * @param of what it is a piece of
     * @param chars how long it was, in characters
     * @param text what can be told of it, {@code null} for nothing yet
     */
    record Piece(
            long number, String of, int chars, @Nullable String text) {}

    Pieces(Redactor redactor) {
        this.redactor = redactor;
    }

    /** A piece as langchain4j gives it to a handler. */
    static Object raw(StreamEvent piece) {
        if (piece instanceof StreamEvent.Text text) {
            return text.partial();
        }
        if (piece instanceof StreamEvent.Thinking thinking) {
            return thinking.partial();
        }
        if (piece instanceof StreamEvent.ToolCallPart part) {
            return part.partial();
        }
        return piece instanceof StreamEvent.ToolCall call ? call.call() : ((StreamEvent.Raw) piece).event();
    }

    /** How many came so far. */
    long count() {
        return count;
    }

    /** Whether the text of the last piece is recorded at once, and what is left of it. */
    boolean isKept() {
        return kept;
    }

    void keep(boolean recorded) {
        kept = recorded;
    }

    Piece next(StreamEvent piece) {
        count++;
        if (piece instanceof StreamEvent.Text text) {
            return part(TEXT, text.text());
        }
        if (piece instanceof StreamEvent.Thinking thinking) {
            return part("thinking", thinking.partial().text());
        }
        if (piece instanceof StreamEvent.ToolCallPart part) {
            PartialToolCall call = part.partial();
            return part("arguments " + call.index(), call.partialArguments());
        }
        if (piece instanceof StreamEvent.ToolCall call) {
            String arguments = call.call().toolExecutionRequest().arguments();
            return new Piece(
                    count,
                    "tool call",
                    arguments == null ? 0 : arguments.length(),
                    arguments == null ? null : redactor.redactJson(arguments));
        }
        return new Piece(count, "other", 0, null);
    }

    private Piece part(String of, @Nullable String text) {
        if (text == null) {
            return new Piece(count, of, 0, null);
        }
        return new Piece(
                count,
                of,
                text.length(),
                told(streams.computeIfAbsent(of, key -> redactor.stream()).accept(text)));
    }

    private static @Nullable String told(String text) {
        return text.isEmpty() ? null : text;
    }

    /** What was held back, by what it belongs to. */
    List<Piece> rest() {
        return streams.entrySet().stream()
                .map(each -> new Piece(0, each.getKey(), 0, told(each.getValue().end())))
                .filter(each -> each.text() != null)
                .toList();
    }
}
