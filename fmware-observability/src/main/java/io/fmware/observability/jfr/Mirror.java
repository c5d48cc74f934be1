package io.fmware.observability.jfr;

import io.fmware.Boundary;
import io.fmware.event.FmEvent;
import io.fmware.event.Redactor;
import org.jspecify.annotations.Nullable;

/** Makes events of JFR, where a recording wants them. What they say is put together only for those that are written. */
final class Mirror {
    private final Names names;

    Mirror(Redactor redactor) {
        this.names = new Names(redactor);
    }

    /** An event that has begun, {@code null} where no recording wants it. */
    @Nullable
    TimedEvent opened(Boundary boundary) {
        TimedEvent event = TimedEvents.of(boundary);
        if (event == null || !event.isEnabled()) {
            return null;
        }
        event.opener = Thread.currentThread();
        event.begin();
        return event;
    }

    void closed(Boundary boundary, @Nullable Object token, @Nullable Object output, @Nullable Throwable error) {
        if (!(token instanceof TimedEvent event)) {
            return;
        }
        event.end();
        if (event.shouldCommit()) { // it is still wanted, and took long enough
            event.at(boundary.run().id(), boundary.path(), names);
            event.ended(error, names);
            event.describe(boundary, output, error, names);
            event.commit();
        }
    }

    void event(FmEvent told) {
        MomentEvent event = MomentEvents.of(told);
        if (event != null && event.isEnabled()) {
            event.at(told.origin().run(), told.origin().path(), names);
            event.describe(names);
            event.commit();
        }
    }
}
