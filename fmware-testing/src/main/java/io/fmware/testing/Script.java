package io.fmware.testing;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What scripted models answer. One script serves {@link ScriptedChatModel}, {@link ScriptedStreamingChatModel} and
 * {@link ScriptedEmbeddingModel}, so that a scenario is written once and run in every mode.
 *
 * <p>For each call the reply is, in this order:
 *
 * <ol>
 *   <li>that of the first condition that holds for the request ({@code when}), as often as it holds;
 *   <li>the next of the replies in order ({@code reply}), each used once;
 *   <li>the one for all other calls ({@code otherwise}).
 * </ol>
 *
 * <p>If there is none the call throws {@link ScriptExhaustedException}. Conditions see the request after the model's
 * default parameters were merged into it; an embedding model shows them its inputs as user messages.
 *
 * <pre>{@code
 * Script script = Script.builder()
 *         .when("refund", Reply.toolCall("lookUpRefund", "{\"order\":17}"))
 *         .reply(Reply.error(new RateLimitException("slow down")))
 *         .reply("Hello.")
 *         .build();
 * }</pre>
 *
 * <p>Immutable and thread-safe, provided that its conditions are; the position in the script belongs to each model.
 */
public final class Script {

    private final List<Rule> rules;
    private final List<Function<ChatRequest, Reply>> ordered;
    private final @Nullable Function<ChatRequest, Reply> otherwise;

    private Script(Builder builder) {
        this.rules = List.copyOf(builder.rules);
        this.ordered = List.copyOf(builder.ordered);
        this.otherwise = builder.otherwise;
    }

    /**
     * A script of replies in order.
     *
     * @param replies the replies, each used once
     * @return the script
     */
    public static Script of(Reply... replies) {
        Builder builder = builder();
        for (Reply reply : replies) {
            builder.reply(reply);
        }
        return builder.build();
    }

    /**
     * A script of texts in order.
     *
     * @param texts the texts, each used once
     * @return the script
     */
    public static Script replying(String... texts) {
        Builder builder = builder();
        for (String text : texts) {
            builder.reply(text);
        }
        return builder.build();
    }

    /**
     * A script that gives the same reply to every call.
     *
     * @param reply the reply
     * @return the script
     */
    public static Script always(Reply reply) {
        return builder().otherwise(reply).build();
    }

    /**
     * A script that calculates each reply from the request.
     *
     * @param answer calculates the reply; thread-safe
     * @return the script
     */
    public static Script answering(Function<ChatRequest, Reply> answer) {
        return builder().otherwise(answer).build();
    }

    /**
     * Starts an empty script.
     *
     * @return the builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /** The reply for a request, or null when it is not a matter of conditions. */
    @Nullable
    Reply conditional(ChatRequest request) {
        for (Rule rule : rules) {
            if (rule.condition.test(request)) {
                return rule.answer.apply(request);
            }
        }
        return null;
    }

    int orderedReplies() {
        return ordered.size();
    }

    Reply ordered(int index, ChatRequest request) {
        return ordered.get(index).apply(request);
    }

    @Nullable
    Reply otherwise(ChatRequest request) {
        return otherwise == null ? null : otherwise.apply(request);
    }

    @Override
    public String toString() {
        return "Script[" + ordered.size() + " in order, " + rules.size() + " by condition"
                + (otherwise == null ? "]" : ", one for all other calls]");
    }

    private record Rule(Predicate<ChatRequest> condition, Function<ChatRequest, Reply> answer) {}

    /** Builds a {@link Script}. Not thread-safe. */
    public static final class Builder {

        private final List<Rule> rules = new ArrayList<>();
        private final List<Function<ChatRequest, Reply>> ordered = new ArrayList<>();
        private @Nullable Function<ChatRequest, Reply> otherwise;

        private Builder() {}

        /**
         * Adds a text to the replies in order.
         *
         * @param text the text
         * @return this builder
         */
        public Builder reply(String text) {
            return reply(Reply.text(text));
        }

        /**
         * Adds a reply to the replies in order.
         *
         * @param reply the reply
         * @return this builder
         */
        public Builder reply(Reply reply) {
            Objects.requireNonNull(reply, "reply");
            ordered.add(request -> reply);
            return this;
        }

        /**
         * Adds a reply for every request that meets a condition.
         *
         * @param condition tests the request
         * @param reply the reply
         * @return this builder
         */
        public Builder when(Predicate<ChatRequest> condition, Reply reply) {
            Objects.requireNonNull(condition, "condition");
            Objects.requireNonNull(reply, "reply");
            rules.add(new Rule(condition, request -> reply));
            return this;
        }

        /**
         * Adds a reply for every request whose last user message contains a text.
         *
         * @param text what to look for, as it is
         * @param reply the reply
         * @return this builder
         */
        public Builder when(String text, Reply reply) {
            Objects.requireNonNull(text, "text");
            return when(request -> lastUserText(request).contains(text), reply);
        }

        /**
         * Sets the reply for all other calls.
         *
         * @param reply the reply
         * @return this builder
         */
        public Builder otherwise(Reply reply) {
            Objects.requireNonNull(reply, "reply");
            return otherwise(request -> reply);
        }

        /**
         * Sets how the reply for all other calls is calculated.
         *
         * @param answer calculates the reply; thread-safe
         * @return this builder
         */
        public Builder otherwise(Function<ChatRequest, Reply> answer) {
            this.otherwise = Objects.requireNonNull(answer, "answer");
            return this;
        }

        /**
         * Builds the script.
         *
         * @return the script
         */
        public Script build() {
            return new Script(this);
        }
    }

    static String lastUserText(ChatRequest request) {
        List<ChatMessage> messages = request.messages();
        for (int i = messages.size() - 1; i >= 0; i--) {
            if (messages.get(i) instanceof UserMessage message) {
                return Texts.of(message);
            }
        }
        return "";
    }
}
