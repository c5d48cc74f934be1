package io.fmware.cache;

import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Estimates how many bytes an entry takes, from the lengths of the texts that it holds. */
final class Weights {
    /** The objects around an answer and its place in the tables, estimated from their fields. */
    private static final int OVERHEAD = 512;
    /** A dependency, and its places in the entry and in the reverse index, estimated in the same way. */
    private static final int DEPENDENCY = 96;
    /** An exception with the frames of its stack. */
    private static final int TRACE = 8 << 10;
    /** An object of a provider's own of which nothing is known. */
    private static final int UNKNOWN = 256;

    private static final int DEEPEST = 16;

    private Weights() {}

    static int of(
            CacheKey key,
            @Nullable ChatResponse response,
            @Nullable Throwable failure,
            Collection<Dependency> dependencies,
            long extra) {
        long weight = OVERHEAD + extra + ofKey(key) + ofFailure(failure);
        for (Dependency each : dependencies) {
            weight += DEPENDENCY + of(each.place()) + of(each.id());
        }
        AiMessage message = response == null ? null : response.aiMessage();
        if (message != null) {
            weight += of(message.text()) + of(message.thinking()) + ofValue(message.attributes(), 0);
            for (var call : message.toolExecutionRequests()) {
                weight += of(call.name()) + of(call.arguments());
            }
        }
        return (int) Math.min(Integer.MAX_VALUE, weight);
    }

    private static long ofKey(CacheKey key) {
        return of(key.tenant()) + of(key.scope()) + of(key.model()) + of(key.digest());
    }

    private static long ofFailure(@Nullable Throwable failure) {
        long weight = 0;
        Throwable at = failure;
        for (int i = 0; at != null && i < DEEPEST; i++) {
            weight += TRACE + of(at.getMessage());
            at = at.getCause();
        }
        return weight;
    }

    private static long ofValue(@Nullable Object value, int depth) {
        if (value == null || depth == DEEPEST) {
            return 0;
        }
        if (value instanceof CharSequence text) {
            return 2L * text.length();
        }
        if (value instanceof byte[] bytes) {
            return bytes.length;
        }
        if (value instanceof Image image) {
            return of(image.base64Data()) + of(image.revisedPrompt());
        }
        long weight = UNKNOWN;
        if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> each : map.entrySet()) {
                weight += ofValue(each.getKey(), depth + 1) + ofValue(each.getValue(), depth + 1);
            }
        } else if (value instanceof Iterable<?> values) {
            for (Object each : values) {
                weight += ofValue(each, depth + 1);
            }
        }
        return weight;
    }

    private static long of(@Nullable String text) {
        return text == null ? 0 : 2L * text.length();
    }
}
