package io.fmware.observability.recorder;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.model.chat.response.PartialToolCall;
import io.fmware.StreamEvent;
import io.fmware.event.Redactor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The pieces of one streamed answer. What a secret may be made of is held back until it is known, so that the text of a piece may
 * come with one of the next; how long the piece was is told at once. Not thread-safe: pieces come one at a time.
 */
final class Pieces {
    static final String TEXT = "text";
    static final String THINKING = "thinking";
    static final String ARGUMENTS = "arguments";
    static final String CALL = "tool call";

    private final Redactor redactor;
    private final Map<Part, Channel> channels = new LinkedHashMap<>();
    private long count;
    private boolean kept;

    /**
     * A piece as it is recorded.
     *
     * @param number its number in the stream, from 1; 0 for what was held back to the end
     * @param part what it is a piece of
     * @param chars how long it was, in characters
     * @param text what can be told of it, {@code null} for nothing yet
     * @param id the id of a tool call
     * @param tool the tool that is called
     */
    record Piece(
            long number,
            Part part,
            int chars,
            @Nullable String text,
            @Nullable String id,
            @Nullable String tool) {}

    /**
     * What pieces belong to.
     *
     * @param of the kind
     * @param index which of several tool calls
     */
    record Part(String of, @Nullable Integer index) {}

    /** A text in pieces. */
    private final class Channel {
        private final Redactor.Stream stream = redactor.stream();
        private String half = "";

        /** What can be told with the next piece; half a character waits for the other half. */
        @Nullable
        String next(String text) {
            String told = half + stream.accept(text);
            int end = told.length();
            boolean cut = end > 0 && Character.isHighSurrogate(told.charAt(end - 1));
            half = cut ? told.substring(end - 1) : "";
            return told(cut ? told.substring(0, end - 1) : told);
        }

        @Nullable
        String end() {
            return told(half + stream.end());
        }

        private static @Nullable String told(String text) {
            return text.isEmpty() ? null : text;
        }
    }

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
            return next(new Part(TEXT, null), text.text(), null, null);
        }
        if (piece instanceof StreamEvent.Thinking thinking) {
            return next(new Part(THINKING, null), thinking.partial().text(), null, null);
        }
        if (piece instanceof StreamEvent.ToolCallPart part) {
            PartialToolCall call = part.partial();
            return next(new Part(ARGUMENTS, call.index()), call.partialArguments(), call.id(), call.name());
        }
        if (piece instanceof StreamEvent.ToolCall call) {
            ToolExecutionRequest request = call.call().toolExecutionRequest();
            String arguments = request.arguments();
            return new Piece(
                    count,
                    new Part(CALL, call.call().index()),
                    arguments == null ? 0 : arguments.length(),
                    arguments == null ? null : redactor.redactJson(arguments),
                    request.id(),
                    request.name());
        }
        return new Piece(count, new Part("other", null), 0, null, null, null);
    }

    private Piece next(Part part, @Nullable String text, @Nullable String id, @Nullable String tool) {
        String told = text == null
                ? null
                : channels.computeIfAbsent(part, key -> new Channel()).next(text);
        return new Piece(count, part, text == null ? 0 : text.length(), told, id, tool);
    }

    /** What was held back, by what it belongs to. */
    List<Piece> rest() {
        return channels.entrySet().stream()
                .map(each -> new Piece(0, each.getKey(), 0, each.getValue().end(), null, null))
                .filter(each -> each.text() != null)
                .toList();
    }
}
