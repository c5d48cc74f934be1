package io.fmware;

import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialToolCall;
import java.util.Objects;

/** A piece of output that a model gave before its answer was complete, in the types of langchain4j. Immutable. */
public sealed interface StreamEvent {

    /**
     * A piece of text. The pieces of an answer, one after the other, are its text.
     *
     * @param partial the piece, never empty
     */
    record Text(PartialResponse partial) implements StreamEvent {

        /**
         * Checks that nothing is {@code null}.
         *
         * @param partial the piece, never empty
         */
        public Text {
            Objects.requireNonNull(partial, "partial");
        }

        /**
         * A piece of text.
         *
         * @param text the piece, not empty
         */
        public Text(String text) {
            this(new PartialResponse(text));
        }

        /**
         * The text of the piece.
         *
         * @return the text
         */
        public String text() {
            return partial.text();
        }
    }

    /**
     * A piece of the model's thinking.
     *
     * @param partial the piece
     */
    record Thinking(PartialThinking partial) implements StreamEvent {

        /**
         * Checks that nothing is {@code null}.
         *
         * @param partial the piece
         */
        public Thinking {
            Objects.requireNonNull(partial, "partial");
        }
    }

    /**
     * A piece of the arguments of a tool call.
     *
     * @param partial the piece
     */
    record ToolCallPart(PartialToolCall partial) implements StreamEvent {

        /**
         * Checks that nothing is {@code null}.
         *
         * @param partial the piece
         */
        public ToolCallPart {
            Objects.requireNonNull(partial, "partial");
        }
    }

    /**
     * A tool call that is complete.
     *
     * @param call the tool call
     */
    record ToolCall(CompleteToolCall call) implements StreamEvent {

        /**
         * Checks that nothing is {@code null}.
         *
         * @param call the tool call
         */
        public ToolCall {
            Objects.requireNonNull(call, "call");
        }
    }

    /**
     * An event of the provider that langchain4j has no type for; passed through untouched. Many only say that the request has
     * come in, so it is no output: it is not the first piece of an answer, and a stream may start again after it. A caller may
     * then see the events of more than one attempt.
     *
     * @param event the provider's event
     */
    record Raw(Object event) implements StreamEvent {

        /**
         * Checks that nothing is {@code null}.
         *
         * @param event the provider's event
         */
        public Raw {
            Objects.requireNonNull(event, "event");
        }
    }
}
