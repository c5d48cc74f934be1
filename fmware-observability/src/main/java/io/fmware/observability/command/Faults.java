package io.fmware.observability.command;

import io.fmware.observability.recorder.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What of a recording cannot be read or is not there: counted, and the first ones told. Not thread-safe. */
final class Faults implements Consumer<Fault> {
    private static final int MOST = 10;

    private final List<Fault> first = new ArrayList<>();
    private long count;
    private boolean unreadable;

    @Override
    public void accept(Fault fault) {
        unreadable |= fault.kind() == Fault.Kind.DAMAGED || fault.kind() == Fault.Kind.NEWER;
        if (count++ < MOST) {
            first.add(fault);
        }
    }

    void tell(Screen screen) {
        if (count == 0) {
            return;
        }
        screen.say(
                unreadable
                        ? "flights: " + (count == 1 ? "a part" : count + " parts")
                                + " of the recording cannot be read or is not there; the rest is shown"
                        : "flights: events were lost or erased, as the recording says; all others are shown");
        for (Fault each : first) {
            screen.say("  " + Shown.cut(each.toString(), 2 * Shown.CONTENT));
        }
        if (count > MOST) {
            screen.say("  and " + (count - MOST) + " more");
        }
    }
}
