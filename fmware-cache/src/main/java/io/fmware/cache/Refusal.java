package io.fmware.cache;

/** Why an answer is neither looked for in a cache nor put there. */
public enum Refusal {
    /** The call is for no tenant, though others are: it may be anybody's. */
    NO_TENANT,
    /** The temperature asks for a new answer each time. */
    TEMPERATURE,
    /** A tool is offered that is not known to change nothing. */
    TOOLS,
    /** The question is about now. */
    TIME_SENSITIVE,
    /** The question is about whoever asks, and it is not known who that is. */
    PERSONAL,
    /** Something was asked or answered in the conversation before, and only first questions are cached. */
    LATER_TURN,
    /** Features of the model are pinned: its answer is none to the request alone. */
    PINNED,
    /** The application's own predicate said no. */
    PREDICATE,
    /** It is not known what the run has used, or it is more than can be kept track of. */
    UNTRACEABLE
}
