package io.fmware.service;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.scoring.ScoringModel;
import io.fmware.BoundaryKind;
import io.fmware.FmRun;
import io.fmware.ScoringRequest;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A scoring model behind a boundary.
 *
 * @param delegate the model
 */
record WatchedScoring(ScoringModel delegate) implements ScoringModel {

    @Override
    public Response<List<Double>> scoreAll(List<TextSegment> segments, String query) {
        if (FmRun.currentScope() == null) {
            return delegate.scoreAll(segments, query);
        }
        AtomicReference<@Nullable Response<List<Double>>> real = new AtomicReference<>();
        ScoringRequest request = new ScoringRequest(query, segments);
        List<Double> scores = FmRun.cross(BoundaryKind.SCORING, name(), request, asked -> {
            Response<List<Double>> response = delegate.scoreAll(asked.segments(), asked.query());
            real.set(response);
            return response.content();
        });
        Response<List<Double>> response = real.get();
        return response != null && response.content() == scores ? response : Response.from(scores);
    }

    /** Never the query: names go into paths and logs. */
    private String name() {
        Class<?> type = delegate.getClass();
        return type.isSynthetic() || type.isAnonymousClass() ? "scorer" : type.getSimpleName();
    }
}
