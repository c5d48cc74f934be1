package io.fmware.cache;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An answer, or a failure, and what it depends on. Compared by identity; thread-safe. */
final class Entry {
    private static final int OVERHEAD = 512;
    private static final int DEPENDENCY = 96;

    private final CacheKey key;
    private final @Nullable ChatResponse response;
    private final @Nullable RuntimeException failure;
    private final Map<Dependency, Long> seen;
    private final Instant storedAt;
    private final long storedNanos;
    private final long expiresNanos;
    private final long costNanos;
    private final int weight;

    private Entry(
            CacheKey key,
            @Nullable ChatResponse response,
            @Nullable RuntimeException failure,
            Map<Dependency, Long> seen,
            Instant storedAt,
            long storedNanos,
            long expiresNanos,
            long costNanos,
            long extra) {
        this.key = key;
        this.response = response;
        this.failure = failure;
        this.seen = new ConcurrentHashMap<>(seen);
        this.storedAt = storedAt;
        this.storedNanos = storedNanos;
        this.expiresNanos = expiresNanos;
        this.costNanos = costNanos;
        this.weight = weightOf(response, seen.size(), extra);
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

    static Entry answer(CacheKey key, ChatResponse response, Map<Dependency, Long> seen, Made made) {
        return of(key, response, null, seen, made);
    }

    static Entry failure(CacheKey key, RuntimeException failure, Map<Dependency, Long> seen, Made made) {
        return of(key, null, failure, seen, made);
    }

    private static Entry of(
            CacheKey key,
            @Nullable ChatResponse response,
            @Nullable RuntimeException failure,
            Map<Dependency, Long> seen,
            Made made) {
        return new Entry(
                key,
                response,
                failure,
                seen,
                made.at(),
                made.nanos(),
                made.nanos() + made.lifeNanos(),
                made.costNanos(),
                made.extra());
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

    /** Notes that something is still as it was. */
    void seenAgain(Dependency what, long at) {
        seen.merge(what, at, Math::max);
    }

    /** The documents of a corpus that it depends on. */
    Set<String> documentsOf(String corpus) {
        return seen.keySet().stream()
                .filter(each ->
                        each.kind() == Dependency.Kind.DOCUMENT && each.place().equals(corpus))
                .map(Dependency::id)
                .collect(Collectors.toSet());
    }

    /** What it was made from, in order. Whose it is stays out: it may be served to another one. */
    List<Dependency> dependencies() {
        return seen.keySet().stream().filter(each -> !each.isSubject()).sorted().toList();
    }

    Instant storedAt() {
        return storedAt;
    }

    long storedNanos() {
        return storedNanos;
    }

    long lifeNanos(long now) {
        return expiresNanos - now;
    }

    long costNanos() {
        return costNanos;
    }

    /** Bytes, estimated. */
    int weight() {
        return weight;
    }

    private static int weightOf(@Nullable ChatResponse response, int dependencies, long extra) {
        long weight = OVERHEAD + extra + (long) DEPENDENCY * dependencies;
        AiMessage message = response == null ? null : response.aiMessage();
        if (message != null) {
            weight += 2L * length(message.text()) + 2L * length(message.thinking());
            for (var call : message.toolExecutionRequests()) {
                weight += 2L * length(call.name()) + 2L * length(call.arguments());
            }
        }
        return (int) Math.min(Integer.MAX_VALUE, weight);
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }
}
