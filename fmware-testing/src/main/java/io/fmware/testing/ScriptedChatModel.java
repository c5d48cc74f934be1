package io.fmware.testing;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.List;
import java.util.Set;

/**
 * A chat model that answers by a {@link Script}.
 *
 * <pre>{@code
 * ScriptedChatModel model = ScriptedChatModel.replying("first", "second");
 * model.chat("hello"); // "first"
 * assertThat(model.requests()).hasSize(1);
 * }</pre>
 *
 * <p>Implements {@code doChat}, as langchain4j's own models do: default parameters are merged and listeners, which see
 * the options of a call, are notified by langchain4j.
 *
 * <p>Thread-safe; concurrent calls take the replies in the order in which they arrive.
 */
public final class ScriptedChatModel implements ChatModel {

    private final ScriptPlayer player;
    private final ChatTraits traits;

    private ScriptedChatModel(Builder builder) {
        this.player = builder.player("ScriptedChatModel");
        this.traits = builder.traits();
    }

    /**
     * A model that answers by a script.
     *
     * @param script the script
     * @return the model
     */
    public static ScriptedChatModel of(Script script) {
        return builder().script(script).build();
    }

    /**
     * A model that gives replies in order.
     *
     * @param replies the replies, each used once
     * @return the model
     */
    public static ScriptedChatModel of(Reply... replies) {
        return of(Script.of(replies));
    }

    /**
     * A model that gives texts in order.
     *
     * @param texts the texts, each used once
     * @return the model
     */
    public static ScriptedChatModel replying(String... texts) {
        return of(Script.replying(texts));
    }

    /**
     * Starts a model without replies.
     *
     * @return the builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Answers by the script.
     *
     * @param request the request, with the default parameters merged in
     * @return the response; null if {@link Quirk#NULL_RESPONSE} says so
     * @throws ScriptExhaustedException if the script has no reply for this call
     */
    @Override
    @SuppressWarnings("NullAway") // a scripted null is handed on as it is
    public ChatResponse doChat(ChatRequest request) {
        Reply reply = player.next(request);
        return player.whole(
                reply, () -> reply.truncateAfter == Reply.Builder.NOWHERE ? reply.response() : Chunks.truncated(reply));
    }

    /**
     * The requests received so far, in order, with the messages that they held on arrival.
     *
     * @return an immutable list
     */
    public List<ChatRequest> requests() {
        return player.requests();
    }

    /**
     * Waits, in real time, until a number of requests has arrived.
     *
     * @param count how many
     * @throws AssertionError if after 10 s there are fewer
     */
    public void awaitRequests(int count) {
        player.awaitRequests(count);
    }

    /** Lets all calls go on that wait, block or stall, now and later. To be called at the end of a test that uses these. */
    public void release() {
        player.release();
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return traits.defaultRequestParameters();
    }

    @Override
    public List<ChatModelListener> listeners() {
        return traits.listeners();
    }

    @Override
    public ModelProvider provider() {
        return traits.provider();
    }

    @Override
    public Set<Capability> supportedCapabilities() {
        return traits.supportedCapabilities();
    }

    /** Builds a {@link ScriptedChatModel}. Not thread-safe. */
    public static final class Builder extends ScriptedSettings<Builder> {

        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * Builds the model.
         *
         * @return a new model, at the start of its script
         */
        public ScriptedChatModel build() {
            return new ScriptedChatModel(this);
        }
    }
}
