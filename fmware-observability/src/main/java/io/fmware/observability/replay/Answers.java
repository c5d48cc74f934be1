package io.fmware.observability.replay;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import io.fmware.Activations;
import io.fmware.Boundary;
import io.fmware.FmCall;
import io.fmware.FmReply;
import io.fmware.Mode;
import io.fmware.observability.recorder.RecordedAnswer;
import io.fmware.observability.recorder.RecordedStream;
import io.fmware.observability.recorder.RecordedValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes answers again from what was recorded of them. */
final class Answers {

    private Answers() {}

    /** Why an answer cannot be made again, {@code null} where it can. */
    static @Nullable String lacking(Step step, ObjectNode given) {
        try {
            made(step, given);
            return null;
        } catch (UnrestorableException e) {
            return e.getMessage();
        }
    }

    /**
     * The answer of a boundary; one that was streamed is streamed first.
     *
     * @param pieces of its stream
     */
    static @Nullable Object of(Step step, ObjectNode given, List<ObjectNode> pieces, Boundary b)
            throws UnrestorableException {
        Object made = made(step, given);
        if (!(b.input() instanceof FmCall)) {
            return made;
        }
        if (made instanceof EmbeddingResponse embeddings) {
            return FmReply.of(embeddings, FmReply.Source.REPLAY).withAttempts(1);
        }
        ChatResponse response = (ChatResponse) Objects.requireNonNull(made, "a response");
        stream(pieces, b);
        return FmReply.of(response, FmReply.Source.REPLAY).withAttempts(1);
    }

    /** What a model reported with its answer, none where there is no answer, or none that can be read. */
    static Activations activations(Step attempt) {
        ObjectNode given = attempt.given();
        if (given == null || !given.has("answer") || !Problems.isWhole(given)) {
            return Activations.none();
        }
        try {
            return made(attempt, given) instanceof ChatResponse answer ? Activations.of(answer) : Activations.none();
        } catch (UnrestorableException e) {
            return Activations.none(); // Cassette.problems() tells of it
        }
    }

    /** Streams what was streamed, also where an error has cut it off. */
    static void stream(List<ObjectNode> pieces, Boundary b) {
        if (b.input() instanceof FmCall call
                && call.mode() == Mode.STREAMING
                && pieces.stream().allMatch(Problems::isWhole)) {
            RecordedStream.of(pieces).forEach(call.sink()::emit);
        }
    }

    private static @Nullable Object made(Step step, ObjectNode given) throws UnrestorableException {
        try {
            return switch (step.kind()) {
                case CALL, ATTEMPT, EMBEDDING ->
                    given.has("answer") ? RecordedAnswer.chat(given) : RecordedAnswer.embeddings(given);
                case TOOL -> RecordedValue.restored(given.has("result") ? given.path("result") : given.path("output"));
                case RETRIEVAL ->
                    given.has("documents") ? documents(given) : RecordedValue.restored(given.path("output"));
                case MEMORY_READ -> messages(given);
                case MEMORY_WRITE -> null;
                default -> RecordedValue.restored(given.path("output"));
            };
        } catch (IllegalArgumentException e) {
            throw new UnrestorableException(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) { // of langchain4j, where a message was damaged or is of another version
            throw new UnrestorableException("langchain4j cannot read it: " + e);
        }
    }

    private static List<Object> documents(ObjectNode given) {
        List<Object> documents = new ArrayList<>();
        given.path("documents").forEach(each -> documents.add(Objects.requireNonNull(RecordedValue.restored(each))));
        return documents;
    }

    private static List<ChatMessage> messages(ObjectNode given) {
        List<ChatMessage> messages = new ArrayList<>();
        given.path("messages").forEach(each -> messages.add(RecordedValue.message(each)));
        return messages;
    }
}
