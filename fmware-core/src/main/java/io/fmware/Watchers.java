package io.fmware;

import io.fmware.event.FmEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those who watch a run or the calls of a pipeline, outermost first. Immutable; what they drop is counted by the run. */
final class Watchers {
    static final Watchers NONE = new Watchers(new BoundaryInterceptor[0], new boolean[0]);
    private static final Logger log = LoggerFactory.getLogger(BoundaryInterceptor.class);
    private static final Set<Class<?>> logged = ConcurrentHashMap.newKeySet();

    /** How many watchers this thread is telling something, one inside of the other. */
    private static final ThreadLocal<int[]> TELLING = ThreadLocal.withInitial(() -> new int[1]);

    private final BoundaryInterceptor[] all;
    private final boolean[] ofChunks;
    private final boolean chunks;

    /**
     * @param ofChunks which of them watch chunks too, asked once for each: what one answers later changes nothing
     */
    private Watchers(BoundaryInterceptor[] all, boolean[] ofChunks) {
        this.all = all;
        this.ofChunks = ofChunks;
        boolean any = false;
        for (boolean each : ofChunks) {
            any |= each;
        }
        this.chunks = any;
    }

    static Watchers of(List<BoundaryInterceptor> all) {
        return NONE.with(all);
    }

    /** These, and further in others, none of which is among these. */
    Watchers with(List<BoundaryInterceptor> others) {
        if (others.isEmpty()) {
            return this;
        }
        Watchers more = this;
        for (BoundaryInterceptor other : others) {
            if (more.has(other)) {
                throw new IllegalArgumentException(other + " watches twice; add it once");
            }
            more = more.and(other, wantsChunks(other));
        }
        return more;
    }

    private static boolean wantsChunks(BoundaryInterceptor watcher) {
        try {
            return watcher.watchesChunks();
        } catch (Throwable t) {
            warn(watcher, t);
            return false;
        }
    }

    /** Whether there is one among them who must see all. */
    boolean mustSeeAll() {
        return isAny(BoundaryInterceptor::mustSeeAll);
    }

    /** Whether there is one among them who must see all as long as a run is where it is. */
    boolean mustSeeAll(FmRun run) {
        return isAny(each -> each.mustSeeAll() && each.mustSeeAll(run));
    }

    private boolean isAny(Predicate<BoundaryInterceptor> such) {
        for (BoundaryInterceptor each : all) {
            try {
                if (such.test(each)) {
                    return true;
                }
            } catch (Throwable t) {
                warn(each, t);
            }
        }
        return false;
    }

    private Watchers and(BoundaryInterceptor other, boolean ofChunk) {
        BoundaryInterceptor[] both = Arrays.copyOf(all, all.length + 1);
        boolean[] ofBoth = Arrays.copyOf(ofChunks, all.length + 1);
        both[all.length] = other;
        ofBoth[all.length] = ofChunk;
        return new Watchers(both, ofBoth);
    }

    /**
     * Whether this thread is telling a watcher something: what that does by itself is not told, or a watcher that asks the time
     * would be told of that, and ask again.
     */
    static boolean areTold() {
        return TELLING.get()[0] > 0;
    }

    /** Tells somebody who watches something. */
    static void telling(Runnable what) {
        int[] telling = TELLING.get();
        telling[0]++;
        try {
            what.run();
        } finally {
            telling[0]--;
        }
    }

    boolean isEmpty() {
        return all.length == 0;
    }

    boolean watchChunks() {
        return chunks;
    }

    /** These, and further in those of others that are not among these. */
    Watchers and(Watchers others) {
        if (others == this || others.isEmpty()) {
            return this;
        }
        if (isEmpty()) {
            return others;
        }
        Watchers both = this;
        for (int i = 0; i < others.all.length; i++) {
            if (!has(others.all[i])) {
                both = both.and(others.all[i], others.ofChunks[i]);
            }
        }
        return both;
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
        int[] telling = TELLING.get();
        telling[0]++;
        try {
            for (int i = 0; i < all.length; i++) {
                try {
                    tokens[i] = all[i].opened(boundary);
                } catch (Throwable t) {
                    boundary.run().lost(all[i], t);
                }
            }
        } finally {
            telling[0]--;
        }
        return tokens;
    }

    /** In the other order, so that what was opened last is closed first. */
    void closed(Boundary boundary, @Nullable Object[] tokens, @Nullable Object output, @Nullable Throwable error) {
        int[] telling = TELLING.get();
        telling[0]++;
        try {
            for (int i = all.length - 1; i >= 0; i--) {
                try {
                    all[i].closed(boundary, tokens[i], output, error);
                } catch (Throwable t) {
                    boundary.run().lost(all[i], t);
                }
            }
        } finally {
            telling[0]--;
        }
    }

    void chunk(Boundary boundary, @Nullable Object[] tokens, StreamEvent piece) {
        int[] telling = TELLING.get();
        telling[0]++;
        try {
            for (int i = 0; i < all.length; i++) {
                if (ofChunks[i]) {
                    try {
                        all[i].chunk(boundary, tokens[i], piece);
                    } catch (Throwable t) {
                        boundary.run().lost(all[i], t);
                    }
                }
            }
        } finally {
            telling[0]--;
        }
    }

    void event(FmEvent event, FmRun run) {
        int[] telling = TELLING.get();
        telling[0]++;
        try {
            for (BoundaryInterceptor each : all) {
                try {
                    each.event(event);
                } catch (Throwable t) {
                    run.lost(each, t);
                }
            }
        } finally {
            telling[0]--;
        }
    }

    /** Tells all of the end of a run, whatever they throw. */
    void ended(FmRun run) {
        Throwable first = null;
        int[] telling = TELLING.get();
        telling[0]++;
        try {
            for (BoundaryInterceptor each : all) {
                try {
                    each.ended(run);
                } catch (Throwable t) {
                    first = firstOf(first, t);
                }
            }
        } finally {
            telling[0]--;
        }
        if (first != null) {
            throw Watchers.<RuntimeException>asIs(first);
        }
    }

    /** Of what several throw the first, by which the others are suppressed. */
    static Throwable firstOf(@Nullable Throwable first, Throwable next) {
        if (first != null && next != first) {
            first.addSuppressed(next);
        }
        return first == null ? next : first;
    }

    /** The orders that they give for a run. */
    List<RunOrder> orders(FmRun run) {
        List<RunOrder> orders = new ArrayList<>(0);
        int[] telling = TELLING.get();
        telling[0]++;
        try {
            for (BoundaryInterceptor each : all) {
                try {
                    RunOrder order = each.order(run);
                    if (order != null) {
                        orders.add(order);
                    }
                } catch (Throwable t) {
                    run.lost(each, t);
                }
            }
        } finally {
            telling[0]--;
        }
        return orders;
    }

    /** None of what they throw is declared, so it is thrown as it is. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    static <E extends Throwable> E asIs(Throwable thrown) throws E {
        throw (E) thrown;
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

    /** Logs the first failure of each watcher, or of each who makes an event. */
    static void warn(Object watcher, Throwable t) {
        if (!logged.add(watcher.getClass())) {
            return;
        }
        String said =
                "{} threw while it watched; the application goes on, what it would have noted is lost, and this is"
                        + " logged once";
        try {
            log.warn(said, watcher.getClass().getName(), t);
        } catch (Throwable unprintable) { // its message throws too
            log.warn(said + ": {}", watcher.getClass().getName(), t.getClass().getName());
        }
    }
}
