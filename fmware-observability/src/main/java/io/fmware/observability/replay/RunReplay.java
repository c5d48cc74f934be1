package io.fmware.observability.replay;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fmware.Activations;
import io.fmware.Boundary;
import io.fmware.BoundaryInterceptor.Crossing;
import io.fmware.BoundaryKind;
import io.fmware.CancelledException;
import io.fmware.FmCall;
import io.fmware.InvalidReplyException;
import io.fmware.ReplayDivergedException;
import io.fmware.event.FmEvent;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** One run as it is replayed: answers its boundaries, and compares what it asks. Thread-safe. */
final class RunReplay {
    private final Session session;
    private final Settings settings;
    private final @Nullable Taped taped;
    private final int place;
    private final String name;
    private final boolean outermost;
    private final Schedule schedule;
    private final Comparison comparison;
    private final ForkedMemories memories;
    private final Set<String> used = ConcurrentHashMap.newKeySet();
    private final Set<String> real = ConcurrentHashMap.newKeySet();
    private volatile boolean handedOver;

    /**
     * @param taped what was recorded, {@code null} for a run that was not
     * @param place where in the cassette that is, -1 for nowhere
     * @param outermost whether the repetition ends with this
     */
    RunReplay(Session session, @Nullable Taped taped, int place, String name, boolean outermost) {
        this.session = session;
        this.settings = session.settings();
        this.taped = taped;
        this.place = place;
        this.name = name;
        this.outermost = outermost;
        this.schedule = Schedule.of(taped, settings);
        this.memories = new ForkedMemories(taped);
        this.comparison = new Comparison(session, taped, place, name);
    }

    Session session() {
        return session;
    }

    int place() {
        return handedOver ? -1 : place;
    }

    String name() {
        return name;
    }

    @Nullable
    Taped taped() {
        return taped;
    }

    Schedule schedule() {
        return schedule;
    }

    /** Whether another run has taken the place of this one. */
    boolean isHandedOver() {
        return handedOver;
    }

    boolean isUntouched() {
        return used.isEmpty();
    }

    /** Another run takes the place of this one. */
    void handOver() {
        handedOver = true;
    }

    /** An agent or a step begins: one that was not recorded is told now. */
    void opened(Boundary b) {
        String path = settings.asking().path(b.path().toString());
        session.reached(taped, path);
        used.add(path);
        Step step = taped == null || handedOver ? null : taped.steps().get(path);
        if (step == null && !session.isStopped() && !isLive(path, null)) {
            session.note(comparison.unknown(b, settings.asking().asked(b)));
        }
    }

    @Nullable
    Object cross(Boundary b, Crossing next) {
        session.rethrow();
        session.crossed();
        Saying asked = settings.asking().asked(b);
        String path = asked.path();
        session.reached(taped, path);
        used.add(path);
        Step step = taped == null || handedOver ? null : taped.steps().get(path);
        if (isLive(path, step)) {
            real.add(path);
            if (isAsking(b.kind())) {
                session.live();
            }
            return next.proceed(pinned(b, step));
        }
        if (step == null || step.kind() != b.kind()) {
            if (b.kind() == BoundaryKind.AGENT) {
                return next.proceed(b.input()); // told when it was opened
            }
            Step refused = refused(b, path);
            if (refused != null) {
                return answer(refused, b);
            }
            step = elsewhere(b, asked);
        }
        comparison.asked(b, asked, step);
        return answered(b, step, next);
    }

    /**
     * What goes in, with the features of the model pinned as they were recorded there, where that is wanted. A call is marked as one whose
     * features are pinned, which caches leave out.
     */
    private @Nullable Object pinned(Boundary b, @Nullable Step step) {
        boolean isCall = b.kind() == BoundaryKind.CALL;
        if (!settings.pinning() || step == null || !(isCall || b.kind() == BoundaryKind.ATTEMPT)) {
            return b.input();
        }
        Activations recorded = Answers.activations(step);
        FmCall call = b.input(FmCall.class);
        if (recorded.isEmpty()) {
            return call;
        }
        Activations own = call.attribute(Activations.PINNED);
        if (isCall) {
            return own == null ? call.with(Activations.PINNED, Activations.none()) : call;
        }
        if (!call.target().isSteerable()) {
            session.unpinned(step.path());
            return call;
        }
        return call.with(Activations.PINNED, own == null ? recorded : recorded.with(own));
    }

    private @Nullable Object answered(Boundary b, Step step, Crossing next) {
        return switch (b.kind()) {
            case RUN, STEP, PLAN, FORK, JOIN -> next.proceed(b.input());
            case AGENT -> settings.answered().contains(b.name()) ? whole(step, b) : next.proceed(b.input());
            case CALL, EMBEDDING ->
                isAnsweredWhole(step)
                        ? whole(step, b)
                        : next.proceed(b.input(FmCall.class).replayed());
            case MEMORY_WRITE ->
                settings.fork() == null ? whole(step, b) : next.proceed(memories.written(step, b.input()));
            default -> whole(step, b);
        };
    }

    /** Whether crossing it is what is really asked: of a call its attempts are. */
    private static boolean isAsking(BoundaryKind kind) {
        return kind.isAnswered() && kind != BoundaryKind.CALL && kind != BoundaryKind.EMBEDDING;
    }

    private boolean isLive(String path, @Nullable Step step) {
        if (settings.fork() == null) {
            return false;
        }
        boolean is = step == null
                ? schedule.isPastFork() || session.isForked()
                : schedule.isBehindFork(path) || session.isForkedOutside(this);
        if (is) {
            session.forked(this);
        }
        return is;
    }

