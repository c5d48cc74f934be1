package io.fmware.observability.replay;

import io.fmware.RunOrder;
import io.fmware.RunTurn;
import io.fmware.event.RunPath;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Lets the threads of a run go on in the order that was recorded. Thread-safe. */
final class ReplayOrder implements RunOrder {
    private final RunReplay run;
    private final Session session;
    private final Schedule schedule;
    private final @Nullable Taped taped;

    ReplayOrder(RunReplay run) {
        this.run = run;
        this.session = run.session();
        this.schedule = run.schedule();
        this.taped = run.taped();
    }

    @Override
    public boolean isNext(RunPath path, RunTurn turn) {
        return session.isStopped() || run.isHandedOver() || schedule.isNext(turnOf(path, turn));
    }

    @Override
    public void taken(RunPath path, RunTurn turn) {
        schedule.taken(turnOf(path, turn));
    }

    private Turn turnOf(RunPath path, RunTurn turn) {
        return new Turn(session.settings().asking().path(path.toString()), turn.word());
    }

    @Override
    public Duration patience() {
        return session.settings().patience();
    }

    @Override
    public void stalled(RunPath path, RunTurn turn, Duration waited) {
        Turn expected = schedule.expected();
        Turn came = turnOf(path, turn);
        if (taped != null && !taped.exact()) {
            session.unordered(came.path()); // its order was written down, but not made by this lock
            schedule.skipTo(came);
            return;
        }
        Turn culprit = schedule.culprit(came); // others may only wait for it
        Divergence divergence = outOfOrder(expected, culprit, culprit.equals(came) ? Callers.line() : "");
        schedule.skipTo(came);
        session.note(divergence);
        if (session.settings().isStrict()) {
            session.rethrow();
        }
    }

    private Divergence outOfOrder(@Nullable Turn expected, Turn came, String code) {
        String hint = expected == null || taped == null
                ? ""
                : Hints.ofMissing(taped.steps().get(expected.path()));
        boolean isMissing = came.of().equals(Turn.CLOSE) && expected != null && expected.isIn(came.path());
        String path = isMissing && expected != null ? expected.path() : came.path();
        String what = isMissing
                ? "this was recorded, but " + came.path() + " ended without it: less was asked than then"
                : "the recording has " + (expected == null ? "nothing more" : expected) + " here, but " + came
                        + " came";
        return Divergence.of(isMissing ? Divergence.Kind.MISSING : Divergence.Kind.ORDER, path, what, hint, code);
    }

    @Override
    public void unordered(RunPath path) {
        session.unordered(session.settings().asking().path(path.toString()));
    }
}
