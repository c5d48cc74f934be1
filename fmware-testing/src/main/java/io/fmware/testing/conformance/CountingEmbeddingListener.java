package io.fmware.testing.conformance;

import dev.langchain4j.model.embedding.listener.EmbeddingModelErrorContext;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.listener.EmbeddingModelRequestContext;
import dev.langchain4j.model.embedding.listener.EmbeddingModelResponseContext;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts what a delegate tells its listeners. */
final class CountingEmbeddingListener implements EmbeddingModelListener {

    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger responses = new AtomicInteger();
    private final AtomicInteger errors = new AtomicInteger();

    @Override
    public void onRequest(EmbeddingModelRequestContext context) {
        requests.incrementAndGet();
    }

    @Override
    public void onResponse(EmbeddingModelResponseContext context) {
        responses.incrementAndGet();
    }

    @Override
    public void onError(EmbeddingModelErrorContext context) {
        errors.incrementAndGet();
    }

    @Override
    public String toString() {
        return CountingListener.counts(requests.get(), responses.get(), errors.get());
    }
}
