package io.fmware.observability.recorder;

import io.fmware.event.FmEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Fires when something ends that took long, by the clock of its run. Thread-safe. */
final class SlowTrigger implements Trigger {
    /** Runs that are never closed must not fill the memory. */
    private static final int MOST_RUNS = 10_000;

    private final Duration longest;
    private final Class<? extends FmEvent> beginning;
    private final Class<? extends FmEvent> end;
    private final Map<String, Map<String, Instant>> begun = new ConcurrentHashMap<>();

    SlowTrigger(Duration longest, Class<? extends FmEvent> beginning, Class<? extends FmEvent> end) {
        if (Objects.requireNonNull(longest, "longest").isNegative() || longest.isZero()) {
            throw new IllegalArgumentException("what counts as slow must be positive, but is " + longest);
        }
        this.longest = longest;
        this.beginning = beginning;
        this.end = end;
    }

    @Override
    public boolean fires(FmEvent event) {
        String run = event.origin().run();
        String path = event.origin().path().toString();
        boolean slow = false;
        if (beginning.isInstance(event)) {
            if (begun.size() >= MOST_RUNS) {
                begun.clear();
            }
            begun.computeIfAbsent(run, id -> new ConcurrentHashMap<>())
                    .put(path, event.origin().at());
        } else if (end.isInstance(event)) {
            Map<String, Instant> ofRun = begun.get(run);
            @Nullable Instant since = ofRun == null ? null : ofRun.remove(path); // a run may go on for ever
            slow = since != null && Duration.between(since, event.origin().at()).compareTo(longest) > 0;
        }
        if (event instanceof FmEvent.RunEnded) {
            begun.remove(run);
        }
        return slow;
    }
}
