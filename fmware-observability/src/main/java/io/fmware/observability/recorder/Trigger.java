package io.fmware.observability.recorder;

import io.fmware.event.FmEvent;
import java.time.Duration;
import java.util.Objects;

/**
 * Says when something has gone wrong. Then the content of the last moments of all runs is written, and that of the rest of the
 * run in which it happened.
 *
 * <p>Has to be thread-safe and quick. What a trigger throws is taken for a no.
 */
@FunctionalInterface
public interface Trigger {

    /**
     * Looks at an event.
     *
     * @param event what happened
     * @return whether something has gone wrong
     */
    boolean fires(FmEvent event);

    /**
     * Fires on failures of runs, agents, steps, calls, tools and retrievals, on errors that were noted, and on verdicts that
     * reject. The default.
     *
     * @return the trigger
     */
    static Trigger failures() {
        return event ->
                event.failure() != null || (event instanceof FmEvent.VerdictGiven verdict && !verdict.accepted());
    }

    /**
     * Fires where a call of a model takes long, with all its attempts: when it has ended.
     *
     * @param longest how long a call may take, positive
     * @return the trigger
     */
    static Trigger slowCalls(Duration longest) {
        return new SlowTrigger(longest, FmEvent.CallStarted.class, FmEvent.CallEnded.class);
    }

    /**
     * Fires where a run takes long: when it has ended.
     *
     * @param longest how long a run may take, positive
     * @return the trigger
     */
    static Trigger slowRuns(Duration longest) {
        return new SlowTrigger(longest, FmEvent.RunStarted.class, FmEvent.RunEnded.class);
    }

    /**
     * Never fires.
     *
     * @return the trigger
     */
    static Trigger never() {
        return event -> false;
    }

    /**
     * Fires where this one does, and where another one does.
     *
     * @param other the other trigger
     * @return a trigger of both
     */
    default Trigger or(Trigger other) {
        Objects.requireNonNull(other, "other");
        return event -> {
            boolean first = fires(event);
            return other.fires(event) || first; // both see all events
        };
    }
}
