package io.fmware;

/** What a thread of a run goes on with, when it is its turn; see {@link RunOrder}. */
public enum RunTurn {
    /** A boundary is about to be crossed, or a scope opened. */
    OPEN("open"),
    /** A boundary was crossed, or a scope is closed. The only turn of boundaries that take no time: memories, clocks, ids. */
    CLOSE("close"),
    /** An agent that was called with others begins on its thread, before its arguments are read. */
    BEGIN("begin"),
    /** The agents that were called at once have ended, and the thread that called them goes on. */
    JOIN("join"),
    /** An agent that failed has a result all the same, and its planner says what is next. */
    NEXT("next");

    private final String word;

    RunTurn(String word) {
        this.word = word;
    }

    /**
     * The word for the turn in events; it never changes.
     *
     * @return the word, such as {@code open}
     */
    public String word() {
        return word;
    }
}
