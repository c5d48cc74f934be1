package io.fmware.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.fmware.FmCall;
import io.fmware.Interceptor;
import io.fmware.Phase;
import io.fmware.RequestDigest;
import io.fmware.Target;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes the keys of requests. Thread-safe. */
final class Keys {
    private final AtomicInteger numbers = new AtomicInteger();
    /** By identity: a model that has no name is known by nothing else. */
    private final Cache<Target, Integer> nameless =
            Caffeine.newBuilder().weakKeys().build();

    private final Cache<List<Interceptor>, Integer> ofPipelines =
            Caffeine.newBuilder().weakKeys().build();
    private final Map<List<Interceptor>, Integer> companies = new ConcurrentHashMap<>();

    /** The key of a call for a tenant and a scope in it. */
    CacheKey of(FmCall call, String tenant, String scope) {
        return new CacheKey(tenant, scope, modelOf(call), companyOf(call), RequestDigest.of(call.effectiveRequest()));
    }

    /** The key of everything in a call but its request, for which another one stands. */
    CacheKey partition(CacheKey of, ChatRequest rest) {
        return of.with(RequestDigest.of(rest));
    }

    private String modelOf(FmCall call) {
        Target target = call.target();
        String name = call.effectiveRequest().modelName();
        return target.provider()
                + "/"
                + (name == null || name.isBlank()
                        ? "#" + nameless.get(target, each -> numbers.incrementAndGet())
                        : name);
    }

    /** What validates or replaces answers inside of the cache shapes them too: answers are shared where that is the same. */
    private int companyOf(FmCall call) {
        return ofPipelines.get(
                call.interceptors(), all -> companies.computeIfAbsent(inside(all), each -> numbers.incrementAndGet()));
    }

    private static List<Interceptor> inside(List<Interceptor> all) {
        return all.stream()
                .filter(each -> each.phase() == Phase.FALLBACK || each.phase() == Phase.VALIDATE)
                .map(Interceptor::unwrapped)
                .toList();
    }
}
