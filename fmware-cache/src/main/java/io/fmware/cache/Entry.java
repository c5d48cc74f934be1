package io.fmware.cache;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.ChatResponseMetadata;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An answer, or a failure, and what it depends on. Compared by identity; immutable. */
final class Entry {
    private final CacheKey key;
    private final @Nullable ChatResponse response;
    private final @Nullable RuntimeException failure;
    private final Map<Dependency, Long> seen;
    private final Made made;
    private final int weight;

    private Entry(
            CacheKey key,
            @Nullable ChatResponse response,
            @Nullable RuntimeException failure,
            Map<Dependency, Long> seen,
            Made made) {
        this.key = key;
        this.response = response;
        this.failure = failure;
        this.seen = Map.copyOf(seen);
        this.made = made;
        this.weight = Weights.of(key, response, failure, seen.keySet(), made.extra());
    }

    /**
     * When something is stored and for how long.
     *
     * @param at the time
     * @param nanos the reading of the clock
     * @param lifeNanos how long it may be served
     * @param costNanos how long it took to make
     * @param extra bytes that are kept beside it
     */
    record Made(Instant at, long nanos, long lifeNanos, long costNanos, long extra) {}

    /** An answer; of its metadata only what langchain4j knows is kept, not what a provider holds there of its HTTP exchange. */
    static Entry answer(CacheKey key, ChatResponse response, Map<Dependency, Long> seen, Made made) {
        ChatResponse plain = ChatResponse.builder()
                .aiMessage(response.aiMessage())
                .metadata(ChatResponseMetadata.builder()
                        .id(response.id())
                        .modelName(response.modelName())
                        .tokenUsage(response.tokenUsage())
                        .finishReason(response.finishReason())
                        .build())
                .build();
        return new Entry(key, plain, null, seen, made);
    }

    static Entry failure(CacheKey key, RuntimeException failure, Map<Dependency, Long> seen, Made made) {
        return new Entry(key, null, failure, seen, made);
    }

    CacheKey key() {
        return key;
    }

    /** The answer, {@code null} for a failure. */
    @Nullable
    ChatResponse response() {
        return response;
    }

    @Nullable
    RuntimeException failure() {
        return failure;
    }

    /** What it depends on, each with the reading of the clock of changes when it was seen. */
    Map<Dependency, Long> seen() {
        return seen;
    }

    /** The documents of a corpus that it depends on. */
    Set<String> documentsOf(String corpus) {
        return seen.keySet().stream()
                .filter(each ->
                        each.kind() == Dependency.Kind.DOCUMENT && each.place().equals(corpus))
                .map(Dependency::id)
                .collect(Collectors.toSet());
    }

    /** The documents that it was made from, of all corpora. */
    Set<Dependency> documents() {
        return seen.keySet().stream()
                .filter(each -> each.kind() == Dependency.Kind.DOCUMENT)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** What it was made from, in order. Whose it is stays out: it may be served to another one. */
    List<Dependency> dependencies() {
        return seen.keySet().stream().filter(each -> !each.isSubject()).sorted().toList();
    }

    Instant storedAt() {
        return made.at();
    }

    long storedNanos() {
        return made.nanos();
    }

    long lifeNanos(long now) {
        return made.lifeNanos() - (now - made.nanos());
    }

    long costNanos() {
        return made.costNanos();
    }

    /** Bytes, estimated. */
    int weight() {
        return weight;
    }
}
