package io.fmware;

/** The ways in which a user calls a wrapped model. A scenario that makes sense in all of them runs in all of them. */
enum Caller {
    /** The chain and the model run on the thread of the user. */
    CHAT,
    /** As {@link #CHAT}, but the model is asked on a thread of its own, so that it can be abandoned. */
    CHAT_WITH_A_DEADLINE,
    /** The user holds a future. */
    ASYNC,
    /** The model delivers on the thread on which it is asked. */
    STREAM,
    /** The model returns at once and delivers on a thread of its own. */
    STREAM_FROM_A_THREAD_OF_THE_MODEL;

    boolean isStream() {
        return this == STREAM || this == STREAM_FROM_A_THREAD_OF_THE_MODEL;
    }

    /** Whether the user can cancel without interrupting a thread. */
    boolean isCancellable() {
        return isStream() || this == ASYNC;
    }
}
