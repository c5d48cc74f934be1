package io.fmware;

import dev.langchain4j.data.segment.TextSegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What goes into a {@link BoundaryKind#SCORING}.
 *
 * @param query what the segments are scored against
 * @param segments what is scored
 */
public record ScoringRequest(String query, List<TextSegment> segments) {

    /**
     * Copies what could change.
     *
     * @param query what the segments are scored against
     * @param segments what is scored
     */
    public ScoringRequest {
        segments = Collections.unmodifiableList(new ArrayList<>(segments));
    }
}
