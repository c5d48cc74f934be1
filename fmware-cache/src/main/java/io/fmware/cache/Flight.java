package io.fmware.cache;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A call under way that equal ones wait for. Thread-safe. */
final class Flight {
    private final CompletableFuture<Landing> landing = new CompletableFuture<>();

    /**
     * How it ended: with an answer to be shared, with a failure that the others share, or in a way that is its own affair, so
     * that another one has to ask.
     *
     * @param answer the answer, or {@code null}
     * @param match how it was found by its meaning, or {@code null}
     * @param failure the failure, or {@code null}
     * @param again whether another one should ask and the rest wait; else each asks for itself
     */
    record Landing(
            @Nullable Entry answer,
            CacheHit.@Nullable Match match,
            @Nullable RuntimeException failure,
            boolean again) {
        static final Landing LEADER_GONE = new Landing(null, null, null, true);
        static final Landing NOT_SHARED = new Landing(null, null, null, false);

        static Landing with(Entry answer) {
            return new Landing(answer, null, null, false);
        }

        static Landing failed(RuntimeException failure) {
            return new Landing(null, null, failure, false);
        }
    }

    /** Says how it ended; only the first word counts. */
    void land(Landing how) {
        landing.complete(how);
    }

    CompletableFuture<Landing> landing() {
        return landing;
    }
}
