package io.fmware.testing.conformance;

import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Parameters of a provider's own type, merged as langchain4j's OpenAI module merges its own. */
final class TypedParameters extends DefaultChatRequestParameters {

    private final @Nullable Integer seed;

    private TypedParameters(Builder builder) {
        super(builder);
        this.seed = builder.seed;
    }

    static TypedParameters withSeed(int seed) {
        Builder builder = new Builder();
        builder.seed = seed;
        return new TypedParameters(builder);
    }

    /** What a provider's {@code doChat} does first: it takes for granted that the parameters were merged. */
    static @Nullable Integer seedOf(ChatRequest merged) {
        return ((TypedParameters) merged.parameters()).seed;
    }

    @Override
    public TypedParameters overrideWith(ChatRequestParameters that) {
        return new TypedParameters(new Builder().overrideWith(this).overrideWith(that));
    }

    @Override
    public TypedParameters defaultedBy(ChatRequestParameters that) {
        return new TypedParameters(new Builder().overrideWith(that).overrideWith(this));
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other) && Objects.equals(seed, ((TypedParameters) other).seed);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), seed);
    }

    @Override
    public String toString() {
        return "TypedParameters[seed=" + seed + ", modelName=" + modelName() + "]";
    }

    private static final class Builder extends DefaultChatRequestParameters.Builder<Builder> {

        private @Nullable Integer seed;

        @Override
        public Builder overrideWith(ChatRequestParameters parameters) {
            super.overrideWith(parameters);
            if (parameters instanceof TypedParameters typed && typed.seed != null) {
                seed = typed.seed;
            }
            return this;
        }
    }
}
