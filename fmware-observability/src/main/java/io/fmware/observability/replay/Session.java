package io.fmware.observability.replay;

import io.fmware.FmRun;
import io.fmware.ReplayDivergedException;
import io.fmware.event.RunPath;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One repetition of a cassette: the runs in it, and what they have in common. Once it has diverged strictly, it stays so.
 * Thread-safe.
 */
final class Session {
    private static final int MOST_DIVERGENCES = 100;

    private final Cassette cassette;
    private final Settings settings;
    private final Renaming renaming;
    private final BitSet bound = new BitSet();
    private final Map<String, Integer> opened = new HashMap<>();
    private final List<Divergence> divergences = new ArrayList<>();
    private final List<String> unordered = new ArrayList<>();
    private final List<String> unpinned = new ArrayList<>();
    private final AtomicInteger crossed = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger live = new AtomicInteger();
    private volatile @Nullable ReplayDivergedException latched;
    /** The run in which the first step was real. */
    private final AtomicReference<@Nullable RunReplay> forked = new AtomicReference<>();

    private volatile boolean reached;

    Session(Cassette cassette, Settings settings) {
        this.cassette = cassette;
        this.settings = settings;
        this.renaming = new Renaming(cassette, settings.marks());
    }

    Settings settings() {
        return settings;
    }

    Renaming renaming() {
        return renaming;
    }

    /**
     * The run that everything else is in. One of another name than the recorded one is only around that.
     *
     * @param isOurs whether it was opened for the replay, whatever its name
     */
    synchronized RunReplay outermost(FmRun run, boolean isOurs) {
        return isOurs || name(run).equals(cassette.name())
                ? bind(0, true)
                : new RunReplay(this, null, -1, name(run), true);
    }

    /** A run inside of another one. */
    synchronized RunReplay inner(FmRun run, RunReplay around) {
        String name = name(run);
        if (around.place() < 0) {
            return name.equals(cassette.name()) && !bound.get(0)
                    ? bind(0, false)
                    : new RunReplay(this, null, -1, name, false);
        }
        int number = opened.merge(around.place() + " " + name, 1, Integer::sum);
        List<Taped> runs = cassette.runs();
        for (int i = 0; i < runs.size(); i++) {
            Taped each = runs.get(i);
            if (each.outer() == around.place()
                    && each.number() == number
                    && each.name().equals(name)) {
                return bind(i, false);
            }
        }
        if (around.isUntouched()
                && name.equals(around.name())) { // the application opens the run that we opened around it
            int place = around.place();
            around.handOver();
            return bind(place, false);
        }
        return new RunReplay(this, null, -1, name, false);
    }

    private RunReplay bind(int place, boolean outermost) {
        bound.set(place);
        Taped taped = cassette.runs().get(place);
        return new RunReplay(this, taped, place, taped.name(), outermost);
    }

    /** As it stands in paths. */
    private String name(FmRun run) {
        return settings.asking().path(RunPath.root(run.name()).toString());
    }

    void crossed() {
        crossed.incrementAndGet();
    }

    void answered() {
        answered.incrementAndGet();
    }

    void live() {
        live.incrementAndGet();
    }

    /** Says that from now on all is real. */
    void forked(RunReplay in) {
        forked.compareAndSet(null, in);
    }

    boolean isForked() {
        return forked.get() != null;
    }

    /** Whether the run has come to where it goes on for real, or has gone past that. */
    boolean hasReachedFork() {
        return reached || isForked();
    }

    /** Whether another run than that went on for real, so that all of that does. */
    boolean isForkedOutside(RunReplay run) {
        RunReplay in = forked.get();
        return in != null && in != run;
    }

    /** Something came that may be where the run is to go on for real. */
    void reached(@Nullable Taped in, String path) {
        Fork fork = settings.fork();
        if (fork != null && fork.is(in, path)) {
            reached = true;
        }
    }

    /** Throws again what stopped this, if it was stopped. */
    void rethrow() {
        ReplayDivergedException first = latched;
        if (first != null) {
            ReplayDivergedException again =
                    new ReplayDivergedException(first.path(), String.valueOf(first.getMessage()));
            again.setStackTrace(first.getStackTrace()); // as a cause it would be one of what it suppresses
            throw again;
        }
    }

    boolean isStopped() {
        return latched != null;
    }

    /** Notes a divergence; a strict replay is stopped by the first one. */
    synchronized void note(Divergence divergence) {
        if (divergences.size() < MOST_DIVERGENCES) {
            divergences.add(divergence);
        }
        if (settings.isStrict() && latched == null) {
            latched = exception(divergence);
        }
    }

    /** Notes a divergence and stops: at once, and a strict replay for good. */
    ReplayDivergedException stop(Divergence divergence) {
        note(divergence);
        ReplayDivergedException first = latched;
        return first == null ? exception(divergence) : first;
    }

    private ReplayDivergedException exception(Divergence divergence) {
        return new ReplayDivergedException(
                divergence.path(),
                "the replay of run " + cassette.name() + " diverged at " + divergence
                        + RecordedWith.changed(cassette.recordedWith()));
    }

    synchronized boolean hasDiverged() {
        return !divergences.isEmpty();
    }

    /** Whether no more divergences are kept, so that there is no need to look into one. */
    synchronized boolean isFull() {
        return divergences.size() >= MOST_DIVERGENCES;
    }

    synchronized void unordered(String path) {
        if (!unordered.contains(path) && unordered.size() < MOST_DIVERGENCES) {
            unordered.add(path);
        }
    }

    synchronized void unpinned(String path) {
        if (unpinned.size() < MOST_DIVERGENCES) {
            unpinned.add(path);
        }
    }

    /** Looks for runs that were recorded, but did not come. */
    synchronized void checkRuns() {
        if (!divergences.isEmpty() || isForked()) {
            return;
        }
        Fork fork = settings.fork();
        if (fork != null) {
            if (!reached) {
                note(Divergence.of(
                        Divergence.Kind.MISSING,
                        fork.named(),
                        "the run was to go on for real from here, but this did not come: nothing of it was real",
                        "",
                        ""));
            }
            return;
        }
        for (int i = bound.nextClearBit(0); i < cassette.runs().size(); i = bound.nextClearBit(i + 1)) {
            Taped missing = cassette.runs().get(i);
            note(Divergence.of(
                    Divergence.Kind.MISSING,
                    missing.name(),
                    missing.number() == 1
                            ? "this run was recorded, but was not opened"
                            : "this run was opened "
                                    + (missing.number() == 2 ? "once" : missing.number() - 1 + " times")
                                    + ", but was recorded more often",
                    "",
                    ""));
            return;
        }
    }

    synchronized ReplayReport report() {
        return new ReplayReport(crossed.get(), answered.get(), live.get(), divergences, unordered, unpinned);
    }

    /** The recorded path that is most like another one. */
    static String nearest(Cassette cassette, String path) {
        return cassette.paths().stream()
                .max(Comparator.comparingInt((String each) -> common(each, path))
                        .thenComparingInt(each -> -Math.abs(each.length() - path.length())))
                .orElse("none");
    }

    private static int common(String one, String other) {
        int i = 0;
        while (i < one.length() && i < other.length() && one.charAt(i) == other.charAt(i)) {
            i++;
        }
        return i;
    }
}
