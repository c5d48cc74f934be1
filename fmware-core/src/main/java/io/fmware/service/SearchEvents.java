package io.fmware.service;

import dev.langchain4j.store.embedding.EmbeddingMatch;
import dev.langchain4j.store.embedding.EmbeddingSearchRequest;
import dev.langchain4j.store.embedding.listener.EmbeddingStoreErrorContext;
import dev.langchain4j.store.embedding.listener.EmbeddingStoreListener;
import dev.langchain4j.store.embedding.listener.EmbeddingStoreRequestContext;
import dev.langchain4j.store.embedding.listener.EmbeddingStoreResponseContext;
import io.fmware.FmRun;
import io.fmware.event.FmEvent;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Tells runs of the searches in a store of embeddings. Outside of a run it does nothing. A store that it listens to twice is told
 * of once.
 */
enum SearchEvents implements EmbeddingStoreListener {
    INSTANCE;

    @Override
    public void onResponse(EmbeddingStoreResponseContext<?> context) {
        if (context instanceof EmbeddingStoreResponseContext.Search<?> search) {
            note(
                    search.requestContext(),
                    search.attributes(),
                    () -> search.searchResult().matches().stream()
                            .map(EmbeddingMatch::score)
                            .toList());
        }
    }

    @Override
    public void onError(EmbeddingStoreErrorContext<?> context) {
        note(context.requestContext(), context.attributes(), List::of);
    }

    private static void note(
            EmbeddingStoreRequestContext<?> context, Map<Object, Object> ofSearch, Supplier<List<Double>> scores) {
        if (context instanceof EmbeddingStoreRequestContext.Search<?> search
                && ofSearch.putIfAbsent(INSTANCE, INSTANCE) == null) {
            EmbeddingSearchRequest asked = search.searchRequest();
            FmRun.note(at -> new FmEvent.Searched(at, asked.maxResults(), asked.minScore(), scores.get()));
        }
    }
}
