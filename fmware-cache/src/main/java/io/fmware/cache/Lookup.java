package io.fmware.cache;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A call whose answer is looked for. Immutable, but for the trace, which goes on with its run.
 *
 * @param key identifies the request
 * @param seen what the answer depends on, as far as it is known before it is made
 * @param trace what the run has used, {@code null} outside of any
 * @param question what a person asked, {@code null} where only the prompt is known
 */
record Lookup(
        CacheKey key,
        Map<Dependency, Long> seen,
        @Nullable RunTrace trace,
        @Nullable String question) {

    Lookup {
        seen = Map.copyOf(seen);
    }

    /** Whether an entry was made for whoever asks now, as far as the runs say who that is. */
    boolean isOfSameUser(Entry entry) {
        return users(seen).equals(users(entry.seen()));
    }

    private static Set<Dependency> users(Map<Dependency, Long> seen) {
        return seen.keySet().stream()
                .filter(each -> each.kind() == Dependency.Kind.USER)
                .collect(Collectors.toSet());
    }
}
