package io.fmware;

import io.fmware.event.EventOrigin;
import io.fmware.event.Failure;
import io.fmware.event.FmEvent;
import io.fmware.event.RunPath;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One execution of an application: a request, a job, a test. Says for whom it runs, and gives everything that happens in it a
 * place: agents and steps nest, and every call of a model, a tool or a memory gets a {@linkplain RunPath path}.
 *
 * <pre>{@code
 * try (FmRun run = pipeline.run("claim").tenant("acme").user("u17").open()) {
 *     assistant.chat("My car was hit");
 * }
 * }</pre>
 *
 * <p>The run is that of the thread that opened it until it is closed. It follows calls through a pipeline to their threads by
 * itself, and goes to others with {@link #carrying(Executor)}; it is never inherited by a thread merely because another one
 * started it. A run that is never closed stays that of its thread. A call outside of any run opens one for itself where somebody watches.
 *
 * <p>Thread-safe. Closing it twice does no harm; what happens in it after its end is dropped, and said once in the log.
 *
 * <p>Long for its documentation, and because a run, its scopes and its builder are of no use without each other.
 */
public final class FmRun implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FmRun.class);
    private static final Duration LONG_OPEN = Duration.ofHours(1);
    private static final int MOST_ANSWERS = 100;
    private static final AtomicInteger OPEN_RUNS = new AtomicInteger();
    private static final ThreadLocal<@Nullable RunScope> HERE = new ThreadLocal<>();

    private final String id;
    private final String name;
    private final Map<String, String> attributes;
    private final Watchers watchers;
    /** Those that this run was given, and those that the runs around it were: they watch what is opened in here too. */
    private final Watchers given;

    private final TimeSource time;
    private final RunScope root;
    private final Boundary boundary;
    private final @Nullable RunScope outer;
    private final Thread opener;
    private final long begun;
    private final boolean implied;
    private final @Nullable RunLock lock;
    /** Whether somebody watches who must see all. */
    private final boolean complete;
    /** Whether that was still so when the run ended. */
    private volatile boolean completeToTheEnd;

    private final ReentrantLock emission = new ReentrantLock();
    private final AtomicLong open = new AtomicLong();
    private final AtomicLong late = new AtomicLong();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final LongAdder lost = new LongAdder();
    private final Queue<Note> answers = new ArrayDeque<>();
    private @Nullable Object[] tokens = {};
    private long sequence;
    private boolean telling;
    private volatile @Nullable Throwable failure;
    private volatile boolean ended;

    /**
     * Something to be told.
     *
     * @param told who is told
     * @param path where it happened
     * @param event makes the event
     */
    private record Note(Watchers told, RunPath path, Function<EventOrigin, ? extends FmEvent> event) {}

    private FmRun(Builder builder) {
        this.id = builder.id == null ? UUID.randomUUID().toString() : builder.id;
        this.name = builder.name;
        this.attributes = Collections.unmodifiableMap(new LinkedHashMap<>(builder.attributes));
        this.outer = here();
        this.given = Watchers.of(builder.watchers).and(outer == null ? Watchers.NONE : outer.run().given);
        this.watchers = Watchers.areTold()
                ? Watchers.NONE
                : builder.inherited.with(builder.watchers).and(given);
        this.time = builder.time;
        this.root = new RunScope(this, RunPath.root(name), watchers, null);
        this.boundary = new Boundary(BoundaryKind.RUN, name, root, null);
        this.opener = Thread.currentThread();
        this.begun = time.nanoTime();
        this.implied = builder.implied;
        List<RunOrder> orders = watchers.isEmpty() ? List.of() : watchers.orders(this);
        this.lock = orders.isEmpty() ? null : new RunLock(new RunOrders(this, orders), time);
        this.complete = watchers.mustSeeAll();
        this.completeToTheEnd = complete;
    }

    private FmRun begin() {
        if (outer != null && begun - outer.run().begun > LONG_OPEN.toNanos()) {
            log.warn(
                    "run {} is opened inside run {}, which has been open for more than {}; was that never closed? Use"
                            + " try-with-resources",
                    root.path(),
                    outer.run().root.path(),
                    LONG_OPEN);
        }
        OPEN_RUNS.incrementAndGet();
        if (complete) {
            Unseen.opened(this);
        }
        HERE.set(root);
        emit(watchers, root.path(), origin -> new FmEvent.RunStarted(origin, name, attributes));
        tokens = watchers.opened(boundary);
        return this;
    }

    /**
     * Starts a run that nobody watches but whom the builder is given. {@link FmPipeline#run} starts one that is watched as the
     * pipeline is.
     *
     * @param name the name of what is executed, the same for every execution of it, such as {@code claim}
     * @return a builder
     */
    public static Builder builder(String name) {
        return new Builder(name);
    }

    /**
     * The run of this thread.
     *
     * @return the run, or {@code null} outside of any
     */
    public static @Nullable FmRun current() {
        RunScope here = here();
        return here == null ? null : here.run();
    }

    /**
     * Where in its run this thread is.
     *
     * @return the path, or {@code null} outside of any run
     */
    public static @Nullable RunPath currentPath() {
        RunScope here = here();
        return here == null ? null : here.path();
    }

    /**
     * The place of this thread in its run, to be taken along by what moves work to other threads.
     *
     * @return the place, or {@code null} outside of any run
     */
    public static @Nullable RunScope currentScope() {
        return here();
    }

    /**
     * Whether a run is open on any thread: tells work that lost its run from work that never had one.
     *
     * @return whether there is one
     */
    public static boolean anyOpen() {
        return OPEN_RUNS.get() > 0;
    }

    /** The innermost scope of a run that has not ended. Most calls are outside of any run, and ask no thread-local. */
    static @Nullable RunScope here() {
        return OPEN_RUNS.get() == 0 ? null : leaveEnded();
    }

    private static @Nullable RunScope leaveEnded() {
        RunScope here = HERE.get();
        return here == null || !here.run().ended ? here : leaveTo(here);
    }

    private static @Nullable RunScope leaveTo(@Nullable RunScope scope) {
        RunScope open = RunScope.stillOpen(scope);
        if (open == null) {
            HERE.remove();
        } else {
            HERE.set(open);
        }
        return open;
    }

    static <T extends @Nullable Object> T at(RunScope scope, Supplier<T> body) {
        RunScope before = HERE.get();
        HERE.set(scope);
        try {
            return body.get();
        } finally {
            leaveTo(before);
        }
    }

    /** Makes a scope that of this thread. */
    static AutoCloseable enter(RunScope scope) {
        RunScope before = HERE.get();
        HERE.set(scope);
        return () -> leaveTo(before);
    }

    /**
     * Crosses a boundary of the application's own: a tool that it calls by itself, a search, a clock. Where nobody watches
     * the body is run and nothing else.
     *
     * @param <I> what goes in
     * @param <O> what comes out
     * @param kind the kind of boundary
     * @param name the name at the boundary, such as that of the tool
     * @param input what goes in
     * @param body what lies behind the boundary
     * @return what came out of the body, or what a {@link BoundaryInterceptor} gave instead
     * @throws IllegalArgumentException if only a pipeline or a run can cross that kind of boundary
     */
    @SuppressWarnings({"unchecked", "NullAway"}) // who replaces an output has to keep to the type, null where it may be
    public static <I extends @Nullable Object, O extends @Nullable Object> O cross(
            BoundaryKind kind, String name, I input, Function<? super I, ? extends O> body) {
        return (O) crossOwn(kind, name, input, in -> body.apply((I) in));
    }

    /**
     * Crosses a boundary of the application's own that nothing goes into: a random value, an identifier.
     *
     * @param <O> what comes out
     * @param kind the kind of boundary
     * @param name the name at the boundary
     * @param body what lies behind the boundary
     * @return what came out of the body, or what a {@link BoundaryInterceptor} gave instead
     * @throws IllegalArgumentException if only a pipeline or a run can cross that kind of boundary
     */
    @SuppressWarnings({"unchecked", "NullAway"}) // as above
    public static <O extends @Nullable Object> O cross(BoundaryKind kind, String name, Supplier<? extends O> body) {
        return (O) crossOwn(kind, name, null, nothing -> body.get());
    }

    private static @Nullable Object crossOwn(
            BoundaryKind kind, String name, @Nullable Object input, BoundaryInterceptor.Crossing body) {
        refuseOurs(kind, name);
        return cross(Watchers.NONE, kind, Objects.requireNonNull(name, "name"), input, body);
    }

    static void refuseOurs(BoundaryKind kind, String name) {
        if (Objects.requireNonNull(kind, "kind").isOurs()) {
            throw new IllegalArgumentException("boundary " + kind + " is crossed by a pipeline or a run alone; cross "
                    + BoundaryKind.TOOL + " or another one for " + name);
        }
    }

    static @Nullable Object cross(
            Watchers own, BoundaryKind kind, String name, @Nullable Object input, BoundaryInterceptor.Crossing body) {
        RunScope left = Unseen.isLooking() ? HERE.get() : null;
        RunScope here = here();
        if (Unseen.isLooking()) {
            Unseen.refuse(own, kind, name, left, here);
        }
        Watchers seen = here == null ? own : here.watchers().and(own);
        if (seen.isEmpty() || Watchers.areTold()) {
            return body.proceed(input);
        }
        if (here != null) {
            return here.run().cross(seen, here.child(kind, name, seen), kind, name, input, body);
        }
        try (FmRun run = new Builder(kind.word(), own).implied().open()) {
            try {
                RunScope place = run.root.child(kind, name, run.watchers); // of the run, which knows what they drop
                return run.cross(place.watchers(), place, kind, name, input, body);
            } catch (Throwable t) {
                run.failed(t);
                throw t;
            }
        }
    }

    /** Crosses a boundary at a place that was reserved for it, by those who watch the run. */
    @Nullable
    Object crossAt(
            RunScope place, BoundaryKind kind, String name, @Nullable Object input, BoundaryInterceptor.Crossing body) {
        if (ended) {
            dropLate(place.path());
            Unseen.refuseLate(this, kind, name);
            return body.proceed(input);
        }
        return Watchers.areTold() ? body.proceed(input) : cross(place.watchers(), place, kind, name, input, body);
    }

    private @Nullable Object cross(
            Watchers seen,
            RunScope place,
            BoundaryKind kind,
            String name,
            @Nullable Object input,
            BoundaryInterceptor.Crossing body) {
        OpenScope scope = new OpenScope(seen, place, kind, name, input, true);
        @Nullable Object output = null;
        Throwable error = null;
        try {
            output = seen.intercept(scope.boundary(), body);
            return output;
        } catch (Throwable t) {
            error = t;
            throw t;
        } finally {
            scope.close(output, error);
        }
    }

    /**
     * Opens the scope of an agent, for agents that langchain4j knows nothing of.
     *
     * @param agent its name
     * @return the scope, to be closed on this thread
     */
    public Scope agent(String agent) {
        return scope(BoundaryKind.AGENT, agent);
    }

    /**
     * Opens the scope of a step.
     *
     * @param step its name
     * @return the scope, to be closed on this thread
     */
    public Scope step(String step) {
        return scope(BoundaryKind.STEP, step);
    }

    private Scope scope(BoundaryKind kind, String called) {
        RunScope here = here();
        RunScope parent = here != null && here.run() == this ? here : root;
        RunScope place = parent.child(kind, called, parent.watchers());
        Watchers seen = Watchers.areTold() ? Watchers.NONE : place.watchers();
        return new Scope(new OpenScope(seen, place, kind, called, null, false));
    }

    /**
     * Says something of what the application does or thinks that cannot be seen from outside: a plan, a decision, a message,
     * feedback. It is noted in the run and at the place of this thread; outside of any run nothing happens.
     *
     * <p>Events of a run are made one after the other: what makes one holds up all others of the run, so it must not block nor
     * wait for another thread. Prepare before what takes time.
     *
     * @param event makes the event from where and when, such as {@code at -> new FmEvent.Thought(at, "no cover")}
     */
    public static void note(Function<EventOrigin, ? extends FmEvent> event) {
        RunScope here = here();
        if (here != null) {
            here.note(event);
        }
    }

    void noteAt(RunScope place, Function<EventOrigin, ? extends FmEvent> event) {
        emit(place.watchers(), place.path(), event);
    }

    /**
     * Whether it was closed: nothing is told of it any more.
     *
     * @return whether it was
     */
    public boolean hasEnded() {
        return ended;
    }

    boolean isOrdered() {
        return lock != null;
    }

    /**
     * The turns of a boundary, where the threads of this run go on in an order. Who makes an event goes on at once, since all
     * others of the run wait for that.
     */
    private @Nullable RunPassage passage(Watchers seen, BoundaryKind kind, RunScope place, @Nullable RunScope before) {
        return lock == null || seen.isEmpty() || emission.isHeldByCurrentThread()
                ? null
                : new RunPassage(lock, kind, place, before);
    }

    void takeTurn(RunScope place, RunTurn turn) {
        if (turn == RunTurn.OPEN || turn == RunTurn.CLOSE) {
            throw new IllegalArgumentException(
                    "turn " + turn + " is that of a boundary, which takes it by itself; cross " + place.path());
        }
        if (lock != null && !ended && !Watchers.areTold()) {
            lock.take(place, turn, turn == RunTurn.BEGIN ? RunLock.Loan.AT_ONCE : RunLock.Loan.NEVER);
            emit(place.watchers(), place.path(), origin -> new FmEvent.TurnTaken(origin, turn.word()));
            lock.stay(turn == RunTurn.JOIN ? place : null);
        }
    }

    void endTurn(RunScope place) {
        if (lock != null) {
            lock.release(place);
        }
    }

    boolean hasTurn() {
        return lock == null || ended || lock.isMine();
    }

    void leavesThread() {
        if (lock != null) {
            lock.leavesThread();
        }
    }

    /** Whether somebody watches who must see all, as far as the run has come. */
    boolean mustBeSeen() {
        return complete && (ended ? completeToTheEnd : watchers.mustSeeAll(this));
    }

    /** Whether somebody was given to this run, or to one around it. */
    boolean isGiven() {
        return complete || !given.isEmpty();
    }

    private void emit(Watchers told, RunPath path, Function<EventOrigin, ? extends FmEvent> event) {
        if (told.isEmpty()) {
            return;
        }
        emission.lock(); // numbers and events go in one order to those who watch
        try {
            if (ended) {
                dropLate(path);
            } else {
                tell(new Note(told, path, event));
            }
        } finally {
            emission.unlock();
        }
    }

    /** Under the lock. What is noted by who is told, or by who makes an event, comes after that, and not without end. */
    private void tell(Note note) {
        if (telling) {
            answers.add(note);
            return;
        }
        telling = true;
        try {
            make(note);
            int made = 0;
            for (Note next = answers.poll(); next != null; next = answers.poll()) {
                if (made++ < MOST_ANSWERS) {
                    make(next);
                } else {
                    lost(
                            next.event(),
                            new IllegalStateException("one event was answered by more than " + MOST_ANSWERS
                                    + "; note none for each event"));
                }
            }
        } finally {
            telling = false;
        }
    }

    private void make(Note note) {
        try {
            FmEvent made = note.event().apply(new EventOrigin(id, note.path(), sequence + 1, time.instant()));
            sequence++;
            note.told().event(made, this);
        } catch (Throwable t) { // of who makes the event: an application goes on without being watched
            lost(note.event(), t);
        }
    }

    /** Counts what a watcher, or who makes an event, failed to note. */
    void lost(Object watcher, Throwable t) {
        lost.increment();
        Watchers.warn(watcher, t);
    }

    private void dropLate(RunPath path) {
        if (late.getAndIncrement() == 0) {
            log.warn(
                    "something happened at {} after the run had ended; it is dropped, and this is logged once for a run."
                            + " Close the run after its work",
                    path);
        }
    }

    private static @Nullable RunScope leaving() {
        RunScope here = here();
        if (here != null) {
            here.leavesThread();
        }
        return here;
    }

    /**
     * A task that runs in the run and at the place of the thread that calls this.
     *
     * @param task the task
     * @return the task, in this run
     */
    public static Runnable carrying(Runnable task) {
        Objects.requireNonNull(task, "task");
        RunScope here = leaving();
        return here == null
                ? task
                : () -> at(here, () -> {
                    task.run();
                    return null;
                });
    }

    /**
     * A task that runs in the run and at the place of the thread that calls this.
     *
     * @param <T> what it gives
     * @param task the task
     * @return the task, in this run
     */
    public static <T extends @Nullable Object> Callable<T> carrying(Callable<T> task) {
        Objects.requireNonNull(task, "task");
        RunScope here = leaving();
        return here == null
                ? task
                : () -> {
                    RunScope before = HERE.get();
                    HERE.set(here);
                    try {
                        return task.call();
                    } finally {
                        leaveTo(before);
                    }
                };
    }

    /**
     * An executor whose tasks run in the run and at the place of the thread that hands them over.
     *
     * @param executor runs the tasks
     * @return the executor, for every run
     */
    public static Executor carrying(Executor executor) {
        Objects.requireNonNull(executor, "executor");
        return task -> executor.execute(carrying(task));
    }

    /**
     * An executor whose tasks run in the run and at the place of the thread that hands them over. Shutting it down shuts the
     * given one down.
     *
     * @param executor runs the tasks
     * @return the executor, for every run
     */
    public static ExecutorService carrying(ExecutorService executor) {
        return new CarryingExecutorService(Objects.requireNonNull(executor, "executor"));
    }

    /**
     * What identifies this run.
     *
     * @return the id, by default a random UUID
     */
    public String id() {
        return id;
    }

    /**
     * What is executed.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * The run in which this one was opened, on its thread.
     *
     * @return the run around this one, {@code null} where there was none
     */
    public @Nullable FmRun outer() {
        return outer == null ? null : outer.run();
    }

    /** The place at which this run was opened. */
    @Nullable
    RunScope around() {
        return outer;
    }

    /**
     * Whether nobody opened this run: what happens outside of any, where somebody watches, gets one for itself.
     *
     * @return whether it holds one boundary alone, and is named after its kind
     */
    public boolean isImplied() {
        return implied;
    }

    /**
     * What the application said of the run.
     *
     * @return tenant, user, conversation, feature and others by name, in the order in which they were given
     */
    public Map<String, String> attributes() {
        return attributes;
    }

    /**
     * An attribute of this run, or else of the innermost run around it that has it.
     *
     * @param key the name of the attribute, such as {@code tenant}
     * @return its value, {@code null} where no run around has it, or only a blank one
     */
    public @Nullable String findAttribute(String key) {
        for (FmRun run = this; run != null; run = run.outer()) {
            String value = run.attributes.get(key);
            if (value != null && !value.isBlank()) {
                return value;
            }
        }
        return null;
    }

    /**
     * How often those who watch failed to note something, and how often something happened too late to be noted.
     *
     * @return the count of what was dropped
     */
    public long dropped() {
        return lost.sum() + late.get();
    }

    /**
     * Says why the run fails, before it is closed.
     *
     * @param error why
     */
    public void failed(Throwable error) {
        failure = Objects.requireNonNull(error, "error");
    }

    /**
     * Ends the run. Scopes that are still open are counted, and said in the log: what happens in them from now on is dropped.
     * What a watcher throws when it is {@linkplain BoundaryInterceptor#ended told of the end} is thrown here, once the run is
     * closed.
     */
    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        long left = open.get();
        if (left > 0) {
            log.warn("run {} was closed with {} scopes still open; what happens in them is dropped", root.path(), left);
        }
        Throwable why = failure;
        try {
            watchers.closed(boundary, tokens, null, why);
            completeToTheEnd = mustBeSeen();
            emission.lock(); // so that nothing comes after the end
            try {
                ended = true;
                if (!watchers.isEmpty()) {
                    tell(new Note(
                            watchers,
                            root.path(),
                            origin -> new FmEvent.RunEnded(origin, left, why == null ? null : Failure.of(why))));
                }
            } finally {
                emission.unlock();
            }
        } finally {
            ended = true;
            OPEN_RUNS.decrementAndGet();
            Unseen.closed(this);
            if (lock != null) {
                lock.end();
            }
        }
        if (Thread.currentThread() == opener) {
            leaveEnded(); // back to the run around this one
        } else {
            log.warn(
                    "run {} was closed on thread {}, but opened on {}; close it where it was opened",
                    root.path(),
                    Thread.currentThread().getName(),
                    opener.getName());
        }
        watchers.ended(this);
    }

    /** Shows name and id; what the application said of the run is left out. */
    @Override
    public String toString() {
        return "FmRun[" + root.path() + " " + id + "]";
    }

    /** A boundary that is being crossed, or a scope that is open: this thread is in it until it is closed. */
    private final class OpenScope {
        private final Watchers seen;
        private final @Nullable RunScope before = HERE.get();
        private final RunScope scope;
        private final boolean crossing;
        private final @Nullable RunPassage passage;
        private final Boundary boundary;
        private final @Nullable Object[] tokens;
        private final Thread thread = Thread.currentThread();
        private final AtomicBoolean closed = new AtomicBoolean();

        /**
         * @param crossing whether a body is run in it, rather than that somebody closes it by hand
         */
        OpenScope(
                Watchers seen,
                RunScope place,
                BoundaryKind kind,
                String called,
                @Nullable Object input,
                boolean crossing) {
            this.seen = seen;
            this.scope = place;
            this.crossing = crossing;
            this.passage = passage(seen, kind, place, before);
            Boundary plain = new Boundary(kind, called, scope, input);
            open.incrementAndGet();
            HERE.set(scope);
            try {
                Function<EventOrigin, FmEvent> opening = BoundaryEvents.opened(plain);
                if (opening != null) {
                    emit(seen, scope.path(), opening);
                }
                this.tokens = seen.opened(plain);
                this.boundary = seen.watchChunks() && input instanceof FmCall call
                        ? plain.with(call.withSink(new WatchedSink(call.sink(), this::chunk)))
                        : plain;
            } catch (Throwable t) { // such as no memory: others of the run are not to wait for this
                open.decrementAndGet();
                leaveTo(before);
                if (passage != null) {
                    passage.closed();
                }
                throw t;
            }
            if (passage != null) {
                passage.opened();
            }
        }

        Boundary boundary() {
            return boundary;
        }

        private void chunk(StreamEvent piece) {
            seen.chunk(boundary, tokens, piece);
        }

        void close(@Nullable Object output, @Nullable Throwable error) {
            if (!closed.compareAndSet(false, true)) {
                return;
            }
            Throwable stalled = passage == null ? null : takeLastTurn(passage);
            Throwable why = error == null ? stalled : error;
            try {
                leave();
                seen.closed(boundary, tokens, output, why);
                Failure failure = why == null ? null : Failure.of(why);
                for (Function<EventOrigin, FmEvent> event : BoundaryEvents.closed(boundary, output, failure)) {
                    emit(seen, scope.path(), event);
                }
            } finally {
                open.decrementAndGet();
                if (passage != null) {
                    passage.closed();
                }
            }
            if (stalled != null) {
                throw Watchers.<RuntimeException>asIs(error == null ? stalled : Watchers.firstOf(stalled, error));
            }
        }

        /** What a thread gets whose turn did not come, or {@code null}: the boundary is closed all the same. */
        private @Nullable Throwable takeLastTurn(RunPassage of) {
            try {
                of.closing();
                return null;
            } catch (Throwable t) {
                return t;
            }
        }

        private void leave() {
            if (Thread.currentThread() != thread) {
                log.warn(
                        "scope {} was closed on thread {}, but opened on {}; close it where it was opened",
                        scope.path(),
                        Thread.currentThread().getName(),
                        thread.getName());
                return;
            }
            RunScope innermost = HERE.get();
            if (innermost != scope && !ended) { // a run that ends takes its thread out of all of its scopes
                log.warn(
                        "scope {} was closed while this thread was at {}; close scopes in the reverse order in which they"
                                + " were opened, with try-with-resources",
                        scope.path(),
                        innermost == null ? "no place of a run" : innermost);
                scope.closedEarly(before); // for whoever closes what is inside of it later
            }
            if (crossing || (innermost != null && innermost.isIn(scope))) {
                leaveTo(before);
            } // else this thread is elsewhere by now, in another run or in none
        }
    }

    /** The scope of an agent or a step. Closing it twice does no harm. */
    public static final class Scope implements AutoCloseable {
        private final OpenScope scope;
        private @Nullable Object output;
        private @Nullable Throwable error;

        private Scope(OpenScope scope) {
            this.scope = scope;
        }

        /**
         * Who in the run this is.
         *
         * @return the path
         */
        public RunPath path() {
            return scope.boundary().path();
        }

        /**
         * Says what came out, before the scope is closed.
         *
         * @param result the result of the agent or the step
         */
        public void output(Object result) {
            output = Objects.requireNonNull(result, "result");
        }

        /**
         * Says why it fails, before the scope is closed.
         *
         * @param why why
         */
        public void failed(Throwable why) {
            error = Objects.requireNonNull(why, "why");
        }

        @Override
        public void close() {
            scope.close(output, error);
        }
    }

    /** Starts a run. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private final Map<String, String> attributes = new LinkedHashMap<>();
        private final List<BoundaryInterceptor> watchers = new ArrayList<>();
        private Watchers inherited = Watchers.NONE;
        private @Nullable String id;
        private TimeSource time = TimeSource.system();
        private boolean implied;

        private Builder(String name) {
            if (Objects.requireNonNull(name, "name").isBlank()) {
                throw new IllegalArgumentException(
                        "the name of a run must not be blank; say what is executed, such as claim");
            }
            this.name = name;
        }

        Builder(String name, Watchers inherited) {
            this(name);
            this.inherited = inherited;
        }

        /**
         * For which customer of the application it runs. Caches and memories keep tenants apart by it.
         *
         * @param tenant the tenant
         * @return this
         */
        public Builder tenant(String tenant) {
            return attribute("tenant", tenant);
        }

        /**
         * For whom it runs.
         *
         * @param user the user
         * @return this
         */
        public Builder user(String user) {
            return attribute("user", user);
        }

        /**
         * In which conversation it runs.
         *
         * @param conversation the conversation
         * @return this
         */
        public Builder conversation(String conversation) {
            return attribute("conversation", conversation);
        }

        /**
         * Which feature of the application it is, to which cost and quality are put down.
         *
         * @param feature the feature
         * @return this
         */
        public Builder feature(String feature) {
            return attribute("feature", feature);
        }

        /**
         * How much its answers matter where there is not enough capacity for all; a call may {@linkplain CallOptions#priority say}
         * something else.
         *
         * @param priority the priority
         * @return this
         */
        public Builder priority(Priority priority) {
            return attribute(Priority.ATTRIBUTE, priority.name().toLowerCase(Locale.ROOT));
        }

        /**
         * Says something else of the run.
         *
         * @param key what, such as {@code region}
         * @param value the value
         * @return this
         */
        public Builder attribute(String key, String value) {
            if (Objects.requireNonNull(key, "key").isBlank()) {
                throw new IllegalArgumentException("the name of an attribute of run " + name + " must not be blank");
            }
            attributes.put(key, Objects.requireNonNull(value, key));
            return this;
        }

        /**
         * Gives the run an id of the application's own, such as that of the request. By default a random UUID.
         *
         * @param own the id
         * @return this
         */
        public Builder id(String own) {
            if (Objects.requireNonNull(own, "id").isBlank()) {
                throw new IllegalArgumentException(
                        "the id of run " + name + " must not be blank; leave it out for a random one");
            }
            this.id = own;
            return this;
        }

        /**
         * Lets somebody watch this run, besides those who watch the pipelines in it, and the runs that are opened inside of it,
         * on its threads, by whatever pipeline: each watches a run once, however it came to do so.
         *
         * @param watcher watches, or replaces
         * @return this
         */
        public Builder watch(BoundaryInterceptor watcher) {
            watchers.add(Objects.requireNonNull(watcher, "watcher"));
            return this;
        }

        private Builder implied() {
            this.implied = true;
            return this;
        }

        Builder time(TimeSource source) {
            this.time = source;
            return this;
        }

        /**
         * Opens the run on this thread.
         *
         * @return the run, to be closed on this thread
         */
        public FmRun open() {
            return new FmRun(this).begin();
        }
    }
}
