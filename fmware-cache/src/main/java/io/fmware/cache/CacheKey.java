package io.fmware.cache;

import java.util.Comparator;

/**
 * What identifies a request: equal ones have the same answer. The order is for hash tables: names of tenants and users come from
 * outside, and can be chosen to have one hash code.
 *
 * @param tenant for whose tenant it is, empty for none
 * @param scope for which user it is, where that matters; else empty
 * @param model which model is asked: its provider, a slash and its name
 * @param company what stands between the cache and the model, by number
 * @param digest everything in the request
 */
record CacheKey(String tenant, String scope, String model, int company, String digest) implements Comparable<CacheKey> {
    private static final Comparator<CacheKey> ORDER = Comparator.comparing(CacheKey::digest)
            .thenComparing(CacheKey::tenant)
            .thenComparing(CacheKey::scope)
            .thenComparing(CacheKey::model)
            .thenComparing(CacheKey::company);

    /** The name of the model, without its provider. */
    String modelName() {
        return model.substring(model.indexOf('/') + 1);
    }

    @Override
    public int compareTo(CacheKey other) {
        return ORDER.compare(this, other);
    }

    /** The key in a partition of questions that differ in nothing else. */
    CacheKey with(String other) {
        return new CacheKey(tenant, scope, model, company, other);
    }
}
