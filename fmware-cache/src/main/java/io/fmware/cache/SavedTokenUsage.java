package io.fmware.cache;

import dev.langchain4j.model.output.TokenUsage;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The usage of an answer that came from a cache: no tokens at all, so that sums stay true; what was saved is told apart.
 * Immutable.
 */
public final class SavedTokenUsage extends TokenUsage {
    private final @Nullable TokenUsage saved;
    private final CacheHit hit;

    SavedTokenUsage(@Nullable TokenUsage saved, CacheHit hit) {
        super(0, 0, 0);
        this.saved = saved;
        this.hit = Objects.requireNonNull(hit, "hit");
    }

    /**
     * What the answer took when the model gave it.
     *
     * @return the usage, {@code null} where the model does not report it
     */
    public @Nullable TokenUsage saved() {
        return saved;
    }

    CacheHit hit() {
        return hit;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SavedTokenUsage usage && Objects.equals(saved, usage.saved);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(saved);
    }

    @Override
    public String toString() {
        return "SavedTokenUsage[saved=" + saved + "]";
    }
}
