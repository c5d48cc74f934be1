package io.fmware.observability.recorder;

import java.nio.file.Path;
import java.util.List;

/**
 * What was erased of a recording, and what was not. Immutable.
 *
 * @param runs how many runs
 * @param events how many of their events
 * @param contents how many contents, which no event names any more
 * @param open the ids of those of the runs that go on: what is recorded of them from now on is there again
 * @param waiting segments that hold some of the runs, and are being written by a recorder that is open: to be erased when it has
 *     ended, or by itself ({@link FlightRecorder#erase})
 * @param unknown how many runs of which nothing is known but their events, since their beginning is gone: if some were meant, they
 *     are still there
 * @param unreadable what could not be read: if some of the runs were in it, they may still be there
 */
public record Erasure(
        long runs,
        long events,
        long contents,
        List<String> open,
        List<Path> waiting,
        long unknown,
        List<Fault> unreadable) {

    /**
     * Copies what could change.
     *
     * @param runs how many runs
     * @param events how many of their events
     * @param contents how many contents, which no event names any more
     * @param open the ids of those of the runs that go on: what is recorded of them from now on is there again
     * @param waiting segments that hold some of the runs
     * @param unknown how many runs of which nothing is known but their events
     * @param unreadable what could not be read: if some of the runs were in it, they may still be there
     */
    public Erasure {
        open = List.copyOf(open);
        waiting = List.copyOf(waiting);
        unreadable = List.copyOf(unreadable);
    }

    /**
     * Whether nothing can be left.
     *
     * @return whether nothing is open, waiting, unknown or unreadable
     */
    public boolean isComplete() {
        return open.isEmpty() && waiting.isEmpty() && unknown == 0 && unreadable.isEmpty();
    }
}
