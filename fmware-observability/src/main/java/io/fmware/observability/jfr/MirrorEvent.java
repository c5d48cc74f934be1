package io.fmware.observability.jfr;

import io.fmware.event.RunPath;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/**
 * What all events have in common. Without a stack unless a recording asks for it: that costs more than all the rest, and
 * begins with frames of ours. JFR writes the fields that are not transient, of superclasses those that are not private; their
 * names are those in the recording.
 */
@Category("FMware")
@StackTrace(false)
abstract class MirrorEvent extends Event {
    @Label("Run")
    @Description("The id of the run")
    @Nullable
    String run;

    @Label("Path")
    @Description("Who in the run, such as claim/fraud#1/tool:lookUp#2")
    @Nullable
    String path;

    final void at(String id, RunPath where, Names names) {
        run = names.id(id);
        path = names.clean(where.toString());
    }
}
