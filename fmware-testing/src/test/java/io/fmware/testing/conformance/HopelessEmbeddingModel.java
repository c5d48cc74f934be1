package io.fmware.testing.conformance;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import java.util.List;

/** Breaks what the naive decorator keeps: it forgot to override the method that does the work. */
final class HopelessEmbeddingModel implements EmbeddingModel {

    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
        if (segments.isEmpty()) {
            throw new IllegalArgumentException("nothing to embed");
        }
        return EmbeddingModel.super.embedAll(segments);
    }
}
