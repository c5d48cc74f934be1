package io.fmware.testing.conformance;

import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.listener.EmbeddingModelListener;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import java.util.List;

/** A decorator as it is written first: it implements {@code doEmbed}, the one method that asks to be implemented. */
final class NaiveEmbeddingModel implements EmbeddingModel {

    private final EmbeddingModel delegate;

    NaiveEmbeddingModel(EmbeddingModel delegate) {
        this.delegate = delegate;
    }

    @Override
    public EmbeddingResponse doEmbed(EmbeddingRequest request) {
        return delegate.embed(request);
    }

    @Override
    public List<EmbeddingModelListener> listeners() {
        return delegate.listeners();
    }
}
