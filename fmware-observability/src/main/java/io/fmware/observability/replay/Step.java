package io.fmware.observability.replay;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fmware.BoundaryKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A boundary that was crossed, or a scope that was open, in a run that was recorded. Its JSON is that of the events, without what
 * differs from run to run.
 *
 * @param path where in the run
 * @param kind what kind of boundary
 * @param asked what went in, {@code null} where that was not recorded
 * @param given what came out, {@code null} where that was not recorded or never came
 * @param pieces the pieces of a streamed answer, in order
 */
record Step(
        String path,
        BoundaryKind kind,
        @Nullable ObjectNode asked,
        @Nullable ObjectNode given,
        List<ObjectNode> pieces) {

    Step {
        pieces = List.copyOf(pieces);
    }

    /** Whether it lies in another one. */
    boolean isIn(String other) {
        return Paths.isIn(path, other);
    }

    /** The class of what it failed with, {@code null} where it did not fail. */
    @Nullable
    String error() {
        return given == null || !given.has("error") ? null : given.get("error").asText();
    }
}
