package io.fmware;

import io.fmware.event.FmEvent;
import io.fmware.event.RunPath;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The orders of all who give one for a run. What they throw is dropped and counted, except where it is meant to be thrown. */
final class RunOrders {
    private static final Duration DEFAULT = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(365);

    private final FmRun run;
    private final List<RunOrder> all;
    private final Duration patience;

    RunOrders(FmRun run, List<RunOrder> all) {
        this.run = run;
        this.all = List.copyOf(all);
        this.patience =
                all.stream().map(this::patienceOf).max(Duration::compareTo).orElse(Duration.ZERO);
    }

    private Duration patienceOf(RunOrder order) {
        try {
            Duration patience = order.patience();
            if (patience.isNegative() || patience.isZero()) {
                throw new IllegalArgumentException(
                        "the patience of an order is " + patience + "; it has to be positive");
            }
            return patience.compareTo(LONGEST) > 0 ? LONGEST : patience;
        } catch (Throwable t) {
            run.lost(order, t);
            return DEFAULT;
        }
    }

    Duration patience() {
        return patience;
    }

    boolean isNext(RunPath path, RunTurn turn) {
        boolean[] next = {true};
        tell(each -> next[0] &= each.isNext(path, turn));
        return next[0];
    }

    void taken(RunPath path, RunTurn turn) {
        tell(each -> each.taken(path, turn));
    }

    void unordered(RunPath path) {
        tell(each -> each.unordered(path));
    }

    /** A thread has gone on without the lock since it was somewhere: that is recorded too. */
    void lost(RunScope since) {
        run.noteAt(since, origin -> new FmEvent.TurnTaken(origin, FmEvent.TurnTaken.LOST));
    }

    /** All are told, and the first that throws decides. */
    void stalled(RunPath path, RunTurn turn, Duration waited) {
        @Nullable Throwable[] first = {null};
        tell(each -> {
            try {
                each.stalled(path, turn, waited);
            } catch (Throwable t) {
                first[0] = Watchers.firstOf(first[0], t);
            }
        });
        if (first[0] != null) {
            throw Watchers.<RuntimeException>asIs(first[0]);
        }
    }

    private void tell(Consumer<RunOrder> what) {
        Watchers.telling(() -> {
            for (RunOrder each : all) {
                try {
                    what.accept(each);
                } catch (Throwable t) {
                    run.lost(each, t);
                }
            }
        });
    }
}
