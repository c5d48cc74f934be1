package io.fmware.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.langchain4j.model.chat.request.ChatRequest;
import io.fmware.FmCall;
import io.fmware.Interceptor;
import io.fmware.Phase;
import io.fmware.RequestDigest;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/** Makes the keys of requests. Thread-safe. */
final class Keys {
    private final AtomicLong last = new AtomicLong();
    /** By identity, of models without a name and of interceptors; never given twice, and kept as long as what they number. */
    private final Cache<Object, Long> numbers = Caffeine.newBuilder().weakKeys().build();

    /** The key of a call for a tenant and a scope in it. */
    CacheKey of(FmCall call, String tenant, String scope) {
        return new CacheKey(
                tenant,
                scope,
                String.valueOf(call.target().provider()),
                modelOf(call),
                insideChain(call),
                RequestDigest.of(call));
    }

    /** Whether what stands inside of the cache is what stood there when a key was made: it may have been switched. */
    boolean isStill(CacheKey key, FmCall call) {
        return key.insideChain().equals(insideChain(call));
    }

    /** The key of everything in a call but its request, for which another one stands. */
    CacheKey partition(CacheKey of, ChatRequest rest) {
        int lost = of.digest().indexOf('+'); // parameters that are not in the rest of the effective request
        return of.with(RequestDigest.of(rest) + (lost < 0 ? "" : of.digest().substring(lost)));
    }

    private String modelOf(FmCall call) {
        String name = call.effectiveRequest().modelName();
        return name == null || name.isBlank() ? "#" + numberOf(call.target()) : name;
    }

    /** What validates or replaces answers inside of the cache shapes them too: answers are shared where that is the same. */
    private String insideChain(FmCall call) {
        return call.interceptors().stream()
                .filter(each -> each.phase() == Phase.FALLBACK || each.phase() == Phase.VALIDATE)
                .map(Interceptor::unwrapped)
                .map(this::numberOf)
                .collect(Collectors.joining(","));
    }

    private String numberOf(Object one) {
        return Long.toString(numbers.get(one, each -> last.incrementAndGet()));
    }
}
