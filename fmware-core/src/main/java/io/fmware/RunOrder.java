package io.fmware;

import io.fmware.event.RunPath;
import java.time.Duration;

/**
 * Decides in which order the threads of one run go on, or is only told the order. Where a run has one, the code of frameworks
 * between boundaries runs on one thread of the run at a time: a thread takes its <em>turn</em> at each boundary, and what it does
 * up to the next turn of another thread nobody else of the run does. While something outside is asked, such as a model or a tool,
 * others have their turns. So the order of turns says all about how the threads of a run interleaved: recorded once and enforced
 * again, a run does the same however its threads are scheduled.
 *
 * <p>Events are told in the order of the turns: those of a boundary right after its turn. Turns without an event of their own
 * ({@link RunTurn#BEGIN}, {@link RunTurn#JOIN}, {@link RunTurn#NEXT}) are told as a {@link io.fmware.event.FmEvent.TurnTaken}.
 *
 * <p>All methods are called under the lock of the run, by one thread at a time: they must not block, nor wait for another
 * thread. What they throw is logged once and dropped, except for {@link #stalled}.
 */
public interface RunOrder {

    /**
     * Whether it is the turn of a thread; asked again whenever a turn was taken or given up, and when another thread begins to wait.
     * Where several watchers give an order, all have to agree. Who only wants to be told the order always says yes.
     *
     * @param path where the thread is
     * @param turn what it wants to go on with
     * @return whether it may
     */
    boolean isNext(RunPath path, RunTurn turn);

    /**
     * Told that a thread has its turn.
     *
     * @param path where the thread is
     * @param turn what it goes on with
     */
    void taken(RunPath path, RunTurn turn);

    /**
     * Told that a thread still waits for its turn though no thread of the run has gone on for the {@linkplain #patience()
     * patience}, or at once where no other thread of the run is known that could. When this returns the thread goes on out
     * of order, which is told as {@link #taken} too; <b>what it throws the waiting thread gets</b>, which then has no turn.
     *
     * @param path where the thread waits
     * @param turn what it wants to go on with
     * @param waited for how long it waits
     */
    default void stalled(RunPath path, RunTurn turn, Duration waited) {}

    /**
     * Told that what a thread did before its next turn, and what others did meanwhile, is in no order: it had its turn, but was
     * blocked for 50 ms by something that is no boundary while others waited for theirs, and went on before anything had ended
     * below its place that it may have waited for; or it has died, or was at work for twenty times the {@linkplain #patience() patience}.
     * Who waits for the end of a stream that it began is in the order.
     *
     * @param path where the thread took its last turn
     */
    default void unordered(RunPath path) {}

    /**
     * How long a thread waits for its turn without anybody going on until it is told as {@link #stalled}. Asked once for
     * a run; of several orders the longest counts.
     *
     * @return a positive duration, by default 1 s
     */
    default Duration patience() {
        return Duration.ofSeconds(1);
    }
}
