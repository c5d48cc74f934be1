package io.fmware.observability.command;

/** Says how much was read, where a person watches and it takes longer than two seconds. Not thread-safe. */
final class Progress {
    private static final long FIRST = 2_000_000_000L;
    private static final long NEXT = 500_000_000L;
    private static final int SOME = 1_024;

    private final Screen screen;
    private long count;
    private long due;
    private boolean shown;

    Progress(Screen screen) {
        this.screen = screen;
        this.due = screen.nanos() + FIRST;
    }

    /** Something was read. */
    void step() {
        if (++count % SOME == 0 && screen.isWatched() && screen.nanos() - due >= 0) {
            due = screen.nanos() + NEXT;
            shown = true;
            screen.progress(String.format(java.util.Locale.ROOT, "%,d records read", count));
        }
    }

    /** What was asked for comes now. */
    void end() {
        if (shown) {
            screen.progress(" ".repeat(40) + "\r");
            shown = false;
        }
        due = Long.MAX_VALUE;
    }
}
