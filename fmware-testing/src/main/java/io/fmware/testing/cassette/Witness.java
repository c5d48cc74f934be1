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
            seen = diverged;
        }
    }

    /** The first divergence that was thrown, {@code null} where there was none. */
    @Nullable
    ReplayDivergedException seen() {
        return seen;
    }

    @Override
    public String toString() {
        return "test";
    }
}
