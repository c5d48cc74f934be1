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

/** Tells runs of the searches in a store of embeddings. Outside of a run it does nothing. */
enum SearchEvents implements EmbeddingStoreListener {
    INSTANCE;

    @Override
    public void onResponse(EmbeddingStoreResponseContext<?> context) {
        if (context instanceof EmbeddingStoreResponseContext.Search<?> search) {
            note(
                    search.requestContext(),
                    search.searchResult().matches().stream()
                            .map(EmbeddingMatch::score)
                            .toList());
        }
    }

    @Override
    public void onError(EmbeddingStoreErrorContext<?> context) {
        note(context.requestContext(), List.of());
    }

    private static void note(EmbeddingStoreRequestContext<?> context, List<Double> scores) {
        if (context instanceof EmbeddingStoreRequestContext.Search<?> search) {
            EmbeddingSearchRequest asked = search.searchRequest();
            FmRun.note(at -> new FmEvent.Searched(at, asked.maxResults(), asked.minScore(), scores));
        }
    }
}
