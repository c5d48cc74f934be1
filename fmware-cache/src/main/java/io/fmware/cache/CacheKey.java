package io.fmware.cache;

import java.util.Comparator;

/**
 * What identifies a request: equal ones have the same answer. The order is for hash tables: names of tenants and users come from
 * outside, and can be chosen to have one hash code.
 *
 * @param tenant for whose tenant it is, empty for none
 * @param scope for which user it is, where that matters; else empty
 * @param provider whose model is asked
 * @param model its name, or a number where it has none
 * @param insideChain what stands between the cache and the model: the numbers of interceptors
 * @param digest everything in the request
 */
record CacheKey(String tenant, String scope, String provider, String model, String insideChain, String digest)
        implements Comparable<CacheKey> {
    private static final Comparator<CacheKey> ORDER = Comparator.comparing(CacheKey::digest)
            .thenComparing(CacheKey::tenant)
            .thenComparing(CacheKey::scope)
            .thenComparing(CacheKey::provider)
            .thenComparing(CacheKey::model)
            .thenComparing(CacheKey::insideChain);

    /** The model, as something that the answer depends on. */
    Dependency modelAsked() {
        return Dependency.model(provider, model);
    }

    @Override
    public int compareTo(CacheKey other) {
        return ORDER.compare(this, other);
    }

    /** The key in a partition of questions that differ in nothing else. */
    CacheKey with(String other) {
        return new CacheKey(tenant, scope, provider, model, insideChain, other);
    }
}