    /** Whether a call was answered by something whose outcome depends on what was before, or is to be answered so. */
    private boolean isAnsweredWhole(Step call) {
        if (settings.level() == Replay.Level.CALL) {
            return true;
        }
        if (call.error() != null) {
            return Failures.isOfTiming(call.error());
        }
        return !Objects.requireNonNull(taped).attempted().contains(call.path()) || wasRaced(call);
    }

    /** Whether attempts at a call were made beside each other, and one was cancelled when another had won: a hedge, a sample. */
    private boolean wasRaced(Step call) {
        return inside(call).stream()
                .anyMatch(each -> each.kind() == BoundaryKind.ATTEMPT
                        && CancelledException.class.getName().equals(each.error()));
    }

    /**
     * The call of an attempt that was not made when that was recorded: by an open breaker, a limit, an empty budget. What these do depends
     * on what was before, so a replay passes them by. {@code null} where there is no such call.
     */
    private @Nullable Step refused(Boundary b, String path) {
        if (b.kind() != BoundaryKind.ATTEMPT || taped == null || handedOver) {
            return null;
        }
        Step call = taped.steps().get(Paths.around(path));
        return call == null || call.error() == null || call.error().equals(InvalidReplyException.class.getName())
                ? null
                : call;
    }

    /** Answers for a boundary and all that is in it, which does not come then. */
    private @Nullable Object whole(Step step, Boundary b) {
        List<Step> inside = inside(step);
        if (!inside.isEmpty()) {
            schedule.pass(inside);
            inside.forEach(each -> used.add(each.path()));
        }
        return answer(step, b);
    }

    private @Nullable Object answer(Step step, Boundary b) {
        session.answered();
        ObjectNode given = step.given();
        if (given == null) {
            throw session.stop(Divergence.of(
                    Divergence.Kind.UNANSWERED,
                    step.path(),
                    "the recording ends before this was answered",
                    "Replay a run that was recorded to its end",
                    Callers.line()));
        }
        if (step.error() != null) {
            Answers.stream(pieces(step), b);
            throw Failures.restored(given, inside(step));
        }
        try {
            return Answers.of(step, given, pieces(step), b);
        } catch (UnrestorableException e) {
            throw session.stop(Divergence.of(
                    Divergence.Kind.UNANSWERED,
                    step.path(),
                    "the recording does not have the answer: " + e.getMessage(),
                    "Record with all contents, FlightRecorder.Builder.content(ContentRule.all())",
                    Callers.line()));
        }
    }

    /** The pieces of an answer: of a whole call those of its last attempt, which alone got through. */
    private List<ObjectNode> pieces(Step step) {
        List<ObjectNode> pieces = step.pieces();
        if (step.kind() == BoundaryKind.CALL) {
            for (Step each : inside(step)) {
                if (each.kind() == BoundaryKind.ATTEMPT && !each.pieces().isEmpty()) {
                    pieces = each.pieces();
                }
            }
        }
        return pieces;
    }

    private List<Step> inside(Step step) {
        return Objects.requireNonNull(taped).inside().getOrDefault(step.path(), List.of());
    }

    /** What was recorded for the same request at another place of the same kind, where a replay may go on with that. */
    private Step elsewhere(Boundary b, Saying saying) {
        ObjectNode asked = saying.told().asked();
        Divergence unknown = comparison.unknown(b, saying);
        if (settings.isStrict() || taped == null || asked == null) {
            throw session.stop(unknown);
        }
        for (Step each : taped.steps().values()) {
            if (each.kind() == b.kind()
                    && each.asked() != null
                    && comparison.isLike(each.asked(), asked)
                    && used.add(each.path())) {
                session.note(unknown);
                return each;
            }
        }
        throw session.stop(unknown);
    }

    /** Compares what came out of what ran for real. */
    void closed(Boundary b, @Nullable Object output, @Nullable Throwable error) {
        if (taped == null || session.isStopped() || error instanceof ReplayDivergedException) {
            return;
        }
        if (session.isForked() || schedule.isPastFork()) {
            return; // what ends behind a fork may give something else
        }
        Saying given = settings.asking().given(b, output, error);
        Step step = given == null ? null : taped.steps().get(given.path());
        if (given != null && step != null && !real.contains(step.path())) {
            comparison.given(b, given, step);
        }
    }

    /** A tool was executed: by this, or for real where no boundary is around it. */
    void executed(FmEvent.ToolReturned tool) {
        String path = settings.asking().path(tool.origin().path().toString());
        if (!session.isStopped()
                && used.add(path)
                && !handedOver
                && taped != null
                && !schedule.isBehindFork(path)
                && !session.isForked()) {
            session.live();
            session.note(Divergence.of(
                    Divergence.Kind.LIVE,
                    path,
                    "tool " + tool.request().name() + " was really executed, since no boundary is around it",
                    "Give it to the AI service with Boundaries.service(..), Boundaries.tools(..) or toolProvider(..)",
                    Callers.line()));
        }
    }

    /**
     * Looks for what was recorded and did not come.
     *
     * @return whether the repetition has ended
     */
    boolean ended() {
        if (taped != null
                && !handedOver
                && settings.fork() == null
                && !(settings.isStrict() && session.hasDiverged())) {
            for (Step each : taped.steps().values()) {
                if (!used.contains(each.path()) && !schedule.isOptional(each)) {
                    session.note(Divergence.of(
                            Divergence.Kind.MISSING,
                            each.path(),
                            "this was recorded, but did not come: less was asked than then",
                            Hints.ofMissing(each),
                            ""));
                    if (settings.isStrict()) {
                        break;
                    }
                }
            }
        }
        if (outermost) {
            session.checkRuns();
        }
        return outermost;
    }
}
