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
 * A small model that runs in the JVM and answers from the context in its prompt, with sentences of that context. The same
 * request always gets the same answer. For tests and examples that need true answers and neither network nor key.
 *
 * <p><b>What is asked.</b> The last user message; if it says that an answer was rejected, is invalid, not valid or not
 * accepted, the user message before it. The question ends where the line {@code Answer using the following
 * information:} or {@code Context:} begins; a line {@code Question: ...} is the question wherever it stands; without any
 * of these it is the last sentence with a question mark, or the first paragraph. The rest is the context.
 *
 * <p><b>What is known.</b> Passages, separated by empty lines or begun by {@code content: }. A mark
 * {@code [source: card-delivery]} in a passage, or a line {@code source: card-delivery}, {@code file_name: x},
 * {@code document: x} or {@code url: x}, names its source.
 *
 * <p><b>How it answers.</b> Sentences are ranked by the words that they share with the question, rare words counting more;
 * common words count nothing and inflections are taken off. The best sentence is the answer, followed by others that add
 * at least a fifth of the question. The share of the question that the answer covers is its confidence. If nothing
 * overlaps the answer is "I do not know."
 *
 * <p><b>Tools.</b> If the question shares two words with the name and description of a tool, and all its required
 * parameters find values in what the user said (numbers, account or order numbers, dates in ISO form, e-mail addresses,
 * names), the tool is called. After its result the answer is taken from that, all of it if nothing overlaps.
 *
 * <p><b>JSON.</b> A response format of JSON is obeyed, with a schema or without: properties named like {@code answer},
 * {@code sources} and {@code confidence} get these; other ones get what fits their name and type; all are present.
 *
 * <p>Token usage is estimated by counting words. Thread-safe.
 */
public final class ExtractiveChatModel implements ChatModel {

    private final Extractor extractor;
    private final ChatTraits traits;

    private ExtractiveChatModel(Builder builder) {
        this.extractor = builder.extractor();
        this.traits = builder.traits();
    }

    /**
     * A model with the default settings.
     *
     * @return the model
     */
    public static ExtractiveChatModel create() {
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
    public ChatResponse doChat(ChatRequest request) {
        return extractor.reply(request).build().response();
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

    /** Builds an {@link ExtractiveChatModel}. Not thread-safe. */
    public static final class Builder extends ExtractiveSettings<Builder> {

        private Builder() {}

        @Override
        Builder self() {
            return this;
        }

        /**
         * Builds the model.
         *
         * @return the model
         */
        public ExtractiveChatModel build() {
            return new ExtractiveChatModel(this);
        }
    }
}
