package io.fmware.observability.replay;

import io.fmware.Boundary;
import io.fmware.BoundaryEvents;
import io.fmware.event.EventOrigin;
import io.fmware.event.Failure;
import io.fmware.event.FmEvent;
import io.fmware.observability.recorder.EventJson;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Tells of a boundary that is being crossed as a recording would, so that the two can be compared. Thread-safe. */
final class Asking {
    private final EventJson json;

    Asking(EventJson json) {
        this.json = json;
    }

    /** What goes in. */
    Saying asked(Boundary b) {
        Function<EventOrigin, FmEvent> opening = BoundaryEvents.opened(b);
        return saying(b, opening == null ? last(b, null, null) : opening);
    }

    /** What came out, {@code null} for boundaries of which nothing is compared. */
    @Nullable
    Saying given(Boundary b, @Nullable Object output, @Nullable Throwable error) {
        return switch (b.kind()) {
            case AGENT, CALL, PLAN, JOIN -> saying(b, last(b, output, error == null ? null : Failures.told(error)));
            default -> null;
        };
    }

    /** A path, or the name of a run, as it stands in recordings. */
    String path(String path) {
        return Marks.ANY.plain(json.clean(path));
    }

    private static Function<EventOrigin, FmEvent> last(Boundary b, @Nullable Object output, @Nullable Failure failure) {
        List<Function<EventOrigin, FmEvent>> told = BoundaryEvents.closed(b, output, failure);
        return told.get(told.size() - 1);
    }

    private Saying saying(Boundary b, Function<EventOrigin, FmEvent> telling) {
        FmEvent event = telling.apply(new EventOrigin(b.run().id(), b.path(), 1, Instant.EPOCH));
        return new Saying(event.type(), path(b.path().toString()), json.fields(event));
    }
}
