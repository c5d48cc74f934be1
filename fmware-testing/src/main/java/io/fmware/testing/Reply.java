package io.fmware.testing;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One reply of a {@link Script}: what is answered, in which pieces and at which pace, and what goes wrong.
 *
 * <p>A streaming model gives the parts in this order: raw events, thinking, text, tool calls, the terminal event. A
 * <em>chunk</em> is one partial callback of thinking, text or tool arguments; they are counted from the first of the
 * reply. Text and thinking are split into words unless told otherwise. A chat model gives the same reply in one piece,
 * after the sum of the delays. An embedding model looks at the vectors, the errors, the delays and the quirks.
 *
 * <p>Immutable and thread-safe.
 *
 * <p>Long for the documentation of its builder alone.
 */
public final class Reply {

    final @Nullable String text;
    final @Nullable String thinking;
    final List<ToolExecutionRequest> toolCalls;
    final List<Object> rawEvents;
    final List<float[]> vectors;
    final ChatResponseMetadata metadata;
    final @Nullable List<String> textChunks;
    final int chunkSize;
    final Duration firstDelay;
    final Duration chunkDelay;
    final int stallAfter;
    final int truncateAfter;
    final int failAfter;
    final @Nullable Throwable error;
    final Set<Quirk> quirks;

    private Reply(Builder builder) {
        this.text = builder.text;
        this.thinking = builder.thinking;
        this.toolCalls = List.copyOf(builder.toolCalls);
        this.rawEvents = List.copyOf(builder.rawEvents);
        this.vectors = List.copyOf(builder.vectors);
        this.metadata = ChatResponseMetadata.builder()
                .id(builder.id)
                .modelName(builder.modelName)
                .tokenUsage(builder.tokenUsage)
                .finishReason(builder.finishReason != null ? builder.finishReason : defaultFinishReason(toolCalls))
                .build();
        this.textChunks = builder.textChunks;
        this.chunkSize = builder.chunkSize;
        this.firstDelay = builder.firstDelay;
        this.chunkDelay = builder.chunkDelay;
        this.stallAfter = builder.stallAfter;
        this.truncateAfter = builder.truncateAfter;
        this.failAfter = builder.failAfter;
        this.error = builder.error;
        this.quirks = Collections.unmodifiableSet(EnumSet.copyOf(builder.quirks));
    }

    private static FinishReason defaultFinishReason(List<ToolExecutionRequest> toolCalls) {
        return toolCalls.isEmpty() ? FinishReason.STOP : FinishReason.TOOL_EXECUTION;
    }

    /**
     * A reply that is a text.
     *
     * @param text the text
     * @return the reply
     */
    public static Reply text(String text) {
        return builder().text(text).build();
    }

    /**
     * A reply that asks for one tool.
     *
     * @param name the tool
     * @param arguments its arguments, a JSON object
     * @return the reply
     */
    public static Reply toolCall(String name, String arguments) {
        return builder().toolCall(name, arguments).build();
    }

    /**
     * A reply that is an error: thrown by {@code chat}, handed to {@code onError} by a streaming model.
     *
     * @param error the error, of any kind
     * @return the reply
     */
    public static Reply error(Throwable error) {
        return builder().error(error).build();
    }

    /**
     * A reply that never comes.
     *
     * @return the reply
     * @see Quirk#NEVER_ANSWERS
     */
    public static Reply never() {
        return builder().quirks(Quirk.NEVER_ANSWERS).build();
    }

    /**
     * Starts an empty reply.
     *
     * @return the builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The complete response of this reply, as a well-behaved model would give it.
     *
     * @return a new response
     */
    public ChatResponse response() {
        AiMessage message = AiMessage.builder()
                .text(text)
                .thinking(thinking)
                .toolExecutionRequests(toolCalls)
                .build();
        return ChatResponse.builder().aiMessage(message).metadata(metadata).build();
    }

    boolean has(Quirk quirk) {
        return quirks.contains(quirk);
    }

    @Override
    public String toString() {
        return "Reply[" + (error != null ? error : response().aiMessage())
                + (quirks.isEmpty() ? "]" : ", " + quirks + "]");
    }

    /** Builds a {@link Reply}. Not thread-safe. */
    public static final class Builder {

        static final int NOWHERE = Integer.MAX_VALUE;

        private @Nullable String text;
        private @Nullable String thinking;
        private final List<ToolExecutionRequest> toolCalls = new ArrayList<>();
        private final List<Object> rawEvents = new ArrayList<>();
        private final List<float[]> vectors = new ArrayList<>();
        private @Nullable String id;
        private @Nullable String modelName;
        private @Nullable TokenUsage tokenUsage;
        private @Nullable FinishReason finishReason;
        private @Nullable List<String> textChunks;
        private int chunkSize;
        private Duration firstDelay = Duration.ZERO;
        private Duration chunkDelay = Duration.ZERO;
        private int stallAfter = NOWHERE;
        private int truncateAfter = NOWHERE;
        private int failAfter = NOWHERE;
        private @Nullable Throwable error;
        private final Set<Quirk> quirks = EnumSet.noneOf(Quirk.class);

        private Builder() {}

        /**
         * Sets the text.
         *
         * @param text the text
         * @return this builder
         */
        public Builder text(String text) {
            this.text = Objects.requireNonNull(text, "text");
            this.textChunks = null;
            return this;
        }

        /**
         * Sets the text as the chunks in which it is streamed.
         *
         * @param chunks the chunks; together they are the text
         * @return this builder
         */
        public Builder chunks(String... chunks) {
            this.textChunks = List.of(chunks);
            this.text = String.join("", chunks);
            return this;
        }

