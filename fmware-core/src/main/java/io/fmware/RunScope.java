package io.fmware;

import io.fmware.event.RunPath;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A place in a run: what happens on a thread happens in the innermost one that is open there. Shared by the threads on which
 * its work goes on.
 */
final class RunScope {
    private final FmRun run;
    private final RunPath path;
    private final Watchers watchers;
    private final Map<String, AtomicInteger> children = new ConcurrentHashMap<>(4);

    /**
     * @param watchers those who watch what happens here
     */
    RunScope(FmRun run, RunPath path, Watchers watchers) {
        this.run = run;
        this.path = path;
        this.watchers = watchers;
    }

    FmRun run() {
        return run;
    }

    RunPath path() {
        return path;
    }

    Watchers watchers() {
        return watchers;
    }

    /** A new place in this one, numbered among those of its kind and name. */
    RunScope child(BoundaryKind kind, String name, Watchers seen) {
        String word = kind == BoundaryKind.AGENT ? "" : kind.word();
        // Numbered by the segment as it will be, since two names may be one after they are cut.
        RunPath first = path.child(word, name, 1);
        int number = children.computeIfAbsent(first.segment(), k -> new AtomicInteger())
                .incrementAndGet();
        return new RunScope(run, number == 1 ? first : path.child(word, name, number), seen);
    }
}
