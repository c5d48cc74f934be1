package io.fmware.cache;

import io.fmware.FmRun;
import io.fmware.event.RunPath;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The places from which calls are under way that others may wait for. What happens inside of such a place must not wait itself:
 * two would wait for each other for ever. Places are known by the run, which follows work to other threads. Thread-safe.
 */
final class Leaders {
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final Map<FmRun, Set<RunPath>> places = new ConcurrentHashMap<>();

    /** A call that leads; to be closed on its thread. */
    final class Lead implements AutoCloseable {
        private final boolean outermost = threads.add(Thread.currentThread());
        private final @Nullable FmRun run = FmRun.current();
        private final @Nullable RunPath place = FmRun.currentPath();

        private Lead() {
            if (run != null && place != null) {
                places.compute(run, (key, all) -> {
                    Set<RunPath> more = all == null ? ConcurrentHashMap.newKeySet() : all;
                    more.add(place);
                    return more;
                });
            }
        }

        @Override
        public void close() {
            if (outermost) {
                threads.remove(Thread.currentThread());
            }
            if (run != null && place != null) {
                places.computeIfPresent(run, (key, all) -> {
                    all.remove(place);
                    return all.isEmpty() ? null : all;
                });
            }
        }
    }

    Lead lead() {
        return new Lead();
    }

    /** Whether the call that is made here is made for one that leads. */
    boolean isInsideOfOne() {
        if (threads.contains(Thread.currentThread())) {
            return true;
        }
        FmRun run = FmRun.current();
        if (run == null) {
            return false;
        }
        Set<RunPath> here = places.get(run);
        for (RunPath at = FmRun.currentPath(); at != null && here != null; at = at.parent()) {
            if (here.contains(at)) {
                return true;
            }
        }
        for (FmRun around = run.outer(); around != null; around = around.outer()) {
            if (places.containsKey(around)) { // its place in that run is not known
                return true;
            }
        }
        return false;
    }
}
