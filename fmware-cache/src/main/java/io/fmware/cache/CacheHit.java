package io.fmware.cache;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.TokenUsage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why an answer was served from a cache, and what it depends on. Immutable.
 *
 * @param how by which way it was found
 * @param storedAt when the model gave it
 * @param age how long ago that was
 * @param dependencies what it was made from, in order: when one of these changes, it goes. For whom it was made is not told, since
 *     it may be served to somebody else
 * @param savedUsage what the answer took when the model gave it, {@code null} where the model does not report it
 * @param match how near the question was, {@code null} for a request that was the same
 */
public record CacheHit(
        How how,
        Instant storedAt,
        Duration age,
        List<Dependency> dependencies,
        @Nullable TokenUsage savedUsage,
        @Nullable Match match) {

    /** By which way an answer was found. */
    public enum How {
        /** The request was the same in everything. */
        EXACT,
        /** An equal call was under way, and its answer is shared; a match is there where that was found by its meaning. */
        SHARED,
        /** The question had the same meaning; everything else was the same. */
        SEMANTIC
    }

    /**
     * How near two questions are.
     *
     * @param asked what was asked now
     * @param answered what was asked when the model answered, {@code null} where another user asked it
     * @param similarity the cosine of their vectors
     * @param score how clear it is from all near questions that this is the answer, from 0 to 1
     * @param threshold from which score on answers are served at present
     * @param risk the estimated share of requests that are answered wrongly at that threshold
     */
    public record Match(
            String asked, @Nullable String answered, double similarity, double score, double threshold, double risk) {

        /** Shows the numbers; the questions are left out, so that they never reach a log by accident. */
        @Override
        public String toString() {
            return "Match[similarity=" + similarity + ", score=" + score + ", threshold=" + threshold + ", risk=" + risk
                    + "]";
        }
    }

    /**
     * Copies what could change.
     *
     * @param how by which way it was found
     * @param storedAt when the model gave it
     * @param age how long ago that was
     * @param dependencies what it depends on
     * @param savedUsage what the answer took, or {@code null}
     * @param match how near the question was, or {@code null}
     */
    public CacheHit {
        dependencies = List.copyOf(dependencies);
    }

    /**
     * Why an answer was served.
     *
     * @param response an answer
     * @return why it came from a cache; empty where it did not
     */
    public static Optional<CacheHit> of(ChatResponse response) {
        return response.metadata() instanceof CachedMetadata cached ? Optional.of(cached.hit()) : Optional.empty();
    }
}