        /**
         * Splits text, thinking and tool arguments into chunks of a number of characters.
         *
         * @param characters how many UTF-16 units; a surrogate pair is not split
         * @return this builder
         * @throws IllegalArgumentException if the number is not positive
         */
        public Builder chunkSize(int characters) {
            if (characters < 1) {
                throw new IllegalArgumentException("chunkSize must be at least 1, was " + characters);
            }
            this.chunkSize = characters;
            return this;
        }

        /**
         * Sets the thinking that comes before the text.
         *
         * @param thinking the thinking
         * @return this builder
         */
        public Builder thinking(String thinking) {
            this.thinking = Objects.requireNonNull(thinking, "thinking");
            return this;
        }

        /**
         * Adds a tool call; its id is {@code call-1}, {@code call-2} and so on.
         *
         * @param name the tool
         * @param arguments its arguments, a JSON object
         * @return this builder
         */
        public Builder toolCall(String name, String arguments) {
            return toolCall(ToolExecutionRequest.builder()
                    .id("call-" + (toolCalls.size() + 1))
                    .name(name)
                    .arguments(arguments)
                    .build());
        }

        /**
         * Adds a tool call.
         *
         * @param call the call
         * @return this builder
         */
        public Builder toolCall(ToolExecutionRequest call) {
            toolCalls.add(Objects.requireNonNull(call, "call"));
            return this;
        }

        /**
         * Adds an event that langchain4j does not map; streamed before everything else.
         *
         * @param event the event
         * @return this builder
         */
        public Builder rawEvent(Object event) {
            rawEvents.add(Objects.requireNonNull(event, "event"));
            return this;
        }

        /**
         * Sets the vectors that an embedding model gives, one per input. Without them it calculates vectors from the
         * words of each input.
         *
         * @param vectors the vectors
         * @return this builder
         */
        public Builder vectors(float[]... vectors) {
            this.vectors.clear();
            Arrays.stream(vectors).map(float[]::clone).forEach(this.vectors::add);
            return this;
        }

        /**
         * Sets the finish reason; by default {@code TOOL_EXECUTION} if there are tool calls, {@code STOP} if not.
         *
         * @param reason the finish reason
         * @return this builder
         */
        public Builder finishReason(FinishReason reason) {
            this.finishReason = Objects.requireNonNull(reason, "reason");
            return this;
        }

        /**
         * Sets the token usage; none by default.
         *
         * @param inputTokens tokens of the request
         * @param outputTokens tokens of the reply
         * @return this builder
         */
        public Builder usage(int inputTokens, int outputTokens) {
            this.tokenUsage = new TokenUsage(inputTokens, outputTokens);
            return this;
        }

        /**
         * Sets the id of the response; none by default.
         *
         * @param id the id
         * @return this builder
         */
        public Builder id(String id) {
            this.id = Objects.requireNonNull(id, "id");
            return this;
        }

        /**
         * Sets the model's name in the response; none by default.
         *
         * @param modelName the name
         * @return this builder
         */
        public Builder modelName(String modelName) {
            this.modelName = Objects.requireNonNull(modelName, "modelName");
            return this;
        }

        /**
         * Sets how long the model takes before anything happens.
         *
         * @param delay zero or more, by the model's time source
         * @return this builder
         */
        public Builder firstDelay(Duration delay) {
            this.firstDelay = Objects.requireNonNull(delay, "delay");
            return this;
        }

        /**
         * Sets how long the model takes between two chunks.
         *
         * @param delay zero or more, by the model's time source
         * @return this builder
         */
        public Builder chunkDelay(Duration delay) {
            this.chunkDelay = Objects.requireNonNull(delay, "delay");
            return this;
        }

        /**
         * Makes the model stop after a number of chunks until the stream is cancelled, the model is released or the
         * thread is interrupted. A chat model stops as well, for lack of the end.
         *
         * @param chunks after how many chunks; 0 is before the first
         * @return this builder
         */
        public Builder stallAfter(int chunks) {
            this.stallAfter = notNegative(chunks);
            return this;
        }

        /**
         * Ends the reply after a number of chunks as a client does whose connection closed: a complete response with
         * what was streamed, without usage and finish reason. A chat model gives that response too.
         *
         * @param chunks after how many chunks
         * @return this builder
         */
        public Builder truncateAfter(int chunks) {
            this.truncateAfter = notNegative(chunks);
            return this;
        }

        /**
         * Ends the reply with an error at its start.
         *
         * @param error the error, of any kind
         * @return this builder
         */
        public Builder error(Throwable error) {
            return failAfter(0, error);
        }

        /**
         * Ends the reply with an error after a number of chunks. A chat model gives no chunks and throws the error.
         *
         * @param chunks after how many chunks
         * @param error the error, of any kind
         * @return this builder
         */
        public Builder failAfter(int chunks, Throwable error) {
            this.failAfter = notNegative(chunks);
            this.error = Objects.requireNonNull(error, "error");
            return this;
        }

        /**
         * Adds misbehaviour.
         *
         * @param quirks how the reply misbehaves
         * @return this builder
         */
        public Builder quirks(Quirk... quirks) {
            this.quirks.addAll(List.of(quirks));
            return this;
        }

        /**
         * Builds the reply.
         *
         * @return the reply
         */
        public Reply build() {
            return new Reply(this);
        }

        private static int notNegative(int chunks) {
            if (chunks < 0) {
                throw new IllegalArgumentException("a number of chunks is not negative: " + chunks);
            }
            return chunks;
        }
    }
}
