package io.fmware.cache;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A call under way that equal ones wait for. */
final class Flight {
    private final Thread leader = Thread.currentThread();
    private final CompletableFuture<Landing> landing = new CompletableFuture<>();

    /**
     * How it ended: with an answer to be shared, with a failure that the others share, or in a way that is its own affair, so
     * that another one has to ask.
     *
     * @param answer the answer, or {@code null}
     * @param failure the failure, or {@code null}
     * @param again whether another one should ask and the rest wait; else each asks for itself
     */
    record Landing(@Nullable Entry answer, @Nullable Throwable failure, boolean again) {
        static final Landing LEADER_GONE = new Landing(null, null, true);
        static final Landing NOT_SHARED = new Landing(null, null, false);
    }

    /** Whether a call on this thread would wait for itself. */
    boolean isOwn() {
        return leader == Thread.currentThread();
    }

    void land(Landing how) {
        landing.complete(how);
    }

    CompletableFuture<Landing> landing() {
        return landing;
    }
}
