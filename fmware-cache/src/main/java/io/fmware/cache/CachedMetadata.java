package io.fmware.cache;

import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import dev.langchain4j.model.output.TokenUsage;

/**
 * The metadata of a hit: why it is one, beside the id, the model and the reason of the first time. It takes no tokens, so that
 * sums of what was paid stay true. Immutable.
 */
final class CachedMetadata extends ChatResponseMetadata {
    private final CacheHit hit;

    private CachedMetadata(Builder builder) {
        super(builder);
        this.hit = builder.hit;
    }

    static CachedMetadata of(ChatResponseMetadata first, CacheHit hit) {
        return new Builder(hit)
                .id(first.id())
                .modelName(first.modelName())
                .finishReason(first.finishReason())
                .tokenUsage(new TokenUsage(0, 0, 0))
                .build();
    }

    CacheHit hit() {
        return hit;
    }

    /** The hit survives where a response is built anew, as AI services do with the sum of the tokens. */
    @Override
    public ChatResponseMetadata.Builder<?> toBuilder() {
        return toBuilder(new Builder(hit));
    }

    private static final class Builder extends ChatResponseMetadata.Builder<Builder> {
        private final CacheHit hit;

        Builder(CacheHit hit) {
            this.hit = hit;
        }

        @Override
        public CachedMetadata build() {
            return new CachedMetadata(this);
        }
    }
}
