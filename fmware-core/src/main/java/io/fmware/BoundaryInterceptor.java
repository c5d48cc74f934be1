package io.fmware;

import io.fmware.event.FmEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Watches, or replaces, what is not deterministic in an application: calls of models, tools, retrieval, memory, agents. The
 * seam of recorders, tracers, replay and accounting. Added with {@link FmPipeline.Builder#watch} or to a single
 * {@linkplain FmRun.Builder#watch run}.
 *
 * <p>Who only watches overrides {@link #opened}, {@link #closed}, {@link #chunk} or {@link #event}: what these throw is logged
 * once and dropped, and the application goes on (they fail open), as it does with what {@link #order} and {@link #mustSeeAll}
 * throw. Who replaces overrides {@link #intercept}: what that throws reaches the application, as does what {@link #ended} throws.
 *
 * <p>What one does by itself while it is told something is not told: a boundary that it crosses there is its body and nothing
 * else. What it {@linkplain FmRun#note notes} there comes after what it is being told.
 *
 * <p>Thread-safe: one instance serves all runs. Nothing here may block for long, since the application waits.
 */
public interface BoundaryInterceptor {

    /** The rest of a crossing: the interceptors further in, then what really lies behind the boundary. */
    @FunctionalInterface
    interface Crossing {

        /**
         * Crosses the boundary.
         *
         * @param input what goes in, most often the input of the boundary as it is
         * @return what comes out
         */
        @Nullable
        Object proceed(@Nullable Object input);
    }

    /**
     * Stands around a boundary that something comes out of.
     *
     * @param boundary what is crossed
     * @param next crosses it
     * @return what is to come out, of the type that {@link BoundaryKind} names
     */
    default @Nullable Object intercept(Boundary boundary, Crossing next) {
        return next.proceed(boundary.input());
    }

    /**
     * Told when a boundary is about to be crossed or a scope was opened, on the thread that does so.
     *
     * @param boundary what is crossed or opened
     * @return a token of the implementation's own for {@link #closed} and {@link #chunk}, or {@code null} for none
     */
    default @Nullable Object opened(Boundary boundary) {
        return null;
    }

    /**
     * Told when a boundary was crossed or a scope closed: once for each {@link #opened}, on the same thread unless the
     * application closes a scope elsewhere.
     *
     * @param boundary what was crossed or opened
     * @param token what {@link #opened} returned
     * @param output what came out, {@code null} where nothing did
     * @param error why it failed, or {@code null}
     */
    default void closed(
            Boundary boundary, @Nullable Object token, @Nullable Object output, @Nullable Throwable error) {}

    /**
     * Told of each piece of a streamed answer, on the thread on which the model delivers it, one at a time.
     *
     * @param boundary the call or attempt that the piece belongs to
     * @param token what {@link #opened} returned
     * @param piece the piece
     */
    default void chunk(Boundary boundary, @Nullable Object token, StreamEvent piece) {}

    /**
     * Told of everything that happens, in the order of the sequence numbers for each thread.
     *
     * @param event what happened
     */
    default void event(FmEvent event) {}

    /**
     * Who decides in which order the threads of a run go on, or is told in which they do. Asked once for each run when it
     * opens, before anything is told of it. Has a price: the threads of the run wait for each other between boundaries.
     *
     * @param run the run
     * @return the order, {@code null} (the default) for none: threads go as they please
     */
    default @Nullable RunOrder order(FmRun run) {
        return null;
    }

    /**
     * Told when a run has ended and nothing of it follows, after all else: the place to say what was wrong with the run as a
     * whole. Unlike elsewhere, <b>what this throws reaches whoever closes the run</b>. All who watch the run are told; of several
     * exceptions the first is thrown, and the others are suppressed by it.
     *
     * @param run the run, which is closed
     */
    default void ended(FmRun run) {}

    /**
     * What has to travel with calls to other threads for this to work, such as the context of a trace.
     *
     * @return carriers, none by default
     */
    default List<ContextCarrier> carriers() {
        return List.of();
    }

    /**
     * Whether {@link #chunk} is to be called, which costs something for each piece of each stream. Asked once, when this is
     * added.
     *
     * @return false by default
     */
    default boolean watchesChunks() {
        return false;
    }

    /**
     * Whether all has to be seen by this as long as a run is open that it watches. Then a model, a tool or a search that is asked
     * elsewhere in the JVM is refused with an {@link IllegalStateException}: by a thread that has lost the run, or after its end. A
     * run that was {@linkplain FmRun.Builder#watch given} to somebody, and what happens in it, is nobody else's and is not refused.
     *
     * <p>For what answers in the place of models, which must never be asked by mistake. It costs something at each call, from the
     * first such run on; others do not pay for it.
     *
     * @return false by default
     */
    default boolean mustSeeAll() {
        return false;
    }

    /**
     * Whether what is not seen is refused because of a run now: asked of who {@linkplain #mustSeeAll() must see all} each time that
     * something is asked elsewhere, and for the last time when the run ends. For what answers in the place of models only up to
     * some point.
     *
     * @param run a run that this watches, which may have been opened on another thread
     * @return whether it is refused, by default what {@link #mustSeeAll()} says
     */
    default boolean mustSeeAll(FmRun run) {
        return mustSeeAll();
    }
}
