package io.fmware;

/** How a caller takes an answer. The chain is the same for all of them. */
public enum Mode {
    /** The caller waits for the whole answer. */
    BLOCKING,
    /** The caller is given pieces of the answer as they come. */
    STREAMING,
    /** The caller holds a future. */
    ASYNC
}
