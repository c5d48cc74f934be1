package io.fmware.testing.conformance;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A model that overrides {@code embedAll} alone, as models from before embedding requests do, and notes its segments. */
final class LegacyEmbeddingModel implements EmbeddingModel {

    private final List<TextSegment> segments = new CopyOnWriteArrayList<>();

    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> given) {
        segments.addAll(given);
        return Response.from(given.stream()
                .map(segment -> Embedding.from(new float[] {segment.text().length(), 1}))
                .toList());
    }

    List<TextSegment> segments() {
        return segments;
    }
}
