package io.fmware.testing.cassette;

import io.fmware.Boundary;
import io.fmware.BoundaryInterceptor;
import io.fmware.ReplayDivergedException;
import org.jspecify.annotations.Nullable;

/** Sees that a replay has diverged, whatever the test makes of it; and that no thread of a test loses its run. Thread-safe. */
final class Witness implements BoundaryInterceptor {
    private volatile @Nullable ReplayDivergedException seen;

    @Override
    public boolean mustSeeAll() {
        return true;
    }

    @Override
    public void closed(Boundary boundary, @Nullable Object token, @Nullable Object output, @Nullable Throwable error) {
        if (error instanceof ReplayDivergedException diverged && seen == null) {
            seen = first(diverged);
        }
    }

    /** The first divergence that was thrown, {@code null} where there was none. */
    @Nullable
    ReplayDivergedException seen() {
        return seen;
    }

    /** The one that a replay repeats at all boundaries that follow. */
    static ReplayDivergedException first(ReplayDivergedException diverged) {
        ReplayDivergedException first = diverged;
        while (first.getCause() instanceof ReplayDivergedException before) {
            first = before;
        }
        return first;
    }

    @Override
    public String toString() {
        return "test";
    }
}
