package io.fmware.cache;

import io.fmware.FmRun;
import io.fmware.event.RunPath;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A call under way that equal ones wait for. */
final class Flight {
    private final Thread leader = Thread.currentThread();
    private final @Nullable FmRun run = FmRun.current();
    private final @Nullable RunPath place = FmRun.currentPath();
    private final CompletableFuture<Landing> landing = new CompletableFuture<>();

    /**
     * How it ended: with an answer to be shared, with a failure that the others share, or in a way that is its own affair, so
     * that another one has to ask.
     *
     * @param answer the answer, or {@code null}
     * @param failure the failure, or {@code null}
     * @param again whether another one should ask and the rest wait; else each asks for itself
     */
    record Landing(@Nullable Entry answer, @Nullable RuntimeException failure, boolean again) {
        static final Landing LEADER_GONE = new Landing(null, null, true);
        static final Landing NOT_SHARED = new Landing(null, null, false);

        static Landing with(Entry answer) {
            return new Landing(answer, null, false);
        }

        static Landing failed(RuntimeException failure) {
            return new Landing(null, failure, false);
        }
    }

    /** Whether the leader may wait for a call that is made here: on its thread, or inside of its place in the run. */
    boolean isOwn() {
        if (leader == Thread.currentThread()) {
            return true;
        }
        RunPath here = FmRun.currentPath();
        return place != null && here != null && run == FmRun.current() && place.contains(here);
    }

    /** Says how it ended; only the first word counts. */
    void land(Landing how) {
        landing.complete(how);
    }

    CompletableFuture<Landing> landing() {
        return landing;
    }
}
