package io.fmware.testing;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import io.fmware.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * The streaming twin of {@link ExtractiveChatModel}: the same answers, word by word, on the calling thread. The handle in
 * the context of each part cancels the stream; after that there are no more callbacks.
 *
 * <p>Thread-safe.
 */
public final class ExtractiveStreamingChatModel implements StreamingChatModel {

    private final Extractor extractor;
    private final ChatTraits traits;
    private final Duration wordDelay;
    private final TimeSource time;

    private ExtractiveStreamingChatModel(Builder builder) {
        this.extractor = builder.extractor();
        this.traits = builder.traits();
        this.wordDelay = builder.wordDelay;
        this.time = builder.time;
    }

    /**
     * A model with the default settings.
     *
     * @return the model
     */
    public static ExtractiveStreamingChatModel create() {
        return builder().build();
    }

    /**
     * Starts with the default settings.
     *
     * @return the builder
     */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
        Reply reply = extractor.reply(request).chunkDelay(wordDelay).build();
        ScriptPlayer player = new ScriptPlayer("ExtractiveStreamingChatModel", Script.of(), time);
        new StreamPlayback(player, reply, handler).run();
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

    /** Builds an {@link ExtractiveStreamingChatModel}. Not thread-safe. */
    public static final class Builder extends ExtractiveSettings<Builder> {

        private Duration wordDelay = Duration.ZERO;
        private TimeSource time = TimeSource.system();

        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * Sets the time between two words; none by default.
         *
         * @param delay zero or more, by the time source
         * @return this builder
         */
        public Builder wordDelay(Duration delay) {
            this.wordDelay = Objects.requireNonNull(delay, "delay");
            return this;
        }

        /**
         * Sets the time by which the delay is measured; the system's by default.
         *
         * @param time the time source, such as a {@link ManualClock}
         * @return this builder
         */
        public Builder timeSource(TimeSource time) {
            this.time = Objects.requireNonNull(time, "time");
            return this;
        }

        /**
         * Builds the model.
         *
         * @return the model
         */
        public ExtractiveStreamingChatModel build() {
            return new ExtractiveStreamingChatModel(this);
        }
    }
}
