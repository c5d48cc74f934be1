package io.fmware.cache;

import dev.langchain4j.model.chat.response.ChatResponse;
import io.fmware.FmReply;
import io.fmware.TimeSource;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Serves entries, and says why. Thread-safe. */
final class Hits {
    private final TimeSource time;
    private final Tally tally;
    private final @Nullable Matcher matcher;

    Hits(TimeSource time, Tally tally, @Nullable Matcher matcher) {
        this.time = time;
        this.tally = tally;
        this.matcher = matcher;
    }

    FmReply exact(Entry entry, Lookup lookup) {
        return served(entry, lookup, CacheHit.How.EXACT, Tally.Outcome.HIT, null);
    }

    /** Serves what an equal call under way was answered. */
    FmReply shared(Entry entry, Lookup lookup, CacheHit.@Nullable Match match) {
        return served(entry, lookup, CacheHit.How.SHARED, Tally.Outcome.SHARED, match);
    }

    /** Serves an answer to a question of the same meaning. */
    FmReply semantic(Entry entry, Lookup lookup, CacheHit.@Nullable Match match) {
        return served(entry, lookup, CacheHit.How.SEMANTIC, Tally.Outcome.SEMANTIC, match);
    }

    /** How an answer was found by its meaning. */
    CacheHit.@Nullable Match match(Entry entry, Lookup lookup, Matcher.Found found) {
        return matcher == null ? null : matcher.match(found, lookup.isOfSameUser(entry));
    }

    private FmReply served(
            Entry entry, Lookup lookup, CacheHit.How how, Tally.Outcome outcome, CacheHit.@Nullable Match match) {
        if (entry.failure() != null) {
            tally.count(Tally.Outcome.FAILURE);
            throw new CachedFailureException(entry.failure());
        }
        tally.count(outcome);
        RunTrace trace = lookup.trace();
        if (trace != null) {
            trace.given(entry);
            entry.seen().forEach(trace::used); // what is made of this answer depends on the same
        }
        ChatResponse first = Objects.requireNonNull(entry.response());
        CacheHit hit = new CacheHit(
                how,
                entry.storedAt(),
                Duration.ofNanos(time.nanoTime() - entry.storedNanos()),
                entry.dependencies(),
                first.tokenUsage(),
                match);
        ChatResponse response = ChatResponse.builder()
                .aiMessage(first.aiMessage())
                .metadata(CachedMetadata.of(first.metadata(), hit))
                .build();
        return FmReply.of(response, FmReply.Source.CACHE).withSavedUsage(first.tokenUsage());
    }
}
