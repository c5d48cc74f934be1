package io.fmware.observability.recorder;

import io.fmware.RunOrder;
import io.fmware.RunTurn;
import io.fmware.event.RunPath;

/** Lets the threads of a run go on in any order, one at a time; which order that was is seen from the events. */
enum AnyOrder implements RunOrder {
    INSTANCE;

    @Override
    public boolean isNext(RunPath path, RunTurn turn) {
        return true;
    }

    @Override
    public void taken(RunPath path, RunTurn turn) {}
}
