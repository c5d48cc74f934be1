package io.fmware.testing.conformance;

import dev.langchain4j.model.chat.listener.ChatModelErrorContext;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.listener.ChatModelRequestContext;
import dev.langchain4j.model.chat.listener.ChatModelResponseContext;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what a delegate tells its listeners, and keeps the attributes of the last request. */
final class CountingListener implements ChatModelListener {

    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger responses = new AtomicInteger();
    private final AtomicInteger errors = new AtomicInteger();
    private volatile Map<Object, Object> attributes = Map.of();

    @Override
    public void onRequest(ChatModelRequestContext context) {
        attributes = new ConcurrentHashMap<>(context.attributes());
        requests.incrementAndGet();
    }

    @Override
    public void onResponse(ChatModelResponseContext context) {
        responses.incrementAndGet();
    }

    @Override
    public void onError(ChatModelErrorContext context) {
        errors.incrementAndGet();
    }

    Map<Object, Object> attributes() {
        return attributes;
    }

    @Override
    public String toString() {
        return counts(requests.get(), responses.get(), errors.get());
    }

    static String counts(int requests, int responses, int errors) {
        return requests + " request(s), " + responses + " response(s), " + errors + " error(s)";
    }
}
