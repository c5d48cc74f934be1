package io.fmware.examples.claims;

import io.fmware.Boundary;
import io.fmware.BoundaryInterceptor;
import io.fmware.BoundaryKind;
import io.fmware.event.RunPath;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Notes what happens in a run, and shows it as a tree by path. Thread-safe. */
final class RunTree implements BoundaryInterceptor {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<RunPath, String> ended = new LinkedHashMap<>();

    @Override
    public @Nullable Object opened(Boundary boundary) {
        note(boundary, "");
        return null;
    }

    @Override
    public void closed(Boundary boundary, @Nullable Object token, @Nullable Object output, @Nullable Throwable error) {
        note(boundary, error == null ? "" : "  failed: " + error.getClass().getSimpleName());
    }

    private void note(Boundary boundary, String end) {
        if (boundary.kind() == BoundaryKind.ATTEMPT) {
            return;
        }
        lock.lock();
        try {
            ended.put(boundary.path(), end);
        } finally {
            lock.unlock();
        }
    }

    /** One line for each boundary, beneath that in which it was crossed; those beside each other in the order in which they began. */
    @Override
    public String toString() {
        lock.lock();
        try {
            Map<RunPath, Integer> began = new LinkedHashMap<>();
            ended.keySet().forEach(path -> began.put(path, began.size()));
            Map<String, String> lines = new TreeMap<>();
            ended.forEach((path, end) -> lines.put(
                    order(path, began),
                    "  ".repeat(path.depth())
                            + path.segment()
                            + (path.depth() == 0 ? "" : "#" + path.ordinal())
                            + end));
            return String.join("\n", lines.values());
        } finally {
            lock.unlock();
        }
    }

    private static String order(@Nullable RunPath path, Map<RunPath, Integer> began) {
        return path == null ? "" : order(path.parent(), began) + String.format("%06d.", began.getOrDefault(path, 0));
    }
}
