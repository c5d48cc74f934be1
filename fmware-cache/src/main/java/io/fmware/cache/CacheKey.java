package io.fmware.cache;

/**
 * What identifies a request: equal ones have the same answer.
 *
 * @param tenant for whose tenant it is, empty for none
 * @param scope for which user it is, where that matters; else empty
 * @param model which model is asked: its provider, a slash and its name
 * @param company what stands between the cache and the model, by number
 * @param digest everything in the request
 */
record CacheKey(String tenant, String scope, String model, int company, String digest) {

    /** The name of the model, without its provider. */
    String modelName() {
        return model.substring(model.indexOf('/') + 1);
    }

    /** The key in a partition of questions that differ in nothing else. */
    CacheKey with(String other) {
        return new CacheKey(tenant, scope, model, company, other);
    }
}
