package io.fmware.observability.otel;

import io.fmware.event.RunPath;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the open span of a place in a run. A place is known by its path as an object, since the paths of two runs may be equal.
 * It is what connects a thread that follows a run, but not OpenTelemetry's context, to its trace.
 */
final class Places {
    private final Map<Place, OpenSpan> open = new ConcurrentHashMap<>();

    /** A path by identity. */
    private static final class Place {
        private final RunPath path;

        Place(RunPath path) {
            this.path = path;
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // that is the point
        public boolean equals(@Nullable Object other) {
            return other instanceof Place place && place.path == path;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(path);
        }
    }

    void add(OpenSpan span) {
        open.put(new Place(span.boundary().path()), span);
        if (span.parent() != null) {
            root(span).inside().incrementAndGet();
        }
    }

    void remove(OpenSpan span) {
        if (open.remove(new Place(span.boundary().path())) != null && span.parent() != null) {
            root(span).inside().decrementAndGet();
        }
    }

    /** The span of a place, or of the nearest place around it that has one. */
    @Nullable
    OpenSpan around(@Nullable RunPath path) {
        for (RunPath at = path; at != null; at = at.parent()) {
            OpenSpan found = open.get(new Place(at));
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** What is still open in a run that ends. */
    List<OpenSpan> leftIn(OpenSpan run) {
        if (run.inside().get() == 0) {
            return List.of();
        }
        List<OpenSpan> left = new ArrayList<>();
        open.values().forEach(each -> {
            if (each != run && root(each) == run) {
                left.add(each);
            }
        });
        return left;
    }

    int size() {
        return open.size();
    }

    private static OpenSpan root(OpenSpan span) {
        OpenSpan at = span;
        for (OpenSpan up = at.parent(); up != null; up = at.parent()) {
            at = up;
        }
        return at;
    }
}
