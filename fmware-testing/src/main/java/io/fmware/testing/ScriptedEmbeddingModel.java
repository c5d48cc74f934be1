package io.fmware.testing;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.message.ContentType;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.request.EmbeddingInput;
import dev.langchain4j.model.embedding.request.EmbeddingParameter;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.request.EmbeddingRequestParameters;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import io.fmware.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * An embedding model that answers by a {@link Script}: the twin of {@link ScriptedChatModel}.
 *
 * <p>A reply with {@linkplain Reply.Builder#vectors vectors} gives these, whatever their number; any other reply that is
 * not an error gives a vector for the words of each input: of length 1, the same on every machine, and closer the more
 * words two texts share. Conditions of the script see the inputs as user messages.
 *
 * <p>Thread-safe; concurrent calls take the replies in the order in which they arrive.
 */
public final class ScriptedEmbeddingModel implements EmbeddingModel {

    private final ScriptPlayer player;
    private final List<EmbeddingRequest> requests = new CopyOnWriteArrayList<>();
    private final int dimension;
    private final @Nullable String modelName;
    private final List<EmbeddingModelListener> listeners;
    private final ModelProvider provider;
    private final EmbeddingRequestParameters defaultRequestParameters;
    private final Set<EmbeddingParameter<?>> supportedParameters;
    private final Set<ContentType> supportedContentTypes;

    private ScriptedEmbeddingModel(Builder builder) {
        this.player = new ScriptPlayer("ScriptedEmbeddingModel", builder.script, builder.time);
        this.dimension = builder.dimension;
        this.modelName = builder.modelName;
        this.listeners = builder.listeners;
        this.provider = builder.provider;
        this.defaultRequestParameters = builder.defaultRequestParameters;
        this.supportedParameters = builder.supportedParameters;
        this.supportedContentTypes = builder.supportedContentTypes;
    }

    /**
     * A model that answers by a script.
     *
     * @param script the script
     * @return the model
     */
    public static ScriptedEmbeddingModel of(Script script) {
        return builder().script(script).build();
    }

    /**
     * A model that never runs out of replies: each vector is calculated from the words of the text.
     *
     * @return the model
     */
    public static ScriptedEmbeddingModel ofWords() {
        return of(Script.always(Reply.text("")));
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
    public EmbeddingResponse doEmbed(EmbeddingRequest request) {
        requests.add(request);
        Reply reply = player.next(ChatRequest.builder()
                .messages(request.inputs().stream()
                        .map(input -> UserMessage.from(input.contents()))
                        .toArray(UserMessage[]::new))
                .build());
        return player.whole(
                reply,
                () -> EmbeddingResponse.builder()
                        .embeddings(embeddings(reply, request.inputs()))
                        .modelName(modelName)
                        .tokenUsage(reply.metadata.tokenUsage())
                        .build());
    }

    private List<Embedding> embeddings(Reply reply, List<EmbeddingInput> inputs) {
        List<Embedding> embeddings = new ArrayList<>();
        if (reply.vectors.isEmpty()) {
            inputs.forEach(input -> embeddings.add(Embedding.from(WordVectors.of(input.text(), dimension))));
        } else {
            reply.vectors.forEach(vector -> embeddings.add(Embedding.from(vector.clone())));
        }
        return embeddings;
    }

    /**
     * The requests received so far, in order.
     *
     * @return an immutable list
     */
    public List<EmbeddingRequest> requests() {
        return List.copyOf(requests);
    }

    /** Lets all calls go on that wait, block or stall, now and later. */
    public void release() {
        player.release();
    }

    /** The dimension that was configured; makes no call. */
    @Override
    public int dimension() {
        return dimension;
    }

    @Override
    public String modelName() {
        return modelName == null ? "unknown" : modelName;
    }

    @Override
    public List<EmbeddingModelListener> listeners() {
        return listeners;
    }

    @Override
    public ModelProvider provider() {
        return provider;
    }

    @Override
    public EmbeddingRequestParameters defaultRequestParameters() {
        return defaultRequestParameters;
    }

    @Override
    public Set<EmbeddingParameter<?>> supportedParameters() {
        return supportedParameters;
    }

    @Override
    public Set<ContentType> supportedContentTypes() {
        return supportedContentTypes;
    }

    /** Builds a {@link ScriptedEmbeddingModel}. Not thread-safe. */
    public static final class Builder {

        private Script script = Script.of();
        private TimeSource time = TimeSource.system();
        private int dimension = 64;
        private @Nullable String modelName;
        private List<EmbeddingModelListener> listeners = List.of();
        private ModelProvider provider = ModelProvider.OTHER;
        private EmbeddingRequestParameters defaultRequestParameters = EmbeddingRequestParameters.EMPTY;
        private Set<EmbeddingParameter<?>> supportedParameters = Set.of();
        private Set<ContentType> supportedContentTypes = Set.of(ContentType.TEXT);

        private Builder() {}

        /**
         * Sets the script; an empty one by default.
         *
         * @param script the script
         * @return this builder
         */
        public Builder script(Script script) {
            this.script = Objects.requireNonNull(script, "script");
            return this;
        }

        /**
         * Sets the time by which the delays of replies are measured; the system's by default.
         *
         * @param time the time source, such as a {@link ManualClock}
         * @return this builder
         */
        public Builder timeSource(TimeSource time) {
            this.time = Objects.requireNonNull(time, "time");
            return this;
        }

        /**
         * Sets the dimension of calculated vectors; 64 by default.
         *
         * @param dimension at least 1
         * @return this builder
         * @throws IllegalArgumentException if it is less than 1
         */
        public Builder dimension(int dimension) {
            if (dimension < 1) {
                throw new IllegalArgumentException("dimension must be at least 1, was " + dimension);
            }
            this.dimension = dimension;
            return this;
        }

        /**
         * Sets the name of the model; none by default.
         *
         * @param modelName the name
         * @return this builder
         */
        public Builder modelName(String modelName) {
            this.modelName = Objects.requireNonNull(modelName, "modelName");
            return this;
        }

        /**
         * Sets the listeners, which langchain4j notifies around each call.
         *
         * @param listeners the listeners
         * @return this builder
         */
        public Builder listeners(EmbeddingModelListener... listeners) {
            this.listeners = List.of(listeners);
            return this;
        }

        /**
         * Sets the provider that the model claims; {@code OTHER} by default.
         *
         * @param provider the provider
         * @return this builder
         */
        public Builder provider(ModelProvider provider) {
            this.provider = Objects.requireNonNull(provider, "provider");
            return this;
        }

        /**
         * Sets the parameters that langchain4j merges into each request.
         *
         * @param parameters the parameters
         * @return this builder
         */
        public Builder defaultRequestParameters(EmbeddingRequestParameters parameters) {
            this.defaultRequestParameters = Objects.requireNonNull(parameters, "parameters");
            return this;
        }

        /**
         * Sets which parameters of a request langchain4j lets through; none by default.
         *
         * @param parameters the parameters
         * @return this builder
         */
        public Builder supportedParameters(EmbeddingParameter<?>... parameters) {
            this.supportedParameters = Set.of(parameters);
            return this;
        }

        /**
         * Sets which types of content langchain4j lets through; text by default.
         *
         * @param types the types
         * @return this builder
         */
        public Builder supportedContentTypes(ContentType... types) {
            this.supportedContentTypes = Set.of(types);
            return this;
        }

        /**
         * Builds the model.
         *
         * @return a new model, at the start of its script
         */
        public ScriptedEmbeddingModel build() {
            return new ScriptedEmbeddingModel(this);
        }
    }
}
