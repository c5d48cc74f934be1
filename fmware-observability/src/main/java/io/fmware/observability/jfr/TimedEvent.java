package io.fmware.observability.jfr;

import io.fmware.Boundary;
import jdk.jfr.Description;
import jdk.jfr.Label;
import org.jspecify.annotations.Nullable;

/** Something that takes time. JFR writes it when it is over, and says it of the thread on which that is. */
abstract class TimedEvent extends MirrorEvent {
    @Label("Error")
    @Description("The class of the exception it failed with")
    @Nullable
    String errorType;

    @Label("Opened On")
    @Description("The thread on which it began, where that is another one than the event's")
    @Nullable
    Thread openedOn;

    transient @Nullable Thread opener;

    final void ended(@Nullable Throwable error, Names names) {
        if (error != null) {
            errorType = names.clean(error.getClass().getName());
        }
        openedOn = opener == Thread.currentThread() ? null : opener;
    }

    /** Says what it was, and what came of it. */
    abstract void describe(Boundary boundary, @Nullable Object output, @Nullable Throwable error, Names names);
}
