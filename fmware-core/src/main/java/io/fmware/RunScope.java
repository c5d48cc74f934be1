package io.fmware;

import io.fmware.event.EventOrigin;
import io.fmware.event.FmEvent;
import io.fmware.event.RunPath;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A place in a run: what happens on a thread happens in the innermost one that is open there. It can be taken to other threads,
 * and places for work to come can be reserved in it, so that the work has the same path however its threads interleave.
 *
 * <p>For those who lead a run through a framework; an application uses {@link FmRun#agent} and {@link FmRun#step}.
 * Thread-safe. A place outlives its boundary, but not its run: what happens there after the run has ended is dropped.
 */
public final class RunScope {
    private final FmRun run;
    private final RunPath path;
    private final Watchers watchers;
    private final @Nullable String description;
    private final Map<String, AtomicInteger> children = new ConcurrentHashMap<>(4);
    private volatile @Nullable WayOut wayOut;
    private volatile @Nullable Thread keeper;

    /**
     * Where a thread goes that comes back to a place whose scope was closed before what was opened in it.
     *
     * @param to the place around it, {@code null} where it was opened outside of any run
     */
    private record WayOut(@Nullable RunScope to) {}

    /**
     * @param watchers those who watch what happens here
     * @param description what it is for, or {@code null}
     */
    RunScope(FmRun run, RunPath path, Watchers watchers, @Nullable String description) {
        this.run = run;
        this.path = path;
        this.watchers = watchers;
        this.description = description;
    }

    /**
     * The run that this is a place of.
     *
     * @return the run
     */
    public FmRun run() {
        return run;
    }

    /**
     * Where in the run this is.
     *
     * @return the path
     */
    public RunPath path() {
        return path;
    }

    @Nullable
    String description() {
        return description;
    }

    Watchers watchers() {
        return watchers;
    }

    /**
     * Whether the run has ended, so that nothing can be noted here any more.
     *
     * @return whether it has
     */
    public boolean hasEnded() {
        return run.hasEnded();
    }

    /**
     * Reserves the place of a boundary that is to be crossed in this one: it takes the next number of its kind and name.
     *
     * @param kind the kind of boundary
     * @param name the name at the boundary
     * @return the place, for one {@link #cross}
     * @throws IllegalArgumentException if only a pipeline or a run can cross that kind of boundary
     */
    public RunScope reserve(BoundaryKind kind, String name) {
        return reserve(kind, name, null);
    }

    /**
     * Reserves the place of a boundary that is to be crossed in this one, and says what that is for.
     *
     * @param kind the kind of boundary
     * @param name the name at the boundary
     * @param description what it is for, such as the description of an agent; {@code null} where nobody said
     * @return the place, for one {@link #cross}
     * @throws IllegalArgumentException if only a pipeline or a run can cross that kind of boundary
     */
    public RunScope reserve(BoundaryKind kind, String name, @Nullable String description) {
        FmRun.refuseOurs(kind, name);
        String said = description == null || description.isBlank() ? null : description;
        return child(Objects.requireNonNull(kind, "kind"), Objects.requireNonNull(name, "name"), watchers, said);
    }

    /**
     * Crosses a boundary at this place, which was {@linkplain #reserve reserved} for it, whatever the place of this thread is.
     * After the end of the run only the body is run.
     *
     * @param <I> what goes in
     * @param <O> what comes out
     * @param kind the kind of boundary, as it was reserved
     * @param name the name at the boundary, as it was reserved
     * @param input what goes in
     * @param body what lies behind the boundary
     * @return what came out of the body, or what a {@link BoundaryInterceptor} gave instead
     * @throws IllegalArgumentException if only a pipeline or a run can cross that kind of boundary
     */
    @SuppressWarnings({"unchecked", "NullAway"}) // who replaces an output has to keep to the type, null where it may be
    public <I extends @Nullable Object, O extends @Nullable Object> O cross(
            BoundaryKind kind, String name, I input, Function<? super I, ? extends O> body) {
        FmRun.refuseOurs(kind, name);
        return (O) run.crossAt(this, kind, name, input, in -> body.apply((I) in));
    }

    /**
     * Runs something at this place, on this thread.
     *
     * @param <T> what comes out
     * @param body what to run
     * @return what came out
     */
    public <T extends @Nullable Object> T call(Supplier<T> body) {
        return FmRun.at(this, body);
    }

    /**
     * Notes an event at this place.
     *
     * @param event makes the event from where and when
     * @see FmRun#note
     */
    public void note(Function<EventOrigin, ? extends FmEvent> event) {
        run.noteAt(this, event);
    }

    /**
     * Whether somebody gives the run a {@linkplain RunOrder order}.
     *
     * @return whether its threads go on in one
     */
    public boolean isOrdered() {
        return run.isOrdered();
    }

    /**
     * Takes a turn at this place that is not that of a boundary, where somebody gives the run a {@linkplain RunOrder order}:
     * when this returns no other thread of the run goes on until this one gives the turn up, by {@link #endTurn} or at a
     * boundary. Does nothing where the run has no order.
     *
     * @param turn {@link RunTurn#BEGIN}, {@link RunTurn#JOIN} or {@link RunTurn#NEXT}
     * @throws IllegalArgumentException if it is the turn of a boundary
     */
    public void takeTurn(RunTurn turn) {
        run.takeTurn(this, turn);
    }

    /** Gives up the turn of this thread, if it has one: other threads of the run may go on. */
    public void endTurn() {
        run.endTurn(this);
    }

    /**
     * Whether this thread has its turn, or needs none because the run has no order.
     *
     * @return whether it may go on
     */
    public boolean hasTurn() {
        return run.hasTurn();
    }

    /** Says that work at this place goes on on another thread: who waits for a turn waits for that thread too. */
    public void leavesThread() {
        run.leavesThread();
    }

    /** Says which thread is inside of this, with the lock of the run between boundaries; {@code null} for none. */
    void keptBy(@Nullable Thread thread) {
        keeper = thread;
    }

    boolean isKeptBy(Thread thread) {
        return keeper == thread;
    }

    /** Whether this is a place of the other one, and of no place in that. */
    @SuppressWarnings("ReferenceEquality")
    boolean isRightBelow(RunScope other) {
        return run == other.run && path.parent() == other.path;
    }

    /** Says that a scope was closed here before what was opened in it: no thread is to come back to it. */
    void closedEarly(@Nullable RunScope before) {
        RunScope out = stillOpen(before);
        wayOut = new WayOut(out == this ? null : out); // a place that is crossed inside of itself leads nowhere
    }

    /** The innermost of a place and those around it that a thread can come back to. */
    static @Nullable RunScope stillOpen(@Nullable RunScope place) {
        RunScope at = place;
        while (at != null) {
            WayOut out = at.wayOut;
            if (at.run.hasEnded()) {
                at = at.run.around();
            } else if (out != null) {
                at = out.to();
            } else {
                return at;
            }
        }
        return null;
    }

    /** Whether this is the other one or a place in it. Paths of two places may be equal, but are two objects. */
    @SuppressWarnings("ReferenceEquality")
    boolean isIn(RunScope other) {
        for (RunPath at = run == other.run ? path : null; at != null; at = at.parent()) {
            if (at == other.path) {
                return true;
            }
        }
        return false;
    }

    /** A new place in this one, numbered among those of its kind and name. */
    RunScope child(BoundaryKind kind, String name, Watchers seen) {
        return child(kind, name, seen, null);
    }

    private RunScope child(BoundaryKind kind, String name, Watchers seen, @Nullable String purpose) {
        String word = kind == BoundaryKind.AGENT ? "" : kind.word();
        // Numbered by the segment as it will be, since two names may be one after they are cut.
        RunPath first = path.child(word, name, 1);
        int number = children.computeIfAbsent(first.segment(), k -> new AtomicInteger())
                .incrementAndGet();
        return new RunScope(run, number == 1 ? first : path.child(word, name, number), seen, purpose);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
