package io.fmware.cache;

import java.util.Map;

/**
 * What a cache has done so far. Immutable.
 *
 * @param hits requests that were answered because an equal one had been
 * @param semanticHits requests that were answered because one of the same meaning had been
 * @param shared requests that were answered by an equal call under way
 * @param misses requests that a model was asked for
 * @param refused requests that were not looked for, by reason
 * @param failures requests that failed because an equal one had
 * @param stored answers that were put into the cache
 * @param purged entries that went because something they depend on had changed, or because somebody disliked them
 * @param evicted entries that went because there was no room for them
 * @param bypassed requests for which the cache itself failed, and was passed by
 * @param entries how many answers there are now
 * @param bytes how much they take, estimated
 */
public record CacheStats(
        long hits,
        long semanticHits,
        long shared,
        long misses,
        Map<Refusal, Long> refused,
        long failures,
        long stored,
        long purged,
        long evicted,
        long bypassed,
        long entries,
        long bytes) {

    /**
     * Copies what could change.
     *
     * @param hits requests that were answered because an equal one had been
     * @param semanticHits requests that were answered because one of the same meaning had been
     * @param shared requests that were answered by an equal call under way
     * @param misses requests that a model was asked for
     * @param refused requests that were not looked for, by reason
     * @param failures requests that failed because an equal one had
     * @param stored answers that were put into the cache
     * @param purged entries that went because something they depend on had changed, or because somebody disliked them
     * @param evicted entries that went because there was no room for them
     * @param bypassed requests for which the cache itself failed
     * @param entries how many answers there are now
     * @param bytes how much they take, estimated
     */
    public CacheStats {
        refused = Map.copyOf(refused);
    }

    /**
     * How many requests were looked for.
     *
     * @return hits, semantic hits, shared ones, failures served and misses
     */
    public long lookups() {
        return hits + semanticHits + shared + failures + misses;
    }

    /**
     * Which part of the requests that were looked for the model was not asked for.
     *
     * @return the part, from 0 to 1; 0 where nothing was looked for
     */
    public double hitRate() {
        return lookups() == 0 ? 0 : (double) (lookups() - misses) / lookups();
    }
}
