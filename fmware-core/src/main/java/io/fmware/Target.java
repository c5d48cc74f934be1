package io.fmware;

import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.embedding.EmbeddingModel;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A model at the end of a chain. A chat model serves a streaming caller too, who then gets the answer in one piece; a streaming
 * model serves a caller who waits.
 *
 * <p>Immutable; compared by identity.
 */
public abstract class Target {
    private final String name;
    private final boolean named;
    private volatile @Nullable Key key;

    /**
     * @param modelName what the default parameters say, since they may change
     * @param text the name for it
     */
    private record Key(String modelName, String text) {}

    Target(@Nullable String name, Object model, ChatRequestParameters defaults) {
        this.named = name != null;
        this.name = name != null ? name : nameOf(model, defaults == null ? null : defaults.modelName());
        if (this.name.isBlank()) {
            throw new IllegalArgumentException("the name of a model must not be blank");
        }
        if (defaults == null) {
            throw new IllegalArgumentException("defaultRequestParameters() of " + this.name
                    + " is null; return DefaultChatRequestParameters.EMPTY for none");
        }
    }

    private static String nameOf(Object model, @Nullable String modelName) {
        String type = model.getClass().getSimpleName();
        String shown = type.isEmpty() ? "model" : type;
        return modelName == null ? shown : shown + " " + modelName;
    }

    /**
     * A model that answers in one piece.
     *
     * @param model the model
     * @return the target, named after the class and the model name
     */
    public static Target of(ChatModel model) {
        return new ChatTarget(null, Objects.requireNonNull(model, "model"));
    }

    /**
     * A model that streams.
     *
     * @param model the model
     * @return the target, named after the class and the model name
     */
    public static Target of(StreamingChatModel model) {
        return new StreamingTarget(null, Objects.requireNonNull(model, "model"));
    }

    static Target of(EmbeddingModel model) {
        return new EmbeddingTarget(Objects.requireNonNull(model, "model"));
    }

    /**
     * The same model under a name of the user's, for messages and metrics.
     *
     * @param changed the name
     * @return the target
     */
    public abstract Target named(String changed);

    /**
     * The name of the model in messages and metrics.
     *
     * @return the name
     */
    public final String name() {
        return name;
    }

    /** The interceptors of the pipeline of a model that is itself wrapped. */
    List<Interceptor> interceptors(CallScope scope) {
        Entrance inner = entrance();
        if (inner == null) {
            return List.of();
        }
        List<Interceptor> own = inner.engine().interceptors(scope);
        List<Interceptor> behind = inner.target().interceptors(scope);
        return behind.isEmpty()
                ? own
                : Stream.concat(own.stream(), behind.stream()).toList();
    }

    /** Where calls enter the chain of a model that is itself wrapped, {@code null} for any other one. */
    @Nullable
    Entrance entrance() {
        return null;
    }

    /**
     * The provider of the model.
     *
     * @return the provider, {@link ModelProvider#OTHER} where it does not say
     */
    public abstract ModelProvider provider();

    /**
     * The parameters that the model uses where a request has none.
     *
     * @return the defaults
     */
    public abstract ChatRequestParameters defaultRequestParameters();

    /**
     * The name of the model that answers where a request names none, as the provider knows it.
     *
     * @return the name, or {@code null} where the model does not say
     */
    public @Nullable String modelName() {
        return defaultRequestParameters().modelName();
    }

    /**
     * Whether the model is itself wrapped in a pipeline.
     *
     * @return true if a pipeline stands before it
     */
    public final boolean isWrapped() {
        return entrance() != null;
    }

    /**
     * Whether the model gives its answer in pieces.
     *
     * @return true for a model that streams, whoever asks it
     */
    public boolean isStreaming() {
        return false;
    }

    /**
     * Whether the model takes pinned activations, as a {@link SteerableChatModel} or {@link SteerableStreamingChatModel}.
     *
     * @return false where calls that carry {@link Activations#PINNED} are asked like any other
     */
    public boolean isSteerable() {
        return false;
    }

    /**
     * The name under which everything is kept that is known of the model that would answer, as {@link FmCall#model()} has it.
     *
     * @param requested the name of a model in the request, {@code null} where it has none
     * @return the name
     */
    public final String key(@Nullable String requested) {
        String asked = requested != null ? requested : modelName();
        if (asked == null || (named && asked.equals(modelName()))) {
            return name;
        }
        Key known = key;
        if (known == null || !known.modelName.equals(asked)) {
            known = new Key(asked, provider() == ModelProvider.OTHER ? asked : provider() + " " + asked);
            key = known;
        }
        return known.text;
    }

    /** Asks the model, on the thread of the chain; returns or throws when nothing more will come. */
    abstract FmReply invoke(FmCall call);

    @Override
    public final String toString() {
        return name;
    }
}
