package io.fmware.testing.cassette;

import io.fmware.Causes;
import io.fmware.FmRun;
import io.fmware.ReplayDivergedException;
import io.fmware.RunScope;
import io.fmware.observability.recorder.FlightRecorder;
import io.fmware.observability.replay.Cassette;
import io.fmware.observability.replay.Divergence;
import io.fmware.observability.replay.Replay;
import io.fmware.observability.replay.ReplayReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.TestAbortedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers a test from its cassette. */
final class Playing implements Tape {
    private static final Logger log = LoggerFactory.getLogger(Recorded.class);
    private static final Set<String> said = ConcurrentHashMap.newKeySet();

    private final String hint;
    private final Witness witness = new Witness();
    private final FmRun around;
    private final FmRun run;
    private final RunScope scope;
    private volatile @Nullable ReplayReport report;

    private Playing(Cassette cassette, String name, Replaying replaying, String hint) {
        this.hint = hint;
        Replay replay = replaying.of(cassette).onReport(told -> report = told).build();
        this.around = FmRun.builder(name).watch(witness).open();
        try {
            this.run = replay.open();
        } catch (RuntimeException | Error e) {
            around.close();
            throw e;
        }
        this.scope = Objects.requireNonNull(FmRun.currentScope(), "the place of the run");
    }

    /**
     * Opens the run of a test.
     *
     * @param command records it again
     */
    static Playing begin(Path file, String name, Replaying replaying, String command) throws IOException {
        Cassette cassette = Cassette.read(file);
        saySince(cassette.recordedWith(), file);
        String failed = cassette.error();
        return new Playing(
                cassette,
                name,
                replaying,
                (failed == null
                                ? "Where that is meant, record "
                                : "It is the cassette of a run that failed with " + failed
                                        + ", which is lost when the model is asked anew. Where that is meant, record ")
                        + Place.shown(file) + " again, which takes the model's key:\n  " + command);
    }

    /** Says once what has another version than in the cassettes. */
    private static void saySince(Map<String, String> recordedWith, Path file) {
        new TreeMap<>(FlightRecorder.versions()).forEach((library, now) -> {
            String then = recordedWith.getOrDefault(library, now);
            if (!then.equals(now) && said.add(library + " " + then)) {
                log.info(
                        "{} was recorded with {} {}, and this is {}; that is said once, and matters only where tests"
                                + " fail",
                        Place.shown(file),
                        library,
                        then,
                        now);
            }
        });
    }

    @Override
    public RunScope scope() {
        return scope;
    }

    @Override
    public Throwable explained(Throwable failure) {
        ReplayDivergedException diverged = witness.seen();
        for (Throwable at : Causes.of(failure)) {
            if (at instanceof ReplayDivergedException in) {
                return told(in);
            }
        }
        if (diverged == null) {
            return failure;
        }
        ReplayDivergedException told = told(diverged);
        told.addSuppressed(failure);
        return told;
    }

    private ReplayDivergedException told(ReplayDivergedException first) {
        if (String.valueOf(first.getMessage()).endsWith(hint)) {
            return first;
        }
        ReplayDivergedException told = new ReplayDivergedException(first.path(), first.getMessage() + "\n" + hint);
        told.setStackTrace(first.getStackTrace());
        return told;
    }

    @Override
    public void end(ExtensionContext test, @Nullable Throwable failure) {
        ReplayDivergedException diverged = null;
        try {
            run.close();
        } catch (ReplayDivergedException e) {
            diverged = e;
        } finally {
            around.close();
        }
        if (diverged != null && !isOnlyOf(failure)) {
            throw told(diverged);
        }
    }

    /** Whether a divergence only comes of it that a test did not go to its end, or has been told. */
    private boolean isOnlyOf(@Nullable Throwable failure) {
        if (failure == null) {
            return false;
        }
        ReplayReport ended = report;
        return failure instanceof TestAbortedException
                || failure instanceof ReplayDivergedException
                || (ended != null
                        && ended.divergences().stream().allMatch(each -> each.kind() == Divergence.Kind.MISSING));
    }
}
