package io.fmware.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.fmware.event.FmEvent;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Which answers were given lately, by their id and by run: what people say of an answer comes after it. Thread-safe. */
final class Given {
    private static final int MOST = 100_000;

    private final Cache<String, Entry> byId =
            Caffeine.newBuilder().maximumSize(MOST).weakValues().build();
    private final Cache<String, Set<Entry>> byRun =
            Caffeine.newBuilder().maximumSize(MOST).build();

    void note(Entry entry, String run) {
        String id = entry.response() == null ? null : entry.response().id();
        if (id != null) {
            byId.put(id, entry);
        }
        if (!run.isEmpty()) {
            byRun.asMap()
                    .computeIfAbsent(run, r -> ConcurrentHashMap.newKeySet())
                    .add(entry);
        }
    }

    /** The answers that feedback is about. */
    Set<Entry> meantBy(FmEvent.FeedbackGiven feedback) {
        String id = feedback.responseId();
        @Nullable Entry one = id == null ? null : byId.getIfPresent(id);
        if (id != null) {
            return one == null ? Set.of() : Set.of(one);
        }
        Set<Entry> all = byRun.getIfPresent(feedback.origin().run());
        return all == null ? Set.of() : Set.copyOf(all);
    }

    void forget(Entry entry) {
        byRun.asMap().computeIfPresent(entry.run(), (run, all) -> {
            all.remove(entry);
            return all.isEmpty() ? null : all;
        });
    }
}
