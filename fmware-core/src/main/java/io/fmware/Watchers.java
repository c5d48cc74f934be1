package io.fmware;

import io.fmware.event.FmEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those who watch a run or the calls of a pipeline, outermost first. Immutable but for the count of what they dropped. */
final class Watchers {
    static final Watchers NONE = new Watchers(List.of());
    private static final Logger log = LoggerFactory.getLogger(BoundaryInterceptor.class);
    private static final Set<Class<?>> logged = ConcurrentHashMap.newKeySet();

    private final BoundaryInterceptor[] all;
    private final boolean chunks;
    private final LongAdder dropped = new LongAdder();

    private Watchers(List<BoundaryInterceptor> all) {
        this.all = all.toArray(BoundaryInterceptor[]::new);
        this.chunks = all.stream().anyMatch(BoundaryInterceptor::watchesChunks);
    }

    static Watchers of(List<BoundaryInterceptor> all) {
        Set<BoundaryInterceptor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (BoundaryInterceptor each : all) {
            if (!seen.add(each)) {
                throw new IllegalArgumentException(each + " watches twice; add it once");
            }
        }
        return all.isEmpty() ? NONE : new Watchers(all);
    }

    List<BoundaryInterceptor> all() {
        return List.of(all);
    }

    boolean isEmpty() {
        return all.length == 0;
    }

    boolean watchChunks() {
        return chunks;
    }

    /** How often a watcher threw where it only watches. */
    long dropped() {
        return dropped.sum();
    }

    /** These, and further in those of others that are not among these. */
    Watchers and(Watchers others) {
        if (others == this || others.isEmpty()) {
            return this;
        }
        if (isEmpty()) {
            return others;
        }
        List<BoundaryInterceptor> both = new ArrayList<>(List.of(all));
        for (BoundaryInterceptor other : others.all) {
            if (!has(other)) {
                both.add(other);
            }
        }
        return both.size() == all.length ? this : new Watchers(both);
    }

    private boolean has(BoundaryInterceptor other) {
        for (BoundaryInterceptor each : all) {
            if (each == other) {
                return true;
            }
        }
        return false;
    }

    @Nullable
    Object[] opened(Boundary boundary) {
        @Nullable Object[] tokens = new Object[all.length];
        for (int i = 0; i < all.length; i++) {
            try {
                tokens[i] = all[i].opened(boundary);
            } catch (Throwable t) {
                dropped(all[i], t);
            }
        }
        return tokens;
    }

    /** In the other order, so that what was opened last is closed first. */
    void closed(Boundary boundary, @Nullable Object[] tokens, @Nullable Object output, @Nullable Throwable error) {
        for (int i = all.length - 1; i >= 0; i--) {
            try {
                all[i].closed(boundary, tokens[i], output, error);
            } catch (Throwable t) {
                dropped(all[i], t);
            }
        }
    }

    void chunk(Boundary boundary, @Nullable Object[] tokens, StreamEvent piece) {
        for (int i = 0; i < all.length; i++) {
            if (all[i].watchesChunks()) {
                try {
                    all[i].chunk(boundary, tokens[i], piece);
                } catch (Throwable t) {
                    dropped(all[i], t);
                }
            }
        }
    }

    void event(FmEvent event) {
        for (BoundaryInterceptor each : all) {
            try {
                each.event(event);
            } catch (Throwable t) {
                dropped(each, t);
            }
        }
    }

    /** Crosses a boundary through all who may replace what comes out. */
    @Nullable
    Object intercept(Boundary boundary, BoundaryInterceptor.Crossing body) {
        return from(0, boundary, body).proceed(boundary.input());
    }

    private BoundaryInterceptor.Crossing from(int index, Boundary boundary, BoundaryInterceptor.Crossing body) {
        if (index == all.length) {
            return body;
        }
        BoundaryInterceptor each = all[index];
        return input -> {
            Boundary seen = boundary.with(input);
            Object output = each.intercept(seen, from(index + 1, seen, body));
            if (output != null && !boundary.kind().output().isInstance(output)) {
                throw new IllegalStateException(each + " gave a "
                        + output.getClass().getName() + " at boundary " + boundary.path() + ", where a "
                        + boundary.kind().output().getName() + " is wanted; see BoundaryKind."
                        + boundary.kind());
            }
            return output;
        };
    }

    @Override
    public String toString() {
        return Stream.of(all).map(String::valueOf).collect(Collectors.joining(", "));
    }

    /** Counts what a watcher, or who makes an event, failed to note, and logs the first failure of each. */
    void dropped(Object watcher, Throwable t) {
        dropped.increment();
        if (logged.add(watcher.getClass())) {
            log.warn(
                    "{} threw while it watched; the application goes on, what it would have noted is lost, and this is logged"
                            + " once",
                    watcher.getClass().getName(),
                    t);
        }
    }
}
