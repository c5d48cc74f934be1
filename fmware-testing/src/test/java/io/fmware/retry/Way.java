package io.fmware.retry;

/** The ways in which a user asks a wrapped model; a scenario that makes sense in each runs in each. */
public enum Way {
    CHAT,
    ASYNC,
    STREAM
}
