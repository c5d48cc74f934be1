package io.fmware.testing;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * A streaming chat model that answers by a {@link Script}: the twin of {@link ScriptedChatModel}.
 *
 * <p>The handler is called on the calling thread, which makes tests simple, or on another one as with a real model
 * ({@link Builder#ownThread()}). Where a script says nothing else the model behaves as langchain4j's clients do:
 *
 * <ul>
 *   <li>partial responses carry a context with a handle to cancel with; after a cancel there are no more callbacks, not
 *       even a terminal one;
 *   <li>an exception that the handler throws is handed to its {@code onError}, and the stream goes on to its end.
 * </ul>
 *
 * <p>Thread-safe; concurrent calls take the replies in the order in which they arrive.
 */
public final class ScriptedStreamingChatModel implements StreamingChatModel {

    private final ScriptPlayer player;
    private final ChatTraits traits;
    private final Executor executor;

    private ScriptedStreamingChatModel(Builder builder) {
        this.player = builder.player("ScriptedStreamingChatModel");
        this.traits = builder.traits();
        this.executor = builder.executor;
    }

    /**
     * A model that answers by a script.
     *
     * @param script the script
     * @return the model
     */
    public static ScriptedStreamingChatModel of(Script script) {
        return builder().script(script).build();
    }

    /**
     * A model that gives replies in order.
     *
     * @param replies the replies, each used once
     * @return the model
     */
    public static ScriptedStreamingChatModel of(Reply... replies) {
        return of(Script.of(replies));
    }

    /**
     * A model that gives texts in order.
     *
     * @param texts the texts, each used once
     * @return the model
     */
    public static ScriptedStreamingChatModel replying(String... texts) {
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
     * Answers by the script. Whether a reply exists is decided, and a call that blocks blocks, on the calling thread.
     *
     * @param request the request, with the default parameters merged in
     * @param handler receives the reply
     * @throws ScriptExhaustedException if the script has no reply for this call
     */
    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        Reply reply = player.next(request);
        if (reply.error != null && reply.has(Quirk.THROWS_FROM_CALL)) {
            throw ScriptPlayer.<RuntimeException>unchecked(reply.error);
        }
        executor.execute(new StreamPlayback(player, reply, handler));
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

    /** Builds a {@link ScriptedStreamingChatModel}. Not thread-safe. */
    public static final class Builder extends ScriptedSettings<Builder> {

        private Executor executor = Runnable::run;

        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * Calls each handler on a new daemon thread.
         *
         * @return this builder
         */
        public Builder ownThread() {
            return executor(task -> {
                Thread thread = new Thread(task, "scripted-stream");
                thread.setDaemon(true);
                thread.start();
            });
        }

        /**
         * Sets what runs the streams; the calling thread by default.
         *
         * @param executor the executor
         * @return this builder
         */
        public Builder executor(Executor executor) {
            this.executor = Objects.requireNonNull(executor, "executor");
            return this;
        }

        /**
         * Builds the model.
         *
         * @return a new model, at the start of its script
         */
        public ScriptedStreamingChatModel build() {
            return new ScriptedStreamingChatModel(this);
        }
    }
}
