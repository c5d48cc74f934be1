package io.fmware.observability.replay;

/**
 * A moment at which a thread of a run went on.
 *
 * @param path where in the run
 * @param of what it was: the opening of a boundary, its close, or what an event of type {@code turn} says
 */
record Turn(String path, String of) {
    static final String OPEN = "open";
    static final String CLOSE = "close";

    /** Whether it is a turn of something inside of another one. */
    boolean isIn(String other) {
        return Paths.isIn(path, other);
    }

    @Override
    public String toString() {
        return of + " " + path;
    }
}
