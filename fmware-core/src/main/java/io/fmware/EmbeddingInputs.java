package io.fmware;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be embedded. Segments are kept as the caller gave them: their metadata has no place in a request, and some models
 * read it.
 */
record EmbeddingInputs(EmbeddingRequest request, @Nullable List<TextSegment> segments) {

    static EmbeddingInputs of(EmbeddingRequest request) {
        return new EmbeddingInputs(request, null);
    }

    static EmbeddingInputs of(List<TextSegment> segments) {
        List<TextSegment> copy = List.copyOf(segments);
        return new EmbeddingInputs(EmbeddingRequest.builder().textSegments(copy).build(), copy);
    }
}
