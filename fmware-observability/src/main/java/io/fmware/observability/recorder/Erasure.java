package io.fmware.observability.recorder;

import java.nio.file.Path;
import java.util.List;

/**
 * What was erased of a recording, and what was not. Immutable.
 */
public final class Erasure {
    private final long runs;
    private final long events;
    private final long contents;
    private final List<String> open;
    private final List<Path> waiting;
    private final long unknown;
    private final List<Fault> unreadable;

    Erasure(
            long runs,
            long events,
            long contents,
            List<String> open,
            List<Path> waiting,
            long unknown,
            List<Fault> unreadable) {
        this.runs = runs;
        this.events = events;
        this.contents = contents;
        this.open = List.copyOf(open);
        this.waiting = List.copyOf(waiting);
        this.unknown = unknown;
        this.unreadable = List.copyOf(unreadable);
    }

    /**
     * {@return how many runs}
     */
    public long runs() {
        return runs;
    }

    /**
     * {@return how many of their events}
     */
    public long events() {
        return events;
    }

    /**
     * {@return how many contents, which no event names any more}
     */
    public long contents() {
        return contents;
    }

    /**
     * {@return the ids of those of the runs that go on: what is recorded of them from now on is there again}
     */
    public List<String> open() {
        return open;
    }

    /**
     * {@return segments that hold some of the runs, and are being written by a recorder that is open: to be erased when it has ended, or by itself ({@link FlightRecorder#erase})}
     */
    public List<Path> waiting() {
        return waiting;
    }

    /**
     * {@return how many runs of which nothing is known but their events, since their beginning is gone: if some were meant, they are still there}
     */
    public long unknown() {
        return unknown;
    }

    /**
     * {@return what could not be read: if some of the runs were in it, they may still be there}
     */
    public List<Fault> unreadable() {
        return unreadable;
    }

    /**
     * Whether nothing can be left.
     *
     * @return whether nothing is open, waiting, unknown or unreadable
     */
    public boolean isComplete() {
        return open.isEmpty() && waiting.isEmpty() && unknown == 0 && unreadable.isEmpty();
    }

    @Override
    public String toString() {
        return runs + " runs, " + events + " events and " + contents + " contents erased; left: " + open.size()
                + " runs that go on, "
                + waiting.size() + " segments that are being written, " + unknown + " runs without a beginning, "
                + unreadable.size() + " parts that cannot be read";
    }
}
