package io.fmware.observability.replay;

import io.fmware.Boundary;
import io.fmware.BoundaryInterceptor;
import io.fmware.BoundaryKind;
import io.fmware.FmRun;
import io.fmware.ReplayDivergedException;
import io.fmware.RunOrder;
import io.fmware.event.FmEvent;
import io.fmware.event.Redactor;
import io.fmware.observability.recorder.Recording;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs an application again as it was recorded: every boundary answers what it answered then, in the order of then, and nothing is
 * really asked.
 *
 * <pre>{@code
 * Replay replay = Replay.of(Recording.in(Path.of("flights")), "5b2f6c0e-..");
 * try (FmRun run = replay.open()) {
 *     desk.handle(letter);               // throws ReplayDivergedException where it leaves its path, at the latest here
 * }
 * }</pre>
 *
 * <p>By default {@linkplain Level#ATTEMPT attempts} are answered: guards, re-prompting and parsing run for real. What depends on
 * timing or on what was before (caches, hedges, limits, back-off) takes its recorded outcome. Agents, plans and plain code run for
 * real, and what they give is compared.
 *
 * <p>What is asked has to be what was asked then, at the same place: the same run, the same path of agents, the same kind, name
 * and number there, the same request. A model is never asked in the place of a recording that does not answer.
 *
 * <p>Thread-safe; serves any number of runs, each from the beginning.
 */
public final class Replay implements BoundaryInterceptor {

    /** What happens where a run leaves its path. */
    public enum Mode {
        /**
         * The run stops: {@link io.fmware.ReplayDivergedException} there, at each boundary after that, and when the run is closed,
         * whatever swallowed it before.
         */
        STRICT,
        /** The run goes on with what was recorded at the place, or elsewhere for the same request; see {@link ReplayReport}. */
        OBSERVE
    }

    /** What is answered of a question to a model. */
    public enum Level {
        /** Each attempt: what stands between the application and the model runs for real. */
        ATTEMPT,
        /** The whole question: the pipeline is not run at all. */
        CALL
    }

    private final Cassette cassette;
    private final Settings settings;
    private final Consumer<? super ReplayReport> listener;
    private final Map<FmRun, RunReplay> bound = new ConcurrentHashMap<>();
    /** Set on a thread that opens a run of ours. */
    private final ThreadLocal<@Nullable Boolean> opening = new ThreadLocal<>();

    private volatile @Nullable ReplayReport last;

    private Replay(Builder builder) {
        this.cassette = builder.cassette;
        this.listener = builder.listener;
        this.settings = Settings.of(builder);
    }

    /**
     * Replays a run of a recording strictly.
     *
     * @param recording the recording
     * @param run the id of the run
     * @return the replay
     * @throws IOException if the disk cannot be read
     * @throws IllegalArgumentException if the recording does not have the run, or not all that is needed to replay it
     */
    public static Replay of(Recording recording, String run) throws IOException {
        return of(Cassette.of(recording, run));
    }

    /**
     * Replays a cassette strictly.
     *
     * @param cassette the cassette
     * @return the replay
     * @throws IllegalArgumentException if the cassette does not have all that is needed to replay it
     */
    public static Replay of(Cassette cassette) {
        return builder(cassette).build();
    }

    /**
     * Starts a replay.
     *
     * @param cassette what is repeated
     * @return a builder
     */
    public static Builder builder(Cassette cassette) {
        return new Builder(cassette);
    }

    /**
     * Opens a run that is replayed, on this thread, with the name and attributes that were recorded. Where the application opens
     * a run of that name by itself, that one is replayed.
     *
     * @return the run; to close it ends the replay
     */
    public FmRun open() {
        FmRun.Builder run = FmRun.builder(Paths.name(cassette.name())).watch(this);
        cassette.runs().get(0).attributes().forEach(run::attribute);
        opening.set(true);
        try {
            return run.open();
        } finally {
            opening.remove();
        }
    }

    /**
     * How the last run went that was replayed to its end.
     *
     * @return the report
     * @throws IllegalStateException if none has ended yet
     */
    public ReplayReport report() {
        ReplayReport report = last;
        if (report == null) {
            throw new IllegalStateException("no run has been replayed to its end yet; close it first");
        }
        return report;
    }

    @Override
    public @Nullable RunOrder order(FmRun run) {
        return new ReplayOrder(of(run));
    }

    /** Scopes that are opened by hand are not crossed, but have their place all the same. */
    @Override
    public @Nullable Object opened(Boundary boundary) {
        boolean isScope = boundary.kind() == BoundaryKind.AGENT || boundary.kind() == BoundaryKind.STEP;
        if (isScope && !boundary.run().hasEnded()) {
            of(boundary.run()).opened(boundary);
        }
        return null;
    }

    /** What is asked by a thread that has lost the run would really be asked. */
    @Override
    public boolean mustSeeAll() {
        return true;
    }

    /** Up to the fork, from where all is real. */
    @Override
    public boolean mustSeeAll(FmRun run) {
        RunReplay at = bound.get(run);
        return settings.fork() == null || at == null || !at.session().hasReachedFork();
    }

    @Override
    public @Nullable Object intercept(Boundary boundary, Crossing next) {
        return of(boundary.run()).cross(boundary, next);
    }

    @Override
    public void closed(Boundary boundary, @Nullable Object token, @Nullable Object output, @Nullable Throwable error) {
        RunReplay at = bound.get(boundary.run());
        if (at != null && boundary.kind() != BoundaryKind.RUN) { // else its run has ended
            try {
                at.closed(boundary, output, error);
            } catch (RuntimeException | Error e) { // dropped by who tells us; what was not compared is not the same
                at.session()
                        .note(Divergence.of(
                                Divergence.Kind.RESULT,
                                boundary.path().toString(),
                                "what comes out of " + boundary.kind().word() + " " + boundary.name()
                                        + " cannot be compared: " + e,
                                "",
                                ""));
            }
        }
    }

    @Override
    public void event(FmEvent event) {
        if (event instanceof FmEvent.ToolReturned returned) {
            bound.forEach((run, at) -> {
                if (run.id().equals(event.origin().run())) {
                    at.executed(returned);
                }
            });
        }
    }

    @Override
    public void ended(FmRun run) {
        RunReplay at = bound.remove(run);
        if (at != null && at.ended()) {
            ReplayReport report = at.session().report();
            last = report;
            tell(report, at.session());
            at.session().rethrow();
        }
    }

    /** What the listener throws does not hide that the run left its path. */
    private void tell(ReplayReport report, Session session) {
        try {
            listener.accept(report);
        } catch (RuntimeException e) {
            try {
                session.rethrow();
            } catch (ReplayDivergedException diverged) {
                diverged.addSuppressed(e);
                throw diverged;
            }
            throw e;
        }
    }

    /** The replay of a run; the outermost one that this watches begins a repetition of the cassette. */
    private RunReplay of(FmRun run) {
        RunReplay known = bound.get(run);
        return known == null ? bound.computeIfAbsent(run, this::begun) : known;
    }

    private RunReplay begun(FmRun run) {
        for (FmRun outer = run.outer(); outer != null; outer = outer.outer()) {
            RunReplay around = bound.get(outer);
            if (around != null) {
                return around.session().inner(run, around);
            }
        }
        return new Session(cassette, settings).outermost(run, opening.get() != null);
    }

    @Override
    public String toString() {
        return "replay of " + cassette.name();
    }

    /** Sets a replay up. Not thread-safe; may be used again. */
    public static final class Builder {
        private static final Duration PATIENCE = Duration.ofSeconds(2);

        final Cassette cassette;
        Mode mode = Mode.STRICT;
        Level level = Level.ATTEMPT;
        Redactor redactor = Redactor.standard();
        Set<String> answered = Set.of();
        Duration patience = PATIENCE;

        @Nullable
        Fork fork;

        boolean pinning;

        private Consumer<? super ReplayReport> listener = report -> {};

        private Builder(Cassette cassette) {
            this.cassette = Objects.requireNonNull(cassette, "cassette");
        }

        /**
         * What happens where the run leaves its path: {@link Mode#STRICT} by default.
         *
         * @param chosen the mode
         * @return this
         */
        public Builder mode(Mode chosen) {
            this.mode = Objects.requireNonNull(chosen, "mode");
            return this;
        }

        /**
         * What is answered of a question to a model: {@link Level#ATTEMPT} by default.
         *
         * @param chosen the level
         * @return this
         */
        public Builder level(Level chosen) {
            this.level = Objects.requireNonNull(chosen, "level");
            return this;
        }

        /**
         * Replays up to a step and lets the run go on for real from there, to try something out: a fix, another prompt, another
         * model. What comes before costs nothing.
         *
         * @param path the path of the step that is the first to be real, as {@link Cassette#paths()} gives it; the path that it has in
         *     its own run does too, and means the first run that has it
         * @return this
         * @throws IllegalArgumentException if there is no such step
         */
        public Builder forkAt(String path) {
            Fork found = Fork.find(cassette.runs(), path);
            if (found == null) {
                throw new IllegalArgumentException("there is no step " + path + " in the " + cassette
                        + " to fork at; see Cassette.paths(). The nearest is " + Session.nearest(cassette, path));
            }
            this.fork = found;
            return this;
        }

        /**
         * Pins the features of models that are asked behind a {@linkplain #forkAt fork} at the activations that were recorded at the
         * same place, so that they answer as alike as they can. A model that does not take them, see {@link
         * io.fmware.SteerableChatModel}, is asked as always; {@link ReplayReport#unpinned()} names it.
         *
         * @return this
         */
        public Builder pinning() {
            this.pinning = true;
            return this;
        }

        /**
         * Agents that do not run: their results are taken from the recording as a whole. For persons, and whatever meets the
         * outside world behind no boundary.
         *
         * @param agents their names, in the place of those that were given before
         * @return this
         * @throws IllegalArgumentException if the cassette has no agent of a name
         */
        public Builder answering(String... agents) {
            Set<String> there = cassette.agents();
            for (String each : agents) {
                if (!there.contains(each)) {
                    throw new IllegalArgumentException("there is no agent '" + each + "' in the " + cassette
                            + " to be answered for; there are " + there);
                }
            }
            this.answered = Set.copyOf(List.of(agents));
            return this;
        }

        /**
         * What the recording was redacted with, {@link Redactor#standard()} by default: what is asked is redacted before it is
         * compared.
         *
         * @param used the redactor
         * @return this
         */
        public Builder redactor(Redactor used) {
            this.redactor = Objects.requireNonNull(used, "redactor");
            return this;
        }

        /**
         * How long a thread waits for its turn while no thread of the run goes on, 2 seconds by default; after that the run has left
         * its order. To be longer than the longest that code of the application waits by itself, such as for an HTTP client behind no
         * boundary, or for a debugger.
         *
         * @param longest how long, positive
         * @return this
         */
        public Builder patience(Duration longest) {
            if (Objects.requireNonNull(longest, "patience").isNegative() || longest.isZero()) {
                throw new IllegalArgumentException("patience must be positive, but is " + longest);
            }
            this.patience = longest;
            return this;
        }

        /**
         * Told how each run went that was replayed to its end, before its divergence is thrown. What this throws is thrown in the
         * place of that.
         *
         * @param told takes the report, on the thread that closes the run
         * @return this
         */
        public Builder onReport(Consumer<? super ReplayReport> told) {
            this.listener = Objects.requireNonNull(told, "listener");
            return this;
        }

        /**
         * Builds the replay.
         *
         * @return the replay
         * @throws IllegalArgumentException if it is to be strict and the cassette lacks answers that it needs
         */
        public Replay build() {
            Replay replay = new Replay(this);
            Problems.refuse(cassette, replay.settings);
            return replay;
        }
    }
}
