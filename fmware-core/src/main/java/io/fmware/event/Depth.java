package io.fmware.event;

/** How deep a look an event gives, from the outside of a run to the bytes of an answer. In that order. */
public enum Depth {
    /** Beginnings and ends of runs, and what people say of them. */
    RUN,
    /** Agents, and what they say to each other. */
    AGENT,
    /** What an agent does on its way: steps, plans, decisions, tools, retrieval, memory. */
    STEP,
    /** Calls of a model and each attempt at them, and what is judged of their answers. */
    CALL,
    /** The pieces of an answer as they arrive. */
    BYTES
}
