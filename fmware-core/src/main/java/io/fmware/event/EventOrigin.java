package io.fmware.event;

import java.time.Instant;
import java.util.Objects;

/**
 * Where an event comes from, and when.
 *
 * @param run the id of the run
 * @param path who in the run
 * @param sequence the number of the event in its run, from 1, without gaps; the order in which the events were made
 * @param at the time by the clock of the run
 */
public record EventOrigin(String run, RunPath path, long sequence, Instant at) {

    /**
     * Checks that nothing is missing.
     *
     * @param run the id of the run
     * @param path who in the run
     * @param sequence the number of the event
     * @param at the time
     */
    public EventOrigin {
        Objects.requireNonNull(run, "run");
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(at, "at");
        if (sequence < 1) {
            throw new IllegalArgumentException("the sequence of an event starts at 1, but is " + sequence);
        }
    }
}
