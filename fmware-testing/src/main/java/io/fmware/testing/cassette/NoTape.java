package io.fmware.testing.cassette;

import io.fmware.Boundary;
import io.fmware.BoundaryInterceptor;
import io.fmware.FmRun;
import io.fmware.RunScope;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A test without a cassette that may not record: it may ask nothing. */
final class NoTape implements Tape, BoundaryInterceptor {
    private final String missing;
    private final FmRun run;
    private final RunScope scope;
    private volatile @Nullable String asked;

    private NoTape(String name, String missing) {
        this.missing = missing;
        this.run = FmRun.builder(name).watch(this).open();
        this.scope = Objects.requireNonNull(FmRun.currentScope(), "the place of the run");
    }

    /**
     * Opens the run of a test.
     *
     * @param missing what is said to a test that asks something
     */
    static NoTape begin(String name, String missing) {
        return new NoTape(name, missing);
    }

    @Override
    public RunScope scope() {
        return scope;
    }

    @Override
    public boolean mustSeeAll() {
        return true;
    }

    @Override
    public @Nullable Object intercept(Boundary boundary, Crossing next) {
        if (!boundary.kind().isAnswered()) {
            return next.proceed(boundary.input());
        }
        String path = boundary.path().toString();
        asked = path;
        throw refused(path);
    }

    private IllegalStateException refused(String path) {
        return new IllegalStateException(path + " cannot be answered: " + missing);
    }

    @Override
    public void end(ExtensionContext test, @Nullable Throwable failure) {
        run.close();
        String path = asked;
        if (failure == null && path != null) {
            throw refused(path);
        }
    }

    @Override
    public String toString() {
        return "missing cassette";
    }
}
