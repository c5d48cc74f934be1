package io.fmware;

import java.util.Objects;

/**
 * A chain behind a boundary. Where nobody watches it costs a look at three fields.
 *
 * @param kind what kind of boundary it is
 * @param own those who watch every call of the pipeline
 * @param next the chain
 */
record Watched(BoundaryKind kind, Watchers own, Chain next) implements Chain {

    @Override
    public FmReply proceed(FmCall call) {
        return isIdle(own) ? next.proceed(call) : reply(own, kind, call, next);
    }

    /** Whether there is nobody to show a call to. */
    static boolean isIdle(Watchers own) {
        return own.isEmpty() && FmRun.here() == null && !Unseen.isLooking();
    }

    static FmReply reply(Watchers own, BoundaryKind kind, FmCall call, Chain next) {
        Object reply = FmRun.cross(
                own,
                kind,
                call.target().name(),
                call,
                input -> next.proceed((FmCall) Objects.requireNonNull(input, "a call to proceed with")));
        return (FmReply) Objects.requireNonNull(reply, "a reply of a boundary");
    }

    @Override
    public String toString() {
        return next.toString();
    }
}
